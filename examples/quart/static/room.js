const address = new URL(document.currentScript.dataset.socket, location.href);
const socket = new WebSocket(address.href.replace(/^http/, "ws"));
const form = document.querySelector("#say");

socket.onmessage = ({ data }) => {
  const { present, name, words } = JSON.parse(data);
  if (present) document.querySelector("#present").textContent = `${present}`;
  if (words) add(name, words);
};

function add(name, words) {
  const item = document.createElement("li");
  const who = document.createElement("b");
  who.textContent = name;
  item.append(who, ` ${words}`);
  document.querySelector("#messages").append(item);
}

form.onsubmit = (event) => {
  event.preventDefault();
  socket.send(JSON.stringify({ words: form.elements.words.value }));
  form.reset();
};
