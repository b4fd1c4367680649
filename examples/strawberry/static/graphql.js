/** Ask by HTTP; an error that the API reports is thrown. */
export async function ask(query, variables = {}) {
  const response = await fetch("graphql", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await response.json();
  if (errors) throw new Error(errors[0].message);
  return data;
}

/** Subscribe by a WebSocket (graphql-transport-ws). */
export function subscribe(query, next) {
  const socket = new WebSocket(new URL("graphql", location.href.replace("http", "ws")), "graphql-transport-ws");
  const send = (message) => socket.send(JSON.stringify(message));
  socket.onopen = () => send({ type: "connection_init" });
  socket.onmessage = (event) => {
    const { type, payload } = JSON.parse(event.data);
    if (type === "connection_ack") send({ type: "subscribe", id: "1", payload: { query } });
    if (type === "ping") send({ type: "pong" });
    if (type === "next") next(payload.data);
  };
}
