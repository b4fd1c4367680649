const pins = document.querySelector("#pins");

new WebSocket(pins.dataset.live).onmessage = (event) => {
  const { author, text } = JSON.parse(event.data);
  const item = document.createElement("li");
  const name = document.createElement("b");
  name.textContent = author;
  item.append(name, ` ${text}`);
  pins.prepend(item);
};
