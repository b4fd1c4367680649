// A click on "Fixed" patches the bug and shows what the API answers.
for (const row of document.querySelectorAll("tr[data-bug]")) {
  row.querySelector("button")?.addEventListener("click", async ({ target }) => {
    const answer = await fetch(`api/bugs/${row.dataset.bug}`, { method: "PATCH" });
    const bug = await answer.json();
    row.classList.toggle("fixed", bug.fixed === 1);
    target.remove();
  });
}
