const list = document.querySelector("#bookmarks");
const add = document.querySelector("#add");
const api = list.dataset.api;

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function item({ url, title, tags, picture, owner }) {
  const link = element("a", { href: url }, title);
  const words = tags.flatMap(({ name }) => [element("span", { className: "tag" }, name), " "]);
  const image = picture ? [element("img", { src: picture, alt: "" })] : [];
  return element("li", {}, ...image, link, ` by ${owner} `, ...words);
}

async function show() {
  const { items } = await (await fetch(api)).json();
  list.replaceChildren(...items.map(item));
}

add?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = new FormData(add);
  const tags = form.get("tags").split(",").map((tag) => tag.trim()).filter(Boolean);
  const headers = { "x-csrftoken": form.get("csrfmiddlewaretoken") };
  const response = await fetch(api, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify({ title: form.get("title"), url: form.get("url"), tags }),
  });
  const answer = await response.json();
  if (response.ok && form.get("picture").size) {
    const body = new FormData();
    body.set("picture", form.get("picture"));
    await fetch(`${api}/${answer.id}/picture`, { method: "POST", headers, body });
  }
  add.querySelector("output").textContent = response.ok ? "" : answer.detail[0].msg;
  if (response.ok) add.reset();
  await show();
});

await show();
