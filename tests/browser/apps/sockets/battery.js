// Use sockets in every way and tell everything that a page can see of each.
// The body of an async function; run under uvicorn with the browser's own WebSocket, and in a tab.

const told = {};
const { host } = location;

const attempt = (make) => {
  try {
    const socket = make();
    socket.onerror = () => {};
    socket.close();
    return socket.url.replace(host, "HOST");
  } catch (error) {
    return `${error.constructor.name} ${error.name}`;
  }
};

const urls = {
  absolute: "/ws",
  relative: "ws",
  query: "?a=b#".slice(0, 4),
  fragment: "#x",
  "ws with a fragment": `ws://${host}/ws#frag`,
  "ws with an empty fragment": `ws://${host}/ws#`,
  http: `http://${host}/ws`,
  https: `https://${host}/ws`,
  "no scheme": `//${host}/ws`,
  "no path": `ws://${host}`,
  "upper case": `WS://${host.toUpperCase()}/ws`,
  "not ASCII": `ws://${host}/ä?ä`,
  credentials: `ws://u:p@${host}/ws`,
  ftp: "ftp://x/",
  about: "about:blank",
  mailto: "mailto:a@b",
  blob: `blob:${location.origin}/x`,
  "bad port": "ws://x:99999/",
  "no host": "ws://",
  object: { toString: () => "/ws" },
  url: new URL("/ws", location.href),
};
for (const [name, url] of Object.entries(urls)) told[`url: ${name}`] = attempt(() => new WebSocket(url));
told["url: none"] = attempt(() => new WebSocket());
told["url: a symbol"] = attempt(() => new WebSocket(Symbol("x")));
told["not constructed"] = attempt(() => WebSocket("/ws"));
const protocols = ["", "a", "a b", "a,b", "a/b", "\u0080", "ä", "x\0", "()", "!#$%&'*+-.^_`|~", null, 5, {}, []];
protocols.push(["a", "a"], ["a", "A"], ["a", ""], ["a", 5], new Set(["a", "b"]));
for (const [i, protocol] of protocols.entries()) {
  told[`protocol: ${i}`] = attempt(() => new WebSocket("/ws", protocol));
}

const EVENTS = ["open", "message", "error", "close"];

const shown = (socket, event) => {
  const state = `${event.type} ${event.constructor.name} ${socket.readyState} ${event.cancelable}`;
  if (event.type === "open") return `${state} ${socket.protocol}`;
  if (event.type === "close") return `${state} ${event.code} ${event.reason} ${event.wasClean}`;
  if (event.type !== "message") return state;
  const { data, origin, lastEventId, source, ports } = event;
  const text = typeof data === "string" ? data : `${data.constructor.name} ${data.size ?? data.byteLength}`;
  return [state, origin.replace(host, "HOST"), lastEventId, source, ports.length, text].join(" ");
};

const run = (query, protocols, use) =>
  new Promise((done) => {
    const events = [];
    const note = (text) => events.push(text);
    const socket = protocols ? new WebSocket(`/ws?${query}`, protocols) : new WebSocket(`/ws?${query}`);
    for (const type of EVENTS) {
      socket.addEventListener(type, (event) => {
        note(shown(socket, event));
        if (type === "close") done(events);
      });
    }
    use?.(socket, note);
    setTimeout(() => done([...events, "timeout"]), 10000);
  });

const tried = (socket, note, call) => {
  try {
    call();
  } catch (error) {
    note(`${error.constructor.name} ${error.name}`);
    socket.close();
  }
};
const opened = (call) => (socket, note) => {
  socket.onopen = () => tried(socket, note, () => call(socket, note));
};

