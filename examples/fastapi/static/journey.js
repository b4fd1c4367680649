// Show each station as soon as its line is here.
const button = document.querySelector("#start");
const list = document.querySelector("#stations");

button.addEventListener("click", async () => {
  list.replaceChildren();
  const response = await fetch(button.dataset.api);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    for (const station of chunk.value.trim().split("\n")) {
      list.append(Object.assign(document.createElement("li"), { textContent: station }));
    }
  }
});
