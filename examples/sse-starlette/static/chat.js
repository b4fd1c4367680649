const words = document.querySelector("#words");
const say = document.querySelector("#say");
const count = document.querySelector("#count");
const output = document.querySelector("output");

new EventSource(words.dataset.events).addEventListener("word", (event) => {
  const { name, text } = JSON.parse(event.data);
  const item = document.createElement("li");
  item.textContent = `${name}: ${text}`;
  words.append(item);
});

say?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const body = new FormData(say);
  say.reset();
  await fetch(say.action, { method: "POST", body });
});

count.addEventListener("click", () => {
  const source = new EventSource(count.dataset.events);
  source.onmessage = (event) => (output.textContent += `${event.data} `);
  source.addEventListener("end", (event) => {
    output.textContent += event.data;
    source.close();
  });
});