const runs = {};
runs["chosen"] = ["sub=b&mode=close", ["a", "b"]];
runs["chosen wrongly"] = ["sub=c&mode=close", ["a", "b"]];
runs["none chosen"] = ["mode=close", ["a", "b"]];
runs["returning"] = ["mode=return"];
runs["raising late"] = ["mode=raise-late"];
for (const code of [1000, 1001, 1003, 1007, 1008, 1011, 3000, 4999]) {
  runs[`closed by the app: ${code}`] = [`mode=close&code=${code}&reason=w%C3%A4y`];
}
const closes = {
  nothing: [],
  1000: [1000],
  3000: [3000, "why"],
  4999: [4999, "ä".repeat(61) + "x"],
  text: ["3000"],
  fraction: [3000.4],
  "too long": [1000, "x".repeat(124)],
  "too long in bytes": [1000, "ä".repeat(62)],
  surrogate: [1000, "\ud800"],
  "null reason": [1000, null],
  "undefined reason": [1000, undefined],
  "undefined code": [undefined],
  0: [0],
  1001: [1001],
  1005: [1005],
  2999: [2999],
  5000: [5000],
  "past a short": [65536 + 1000],
  "not a number": ["why"],
  null: [null],
};
for (const [name, args] of Object.entries(closes)) {
  runs[`close: ${name}`] = ["", undefined, opened((socket, note) => {
    socket.close(...args);
    note(`state ${socket.readyState}`);
    socket.close(4000, "again");
  })];
}
runs["close while connecting"] = ["mode=slow&seconds=0.3", undefined, (socket, note) => {
  socket.close();
  note(`state ${socket.readyState}`);
}];
runs["bad close while connecting"] = ["mode=slow&seconds=0.3", undefined, (socket, note) => {
  tried(socket, note, () => socket.close(1));
}];
runs["send while connecting"] = ["mode=slow&seconds=0.3", undefined, (socket, note) => {
  tried(socket, note, () => socket.send("x"));
}];
const buffer = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]).buffer;
const sends = {
  text: "hé€😀",
  empty: "",
  surrogate: "a\ud800b",
  buffer,
  "empty buffer": new ArrayBuffer(0),
  view: new Uint8Array(buffer).subarray(2, 5),
  shorts: new Uint16Array(buffer, 2, 2),
  data: new DataView(buffer, 1),
  blob: new Blob(["abc"]),
  "empty blob": new Blob([]),
  file: new File(["abc"], "x"),
  number: 5,
  null: null,
  undefined: undefined,
  object: {},
  form: new FormData(),
  symbol: Symbol("x"),
};
for (const [name, data] of Object.entries(sends)) {
  runs[`send: ${name}`] = [`name=send-${name}`, undefined, opened((socket, note) => {
    socket.send(data);
    note(`buffered ${socket.bufferedAmount}`);
    socket.onmessage = () => {
      note(`then ${socket.bufferedAmount}`);
      socket.close();
      socket.send("lost");
    };
    socket.onclose = () => tried(socket, note, () => socket.send("lost"));
  })];
}
runs["send: nothing"] = ["", undefined, opened((socket) => socket.send())];
runs["send: order"] = ["mode=quiet&name=order", undefined, opened((socket) => {
  socket.binaryType = "arraybuffer";
  socket.send(new Blob(["slow"]));
  socket.send("quick");
  socket.send(new Uint8Array(3));
  socket.close(3001, "after all of it");
})];
runs["binaryType"] = ["", undefined, opened((socket, note) => {
  note(socket.binaryType);
  socket.binaryType = "arraybuffer";
  socket.binaryType = "nonsense";
  note(socket.binaryType);
  socket.send(new Uint8Array(3));
  socket.onmessage = () => socket.close();
})];
runs["handlers"] = ["", undefined, (socket, note) => {
  socket.onopen = () => note("never");
  socket.onopen = null;
  socket.onclose = {};
  note(`${socket.onopen} ${typeof socket.onclose}`);
  socket.onclose = 5;
  note(`${socket.onclose}`);
  socket.onopen = () => note("first set");
  socket.addEventListener("open", () => note("a listener"));
  socket.onopen = function (event) {
    note(`kept its place ${this === socket} ${event.target === socket} ${event.eventPhase}`);
    socket.close();
  };
}];
runs["a class of the app's"] = ["mode=close", undefined];

class Mine extends WebSocket {
  get mine() {
    return `${this.url.includes("/ws")} ${this instanceof Mine} ${this instanceof WebSocket}`;
  }
}
const mine = new Mine("/ws");
told["subclass"] = `${mine.mine} ${mine.constructor.name} ${Object.prototype.toString.call(mine)}`;
mine.close();

for (const [name, [query, protocols, use]] of Object.entries(runs)) told[name] = await run(query, protocols, use);

const plain = (descriptor) =>
  JSON.stringify(descriptor, (key, value) =>
    key === "prototype" ? undefined : typeof value === "function" ? `${value.name} ${value.length}` : value,
  );
const described = (object) =>
  Object.getOwnPropertyNames(object)
    .filter((name) => name !== "prototype")
    .sort()
    .map((name) => [name, plain(Object.getOwnPropertyDescriptor(object, name))]);
told["the prototype"] = described(WebSocket.prototype);
told["the constructor"] = described(WebSocket);
told["the global"] = plain(Object.getOwnPropertyDescriptor(window, "WebSocket"));
told["inherits"] = [Object.getPrototypeOf(WebSocket).name, Object.getPrototypeOf(WebSocket.prototype) === EventTarget.prototype];
// By a script of the page's own: Firefox's driver runs this one in a world beside it.
const script = document.createElement("script");
script.textContent = "document.title = WebSocket.prototype.constructor === WebSocket";
document.body.append(script);
told["constructor of the prototype"] = document.title;
const fresh = new WebSocket("/ws");
told["a fresh one"] = [Object.getOwnPropertyNames(fresh), fresh.readyState, fresh.bufferedAmount, fresh.protocol, fresh.extensions, fresh.binaryType, fresh.onopen, fresh.OPEN];
fresh.readyState = 4;
told["read only"] = fresh.readyState;
fresh.close();
told["wrong this"] = attempt(() => WebSocket.prototype.send.call({}, "x"));

// The app has heard of a closing a little later than the page.
const heard = async (name) => {
  for (let i = 0; i < 50; i++) {
    const all = await (await fetch(`/told?name=${encodeURIComponent(name)}`)).json();
    if (all?.some((each) => "code" in each)) return all;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return "nothing";
};
for (const name of Object.keys(sends)) if (name !== "symbol") told[`heard: ${name}`] = await heard(`send-${name}`);
told["heard: order"] = await heard("order");
return told;
