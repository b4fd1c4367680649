// The form asks the API for the sum; the page itself stays.
const form = document.querySelector("#sum");
const result = document.querySelector("#result");
const place = document.querySelector("#where");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const query = new URLSearchParams(new FormData(form));
  const response = await fetch(`${form.dataset.api}?${query}`);
  const answer = await response.json();
  result.textContent = response.ok ? String(answer.sum) : "these are no numbers";
});

fetch(place.dataset.api)
  .then((response) => response.json())
  .then(({ python, system }) => {
    place.textContent = `Python ${python} on ${system}`;
  });
