const tasks = document.querySelector("#tasks");
const add = document.querySelector("#add");

async function show() {
  const { results } = await (await fetch(`${tasks.dataset.api}?ordering=-id`)).json();
  tasks.replaceChildren(
    ...results.map(({ title, owner, done }) => {
      const item = document.createElement("li");
      item.textContent = `${title} (${owner})`;
      item.className = done ? "done" : "";
      return item;
    }),
  );
}

add?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { csrfmiddlewaretoken, ...task } = Object.fromEntries(new FormData(add));
  const response = await fetch(tasks.dataset.api, {
    method: "POST",
    headers: { "content-type": "application/json", "x-csrftoken": csrfmiddlewaretoken },
    body: JSON.stringify(task),
  });
  const answer = await response.json();
  add.querySelector("output").textContent = response.ok ? "" : Object.values(answer).join(" ");
  await show();
});

await show();
