// Shows the votes of others as they come in.
const socket = new WebSocket(new URL("results/live", location.href.replace(/^http/, "ws")));

socket.onmessage = ({ data }) => {
  for (const [answer, votes] of Object.entries(JSON.parse(data))) {
    document.querySelector(`[data-answer="${answer}"]`).textContent = String(votes);
  }
  document.body.dataset.live = "";
};
