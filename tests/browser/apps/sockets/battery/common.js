// Use sockets in every way and tell everything that a page can see of each.
//
// The files of this folder are joined to the body of one async function, `common` first and `end`
// last. It runs in a page and in a worker, under uvicorn with the browser's own WebSocket and in a
// tab with ours; what it returns is compared.

const told = {};
const { host } = location;
const inDocument = typeof document !== "undefined";
const where = `${inDocument ? "page" : "worker"}-${Math.random()}`; // one app hears many batteries
const hidden = (text) => String(text).replaceAll(host, "HOST");
const after = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const failure = (error) =>
  error instanceof DOMException ? `${error.name} ${error.code}` : `${error?.constructor?.name}`;
const tried = (call) => {
  try {
    return call();
  } catch (error) {
    return failure(error);
  }
};

/** Make a socket that is not used: its URL, or what the constructor throws. */
const attempt = (make) =>
  tried(() => {
    const socket = make();
    socket.onerror = () => {};
    socket.close();
    return hidden(socket.url);
  });

/** A value whose conversion to a string is seen, and may throw. */
const loud = (name, value, log) => ({
  toString() {
    log.push(name);
    if (value instanceof Error) throw value;
    return value;
  },
});

const EVENTS = ["open", "message", "error", "close"];

const shown = (socket, event) => {
  const state = `${event.type} ${event.constructor.name} ${socket.readyState} ${event.cancelable}`;
  if (event.type === "open") return `${state} ${socket.protocol}`;
  if (event.type === "close") return `${state} ${event.code} ${event.reason} ${event.wasClean}`;
  if (event.type !== "message") return state;
  const { data, origin, lastEventId, source, ports } = event;
  const text =
    typeof data === "string"
      ? `${data.slice(0, 50)} ${data.length}`
      : `${data.constructor.name} ${data.size ?? data.byteLength}`;
  return [state, hidden(origin), lastEventId, source, ports.length, text].join(" ");
};

/** What can be looked at, by name; each is `[query, protocols, use]`. */
const runs = {};

const run = (query, protocols, use) =>
  new Promise((done) => {
    const events = [];
    const note = (...texts) => events.push(texts.join(" "));
    const socket = protocols ? new WebSocket(`/ws?${query}`, protocols) : new WebSocket(`/ws?${query}`);
    for (const type of EVENTS) {
      socket.addEventListener(type, (event) => {
        note(shown(socket, event));
        if (type === "close") setTimeout(() => done(events), 20);
      });
    }
    use?.(socket, note);
    setTimeout(() => done([...events, "timeout"]), 15000);
  });

/** Use an open socket; one that is used wrongly is closed, so that the run ends. */
const opened = (call) => (socket, note) => {
  socket.addEventListener("open", () => {
    try {
      call(socket, note);
    } catch (error) {
      note(failure(error));
      socket.close();
    }
  });
};
