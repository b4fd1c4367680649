// Tells of books that were added elsewhere.
const news = document.querySelector("#news");

new EventSource("news").onmessage = ({ data }) => {
  news.textContent = `New: ${JSON.parse(data).title}`;
};
