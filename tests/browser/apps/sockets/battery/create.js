// The constructor: URLs, protocols and the order of conversions.
// WPT: Create-*, constructor/*, constructor.any.js, interfaces/WebSocket/url, protocol, extensions,
// security/*, basic-auth, multi-globals.

const urls = {
  absolute: "/ws",
  relative: "ws",
  query: "?a=b",
  empty: "",
  question: "?",
  dots: "./a/../ws",
  "no scheme": `//${host}/ws`,
  "no path": `ws://${host}`,
  http: `http://${host}/ws`,
  https: `https://${host}/ws`,
  "upper case": `WS://${host.toUpperCase()}/ws`,
  "upper case http": `HTTP://${host}/ws`,
  "white space around": " \n/ws\t ",
  "line break inside": "/w\ns",
  "tab in the scheme": `w\ts://${host}/ws`,
  space: "/ws?mode= x y/ z",
  backslashes: `ws:\\\\${host}\\ws`,
  "not ASCII": `ws://${host}/ä?ä`,
  quotes: "/ws?x='\"<>`{}|^",
  percents: "/ws/%41%zz%2f%00",
  nul: "/ws/\0",
  surrogates: "/ws/\ud800?\udc00",
  credentials: `ws://u:p%20w@${host}/ws`,
  user: `ws://u@${host}/ws`,
  fragment: "#x",
  "path with a fragment": "/ws#x",
  "query with a fragment": "?x#y",
  "ws with a fragment": `ws://${host}/ws#frag`,
  "ws with an empty fragment": `ws://${host}/ws#`,
  "http with a fragment": `http://${host}/ws#a`,
  ftp: `ftp://${host}/`,
  file: "file:///x",
  about: "about:blank",
  mailto: "mailto:a@b",
  script: "javascript:1",
  data: "data:,x",
  blob: `blob:${location.origin}/x`,
  "space in the host": "ws://foo bar.com/",
  "bad host": "ws://[x]/",
  "bad port": "ws://x:99999/",
  "no host": "ws://",
  "no host at all": "ws:",
  "no slashes": "ws:/",
  object: { toString: () => "/ws" },
  url: new URL("/ws", location.href),
  array: ["/ws"],
  location,
  null: null,
  undefined: undefined,
  number: 5,
  "plain object": {},
  true: true,
  big: 1n,
  symbol: Symbol("x"),
};
for (const [name, url] of Object.entries(urls)) told[`url: ${name}`] = attempt(() => new WebSocket(url));
told["url: none"] = attempt(() => new WebSocket());
told["not constructed"] = attempt(() => WebSocket("/ws"));
told["more arguments"] = attempt(() => new WebSocket("/ws", [], 5, 6));

const protocols = {
  undefined: undefined,
  empty: "",
  one: "a",
  all: "!#$%&'*+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz|~",
  "with a space": "a b",
  "with a comma": "a,b",
  "not ASCII": "ä",
  null: null,
  number: 1.5,
  true: true,
  big: 1n,
  symbol: Symbol("a"),
  object: {},
  expression: /a/,
  function: function f() {},
  url: new URL("http://x/"),
  "array-like": { length: 1, 0: "a" },
  "no array": [],
  "twice the same": ["a", "b", "a"],
  "twice in another case": ["a", "b", "A"],
  "one of them empty": ["a", ""],
  "one of them a number": ["a", 5],
  "one of them undefined": [undefined],
  "one of them null": [null, "b"],
  "one of them a symbol": [Symbol("a")],
  holes: [, "a"],
  nested: [["a"]],
  set: new Set(["a", "b"]),
  map: new Map([["a", 1]]),
  bytes: new Uint8Array([1, 2]),
  generator: (function* () {
    yield "a";
    yield "b";
  })(),
  "a String": new String("ab"),
  "a String of the same": new String("aa"),
  "no function to iterate": { [Symbol.iterator]: 5 },
  "no iterator": { [Symbol.iterator]: () => 5 },
  "throws when iterated": {
    [Symbol.iterator]() {
      throw new RangeError("x");
    },
  },
};
for (const [name, value] of Object.entries(protocols)) {
  told[`protocol: ${name}`] = attempt(() => new WebSocket("/ws", value));
}
const separators = Array.from({ length: 300 }, (_, code) => String.fromCharCode(code)).filter(
  (each) => !protocols.all.includes(each),
);
told["protocol: each separator"] = [
  ...new Set(separators.map((each) => attempt(() => new WebSocket("/ws", `a${each}b`)))),
];

let returned = "was not told";
const ends = { next: () => ({ done: false, value: Symbol("x") }), return: () => (returned = "was told") };
told["protocol: a wrong value ends"] = attempt(() => new WebSocket("/ws", { [Symbol.iterator]: () => ends }));
told["the iterator"] = returned;

const orders = {
  "both are wrong": (log) => new WebSocket(loud("url", "#x", log), [loud("one", "a", log), loud("two", "b b", log)]),
  "a protocol throws": (log) => new WebSocket(loud("url", "ftp:x", log), loud("protocol", new RangeError("x"), log)),
  "the url throws": (log) => new WebSocket(loud("url", new RangeError("x"), log), loud("protocol", "a", log)),
};
for (const [name, make] of Object.entries(orders)) {
  const log = [];
  told[`order: ${name}`] = [attempt(() => make(log)), ...log];
}

runs["chosen"] = ["sub=b&mode=close", ["a", "b"]];
runs["chosen wrongly"] = ["sub=c&mode=close", ["a", "b"]];
runs["chosen in another case"] = ["sub=A&mode=close", ["a", "b"]];
runs["chosen and not offered"] = ["sub=a&mode=close"];
runs["none chosen"] = ["mode=close", ["a", "b"]];

class Mine extends WebSocket {
  get mine() {
    return `${this.url.includes("/ws")} ${this instanceof Mine} ${this instanceof WebSocket}`;
  }
}
const mine = new Mine("/ws");
told["a subclass"] = `${mine.mine} ${mine.constructor.name} ${Object.prototype.toString.call(mine)}`;
mine.close();
told["constructed as another class"] = tried(() => {
  const socket = Reflect.construct(WebSocket, ["/ws"], Object);
  return `${socket instanceof WebSocket} ${Object.getPrototypeOf(socket) === Object.prototype}`;
});
told["constructed as what is no class"] = tried(() => Reflect.construct(WebSocket, ["/ws"], () => 1));

if (inDocument) {
  const base = document.createElement("base");
  base.href = "/deep/er/";
  document.head.append(base);
  told["url: with a base element"] = attempt(() => new WebSocket("x?y"));
  base.remove();
}
