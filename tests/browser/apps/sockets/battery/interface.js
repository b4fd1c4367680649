// The interface object, its prototype, instances, and what else a script can do to them.
// WPT: idlharness, interfaces/WebSocket/constants, bufferedAmount-*, readyState, getters' names.

const plain = (descriptor) =>
  JSON.stringify(descriptor, (key, value) =>
    key === "prototype" ? undefined : typeof value === "function" ? `${value.name} ${value.length}` : value,
  );
const described = (object) =>
  Reflect.ownKeys(object)
    .filter((name) => name !== "prototype")
    .map((name) => [String(name), plain(Object.getOwnPropertyDescriptor(object, name))]);
told["the prototype"] = described(WebSocket.prototype);
told["the constructor"] = described(WebSocket);
told["the global"] = plain(Object.getOwnPropertyDescriptor(globalThis, "WebSocket"));
told["inherits"] = [
  Object.getPrototypeOf(WebSocket) === EventTarget,
  Object.getPrototypeOf(WebSocket.prototype) === EventTarget.prototype,
  WebSocket.prototype.constructor === WebSocket,
];
told["native"] = [typeof WebSocket, /native code/.test(WebSocket), /native code/.test(WebSocket.prototype.send)];

const fresh = new WebSocket("/ws");
const names = [];
for (const name in fresh) names.push(name);
told["names"] = [names, Reflect.ownKeys(fresh), JSON.stringify(fresh), String(fresh)];
told["read only"] = ["readyState", "url", "protocol", "extensions", "bufferedAmount", "OPEN"].map((name) => {
  "use strict";
  return tried(() => (fresh[name] = 9)) + fresh[name];
}).map(hidden);
told["deleted"] = [delete fresh.bufferedAmount, fresh.bufferedAmount, tried(() => delete WebSocket.OPEN), WebSocket.OPEN];
Object.defineProperty(fresh, "bufferedAmount", { get: () => "the page's", configurable: true });
told["hidden by the page"] = [fresh.bufferedAmount, delete fresh.bufferedAmount, fresh.bufferedAmount];
told["cloned"] = [
  tried(() => structuredClone(fresh)),
  tried(() => new MessageChannel().port1.postMessage(fresh)),
  tried(() => new MessageChannel().port1.postMessage(null, [fresh])),
];
told["called on one"] = tried(() => WebSocket.call(fresh, "/ws"));

const others = {
  "the prototype": WebSocket.prototype,
  "a plain object": {},
  "a child": Object.create(fresh),
  "another target": new EventTarget(),
  "a number": 5,
  null: null,
  undefined: undefined,
};
for (const [name, { get, set, value }] of Object.entries(Object.getOwnPropertyDescriptors(WebSocket.prototype))) {
  if (name === "constructor" || typeof value === "number") continue;
  for (const [who, self] of Object.entries(others)) {
    const calls = [get, set, value].map((call) => call && tried(() => String(call.call(self, 1000))));
    told[`${name} of ${who}`] = calls;
  }
  const own = get ?? value;
  told[`the function ${name}`] = ["prototype" in own, tried(() => new own())];
}
fresh.close();

if (inDocument) {
  const frame = document.createElement("iframe");
  frame.src = "/other";
  document.body.append(frame);
  await new Promise((resolve) => (frame.onload = resolve));
  const other = frame.contentWindow;
  const Other = other.WebSocket;
  told["a frame's error"] = tried(() => {
    try {
      return new Other("ftp:x");
    } catch (error) {
      return [error instanceof other.DOMException, error instanceof DOMException, error.name];
    }
  });
  const socket = new Other("ws");
  told["a frame's"] = [hidden(socket.url), socket instanceof WebSocket, socket instanceof Other, Other === WebSocket];
  const event = await new Promise((resolve) => socket.addEventListener("open", resolve));
  told["a frame's event"] = [event instanceof other.Event, event instanceof Event];
  const heard = [];
  for (const type of EVENTS) socket.addEventListener(type, () => heard.push(type));
  frame.remove();
  for (let i = 0; i < 40 && socket.readyState !== 3; i++) await after(50);
  told["of a frame that is removed"] = [
    ...heard,
    socket.readyState,
    tried(() => socket.send("x")),
    tried(() => socket.close()),
  ];
  told["made by a frame that is removed"] = tried(() => hidden(new Other(`ws://${host}/ws`).url));
}
