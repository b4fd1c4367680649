import { ask, subscribe } from "./graphql.js";

const FILMS = "{ films { title director { name } reviews { stars } } }";
const REVIEW = "mutation ($review: ReviewInput!) { review(review: $review) { stars } }";
const SIGN_IN = "mutation ($name: String!) { signIn(name: $name) }";
const NEWS = "subscription { reviewed { author stars text film { title } } }";

const item = (text) => Object.assign(document.createElement("li"), { textContent: text });
const error = document.querySelector("#error");

async function show() {
  const { films } = await ask(FILMS);
  const lines = films.map(({ title, director, reviews }) => {
    const stars = reviews.map((review) => "★".repeat(review.stars)).join(" ");
    return item(`${title} by ${director.name} ${stars}`);
  });
  document.querySelector("#films").replaceChildren(...lines);
}

function onSubmit(selector, action) {
  const form = document.querySelector(selector);
  form?.addEventListener("submit", async (event) => {
    event.preventDefault();
    error.textContent = "";
    await action(Object.fromEntries(new FormData(form))).catch((problem) => {
      error.textContent = problem.message;
    });
  });
}

onSubmit("#sign-in", async (variables) => {
  await ask(SIGN_IN, variables);
  location.reload();
});
onSubmit("#review", ({ film, stars, text }) => ask(REVIEW, { review: { film, stars: Number(stars), text } }));

subscribe(NEWS, async ({ reviewed: { author, stars, text, film } }) => {
  document.querySelector("#news").append(item(`${author} gives ${film.title} ${stars}: ${text}`));
  await show();
});
await show();
