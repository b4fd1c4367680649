/**
 * Page script: `WebSocket` as the page sees it.
 *
 * Runs in the app's documents and workers. Sockets to the site's own origin are ours, all others are
 * the browser's: constructor, prototype and instances of both are the same to the page. Arguments
 * that are wrong are given to the browser's own constructor, which says so in its own words.
 * Source: the WebSockets Standard, "The WebSocket interface".
 */

/** RFC 9110, 5.6.2: what a subprotocol is made of. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const MAX_REASON = 123;

const NativeWebSocket = globalThis.WebSocket;

const baseUrl = () => {
  if (typeof document === "undefined") return location.href;
  return quirks.ignoresBase ? document.URL : document.baseURI;
};

/** Whether this is what is left of a document that has gone, whose sockets the engine refuses. */
const isDetached = () => typeof document !== "undefined" && !document.defaultView;

/** @type {WeakMap<object, Socket>} */
const sockets = new WeakMap();

/* ---- the constructor ------------------------------------------------------------------------ */

/** @param {string[]} protocols */
const areProtocols = (protocols) =>
  new Set(protocols).size === protocols.length && protocols.every((each) => TOKEN.test(each));

/**
 * @param {string} text
 * @returns {URL | undefined} of the scheme ws or wss, or undefined when there is no such URL
 */
const toSocketUrl = (text) => {
  if (!URL.canParse(text, baseUrl()) || (quirks.ignoresBase && text === "")) return undefined;
  const url = new URL(text, baseUrl());
  if (url.protocol === "http:" || url.protocol === "https:") {
    url.protocol = url.protocol.replace("http", "ws");
  }
  const good = (url.protocol === "ws:" || url.protocol === "wss:") && !url.href.includes("#");
  return good ? url : undefined;
};

/** @param {URL} url */
const isOurs = (url) => {
  const root = new URL(place.root);
  const sameOrigin = url.host === root.host && url.protocol === root.protocol.replace("http", "ws");
  return sameOrigin && !url.pathname.startsWith(`${root.pathname}_tabcorn/`);
};

/**
 * @param {Function} native
 * @param {unknown[]} args
 * @param {Function} newTarget
 */
const construct = (native, args, newTarget) => {
  if (args.length === 0 || isDetached()) return Reflect.construct(native, args, newTarget);
  const text = toUSVString(args[0]);
  const protocols = toProtocols(args[1]);
  const url = toSocketUrl(text);
  if (!url || !areProtocols(protocols)) {
    Reflect.construct(native, [text, protocols], newTarget).close(); // throws
    throw new DOMException(`'${url ? protocols : text}' is not valid.`, "SyntaxError");
  }
  if (!isOurs(url)) return Reflect.construct(native, [text, protocols], newTarget);
  // What a policy forbids, the browser's own attempt reports: it reaches nobody, and may throw.
  const allowed = mayConnect(url);
  if (!allowed) Reflect.construct(native, [url.href]);
  const hasPrototype = Object(newTarget.prototype) === newTarget.prototype;
  const target = Reflect.construct(EventTarget, [], hasPrototype ? newTarget : native);
  const socket = new Socket(target, url, protocols);
  sockets.set(target, socket);
  if (allowed) socket.connect();
  else setTimeout(() => socket.fail("It is blocked by the document's Content-Security-Policy."));
  return target;
};

const OwnWebSocket = new Proxy(NativeWebSocket, { construct });

/* ---- its methods ---------------------------------------------------------------------------- */

/**
 * @param {Socket} socket
 * @param {unknown[]} args
 */
const closeSocket = (socket, args) => {
  const code = args[0] === undefined ? undefined : toClampedShort(args[0]);
  const reason = args[1] === undefined ? "" : toUSVString(args[1]);
  if (code !== undefined && code !== 1000 && !(code >= 3000 && code <= 4999)) {
    const message = `The close code must be either 1000, or between 3000 and 4999. ${code} is neither.`;
    throw new DOMException(message, "InvalidAccessError");
  }
  if (utf8Length(reason) > MAX_REASON) {
    const message = `The close reason must not be greater than ${MAX_REASON} UTF-8 bytes.`;
    throw new DOMException(message, "SyntaxError");
  }
  if (code === undefined && reason !== "" && quirks.reasonNeedsCode) {
    throw new DOMException("A close reason needs a close code.", "InvalidAccessError");
  }
  // No frame carries a reason without a code: engines drop it.
  socket.close(code ?? NO_CODE, code === undefined ? "" : reason);
};

/**
 * @param {Socket} socket
 * @param {unknown[]} args
 */
const sendOn = (socket, args) => {
  if (args.length === 0) throw new TypeError("1 argument required, but only 0 present.");
  const data = toMessage(args[0]);
  if (socket.state === CONNECTING) {
    throw new DOMException("Still in CONNECTING state.", "InvalidStateError");
  }
  socket.send(data);
};

/* ---- what the page sees ------------------------------------------------------------------------ */

/** @type {Record<string, (socket: Socket) => unknown>} */
const getters = {
  url: ({ url }) => url.href,
  readyState: ({ state }) => state,
  bufferedAmount: ({ bufferedAmount }) => bufferedAmount,
  extensions: () => "",
  protocol: ({ protocol }) => protocol,
  binaryType: ({ binaryType }) => binaryType,
};

/** @type {Record<string, (socket: Socket, value: unknown) => void>} */
const setters = {
  binaryType: (socket, value) => {
    const type = `${value}`;
    if (type === "blob" || type === "arraybuffer") socket.binaryType = type;
  },
};

for (const type of ["open", "error", "close", "message"]) {
  getters[`on${type}`] = ({ target }) => getHandler(target, type);
  setters[`on${type}`] = ({ target }, value) => setHandler(target, type, value);
}

/** @type {Record<string, (socket: Socket, args: unknown[]) => void>} */
const methods = { close: closeSocket, send: sendOn };

/**
 * The browser's function, but for our sockets: name, length and text stay its own.
 *
 * @param {any} native
 * @param {((socket: Socket, args: any[]) => unknown) | undefined} own
 */
const standIn = (native, own) => {
  if (!native || !own) return native;
  return new Proxy(native, {
    apply: (target, self, args) => {
      const socket = sockets.get(self);
      return socket ? own(socket, args) : Reflect.apply(target, self, args);
    },
  });
};

for (const [name, descriptor] of Object.entries(
  Object.getOwnPropertyDescriptors(NativeWebSocket.prototype),
)) {
  if (name === "constructor") continue; // below; and every table has one
  const getter = getters[name];
  const setter = setters[name];
  const method = methods[name];
  if (getter) {
    Object.defineProperty(NativeWebSocket.prototype, name, {
      ...descriptor,
      get: standIn(descriptor.get, getter),
      set: standIn(descriptor.set, setter && ((socket, [value]) => setter(socket, value))),
    });
  } else if (method) {
    const value = standIn(descriptor.value, method);
    Object.defineProperty(NativeWebSocket.prototype, name, { ...descriptor, value });
  }
}

for (const [owner, name] of /** @type {[object, string][]} */ ([
  [NativeWebSocket.prototype, "constructor"],
  [globalThis, "WebSocket"],
])) {
  const descriptor = Object.getOwnPropertyDescriptor(owner, name);
  Object.defineProperty(owner, name, { ...descriptor, value: OwnWebSocket });
}
