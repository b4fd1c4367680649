// What a page sees of its requests, one observation after the other; see test_port.py.
// Defines `OBSERVATIONS` and what they are written with.

const at = (path, given = {}) => `${path}?${new URLSearchParams(given)}`;
const answer = (given) => at("/answer", { ...given, headers: JSON.stringify(given.headers ?? []) });
const after = (ms) => new Promise((done) => setTimeout(done, ms));
const told = (error) => (error instanceof Error || error instanceof DOMException
  ? [error.constructor.name, error.name, error.message] : ["value", `${error}`]);
const attempt = async (act) => {
  try { return await act(); } catch (error) { return { threw: told(error) }; }
};
const clean = (value) => JSON.parse(JSON.stringify(value ?? null)
  .replaceAll(location.host, "HOST").replace(/\\"port\\":\d+/g, '\\"port\\":0'));

// Everything of a response but its body.
const head = async (response) => ({
  tag: `${response} ${response.headers} ${response.constructor.name}`,
  is: [response instanceof Response, response.headers instanceof Headers, response.headers === response.headers],
  type: response.type, url: response.url, redirected: response.redirected,
  status: response.status, ok: response.ok, statusText: response.statusText,
  headers: [...response.headers].filter(([name]) => name !== "date"),
  cookie: [response.headers.get("set-cookie"), response.headers.getSetCookie()],
  own: [Reflect.ownKeys(response), Reflect.ownKeys(response.headers)],
  body: `${response.body}`, used: response.bodyUsed,
  append: await attempt(() => response.headers.append("x-a", "b")),
  set: await attempt(() => response.headers.set("x-a", "b")),
  delete: await attempt(() => response.headers.delete("x-a")),
  wrong: await attempt(() => response.headers.set("x a", "b")),
  count: await attempt(() => response.headers.set("x")),
});
const whole = async (response) => ({ ...(await head(response)), text: await attempt(() => response.text()), after: response.bodyUsed });
const see = (input, init) => attempt(async () => whole(await fetch(input, init)));
const json = (input, init) => attempt(async () => {
  const told = await (await fetch(input, init)).json();
  // The same for all of a document, whichever way they take.
  if (told?.port) told.port = told.port === (first ??= told.port);
  return told;
});
let first;

const blob = new Blob(["some ", "bytes"], { type: "text/x-item" });
const form = (...parts) => { const data = new FormData(); for (const part of parts) data.append(...part); return data; };
const boundary = ({ headers, ...rest }) => JSON.parse(JSON.stringify({ ...rest, headers: headers.filter(([name]) => name !== "content-length") })
  .replace(/-{4,}[\w-]{10,}/g, "BOUNDARY"));
const read = async (response, mode) => {
  const reader = response.body.getReader(mode), chunks = [];
  for (;;) {
    const { done, value } = await reader.read(...(mode ? [new Uint8Array(4)] : []));
    if (done) return [chunks.join(""), value === undefined ? "undefined" : value.constructor.name];
    chunks.push(new TextDecoder().decode(value));
  }
};
const aborted = async (act, reason) => {
  const control = new AbortController();
  const given = () => (reason === undefined ? control.abort() : control.abort(reason));
  return attempt(() => act(control.signal, given));
};
const fate = async (name) => {
  for (let i = 0; i < 300; i++) {
    const seen = await json(at("/fate", { name }));
    if (seen === "disconnected") return seen;
    await after(50);
  }
  return "waiting";
};

const OBSERVATIONS = {
  // What the app sees
  get: () => json("/echo?a=b%20c&d=ä#part"),
  "path of its own": () => json("/echo/../echo?x"),
  "url object": () => json(new URL("/echo", location.href)),
  "request object": () => json(new Request("/echo", { headers: { "x-own": "1" } })),
  "request and options": () => json(new Request("/echo", { headers: { "x-own": "1" } }), { method: "DELETE" }),
  post: () => json("/echo", { method: "post", body: "wörds" }),
  "post nothing": () => json("/echo", { method: "POST" }),
  "post empty": () => json("/echo", { method: "POST", body: "" }),
  "put empty": () => json("/echo", { method: "PATCH", body: "" }),
  "lone surrogate": () => json("/echo", { method: "POST", body: "a\ud800b" }),
  lower: () => json("/echo", { method: "patch" }),
  link: () => json("/echo", { method: "LINK", body: "x" }),
  options: () => json("/echo", { method: "OPTIONS" }),
  params: () => json("/echo", { method: "POST", body: new URLSearchParams({ a: "b c", d: "ä" }) }),
  buffer: () => json("/echo", { method: "POST", body: new Uint8Array([1, 2, 255]).buffer }),
  view: () => json("/echo", { method: "POST", body: new Uint8Array([1, 2, 3, 4]).subarray(1, 3) }),
  "data view": () => json("/echo", { method: "POST", body: new DataView(new Uint8Array([65, 66]).buffer) }),
  blob: () => json("/echo", { method: "POST", body: blob }),
  "blob, untyped": () => json("/echo", { method: "POST", body: new Blob(["x"]) }),
  "blob, empty": () => json("/echo", { method: "POST", body: new Blob([]) }),
  form: async () => boundary(await json("/echo", { method: "POST", body: form(["a", "b"], ["c", blob, "d.txt"]) })),
  "form of texts": async () => boundary(await json("/echo", { method: "POST", body: form(["a", "b"], ["ä", "c\nd"]) })),
  "own type": () => json("/echo", { method: "POST", body: "{}", headers: { "content-type": "application/json" } }),
  "object as body": () => json("/echo", { method: "POST", body: { toString: () => "object" } }),
  "number as body": () => json("/echo", { method: "POST", body: 12 }),
  stream: () => attempt(() => json("/echo", { method: "POST", duplex: "half", body: blob.stream() })),
  headers: () => json("/echo", { headers: { "X-Own": "a, b", accept: "text/x", "Accept-Language": "xx", Cookie: "no", "User-Agent": "own", "sec-x": "1" } }),
  "headers, pairs": () => json("/echo", { headers: [["x-a", "1"], ["X-A", " 2 "], ["x-b", ""]] }),
  "headers, object": () => json("/echo", { headers: new Headers({ "x-a": "\xe4" }) }),
  "headers, numbers": () => json("/echo", { headers: { "x-a": 1, "x-b": null, "x-c": undefined, "x-d": true } }),
  authorization: () => json("/echo", { headers: { Authorization: "Bearer x" } }),
  range: () => json("/echo", { headers: { Range: "bytes=0-" } }),
  ...Object.fromEntries(["no-store", "reload", "no-cache", "force-cache", "default"].map((cache) =>
    [`cache ${cache}`, () => json("/echo", { cache })])),
  "only cached": () => see("/echo", { cache: "only-if-cached", mode: "same-origin" }),
  "conditional": () => json("/echo", { headers: { "if-none-match": '"a"' } }),
  ...Object.fromEntries(["same-origin", "cors", "no-cors"].map((mode) => [`mode ${mode}`, () => json("/echo", { mode })])),
  ...Object.fromEntries(["no-referrer", "origin", "same-origin", "unsafe-url", "strict-origin"].map((referrerPolicy) =>
    [`policy ${referrerPolicy}`, () => json("/echo", { referrerPolicy, method: "POST" })])),
  referrer: () => json("/echo", { referrer: "/elsewhere" }),
  "no referrer": () => json("/echo", { referrer: "" }),
  "pushed address": async () => {
    history.pushState(null, "", "/pushed?x#y");
    try { return await json("/echo"); } finally { history.back(); await after(200); }
  },
  omit: () => json("/echo", { credentials: "omit" }),
  include: () => json("/echo", { credentials: "include" }),
  keepalive: () => json("/echo", { keepalive: true, method: "POST", body: "x" }),
  priority: () => json("/echo", { priority: "high" }),
  unknown: () => json("/echo", { unknown: {} }),
  "method of a class": () => json("/echo", new (class { method = "PUT"; })()),

  // What the page sees
  seen: () => see("/answer?text=words"),
  "with a fragment": () => see("/answer?text=words#part"),
  "many headers": () => see(answer({ headers: [["x-a", "1"], ["x-a", "2"], ["set-cookie", "c=d"], ["set-cookie2", "e=f"],
    ["content-type", "text/plain; charset=latin-1"], ["etag", '"x"'], ["x-\u0062in", "\xe4"], ["refresh", "5; url=/there"], ["vary", "a"], ["vary", "b"]] })),
  stream_: () => see(answer({ stream: 1, text: "a stream of words" })),
  gzip: () => see(answer({ gzip: 1, headers: [["content-encoding", "gzip"]], text: "packed" })),
  "gzip, streamed": () => see(answer({ gzip: 1, stream: 1, headers: [["content-encoding", "gzip"]], text: "packed" })),
  "gzip, wrong": () => see(answer({ headers: [["content-encoding", "gzip"]], text: "not packed at all, and long" })),
  "unknown coding": () => see(answer({ headers: [["content-encoding", "own"]] })),
  empty: () => see(answer({ text: "" })),
  head: () => see("/answer", { method: "HEAD" }),
  ...Object.fromEntries([201, 204, 205, 299, 304, 400, 404, 418, 500, 599].map((status) =>
    [`status ${status}`, () => see(answer({ status, text: status === 204 || status === 304 ? "" : "words" }))])),
  ...Object.fromEntries([300, 302, 304].map((status) => [`no location ${status}`, () => see(answer({ status, text: "" }))])),
  ...Object.fromEntries([301, 302, 303, 307, 308].flatMap((status) => ["GET", "POST", "HEAD", "PUT"].map((method) =>
    [`redirect ${status} ${method}`, () => see(answer({ status, headers: [["location", "/echo?to"]] }),
      { method, headers: { "x-own": "1" }, ...(/P/.test(method) && { body: "carried" }) })]))),
  "redirect to a fragment": () => see(answer({ status: 302, headers: [["location", "/answer?text=x#there"]] })),
  "redirect twice": () => see(answer({ status: 302, headers: [["location", answer({ status: 303, headers: [["location", "/answer"]] })]] })),
  "redirect of a fragment": () => see(`${answer({ status: 302, headers: [["location", "/answer?text=x"]] })}#mine`),
  "redirect refused": () => see(answer({ status: 302, headers: [["location", "/answer"]] }), { redirect: "error" }),
  "redirect by hand": () => see(answer({ status: 302, headers: [["location", "/answer"]] }), { redirect: "manual" }),
  "redirect to nowhere": () => see(answer({ status: 302, headers: [["location", "http://[x"]] })),
  "redirect off the site": () => see(answer({ status: 302, headers: [["location", "http://localhost:1/x"]] })),
  "redirect to nothing": () => see(answer({ status: 302, text: "", headers: [["location", ""]] })),
  "redirect to two": () => see(answer({ status: 302, headers: [["location", "/answer"], ["location", "/echo"]] })),
  "redirect to a script": () => see(answer({ status: 302, headers: [["location", "javascript:1"]] })),
  "broken before": () => see("/broken"),
  "broken before, POST": () => see("/broken", { method: "POST", body: "x" }),
  "broken after": () => attempt(async () => {
    const response = await fetch("/broken?start");
    const reader = response.body.getReader();
    return [new TextDecoder().decode((await reader.read()).value), await attempt(() => reader.read()), await attempt(() => reader.closed)];
  }),
  "broken, as text": () => see("/broken?start"),
  "opaque": () => see("/answer", { mode: "no-cors" }),
  "off the site": () => see("http://localhost:1/answer"),
  "not a url": () => see("http://[x"),
  "wrong method": () => see("/answer", { method: "TRACE" }),
  "wrong name": () => see("/answer", { method: "a b" }),
  "body with get": () => see("/answer", { body: "x" }),
  "wrong header": () => see("/answer", { headers: { "a b": "c" } }),
  "wrong mode": () => see("/answer", { mode: "odd" }),
  "no argument": () => attempt(() => fetch()),
  "symbol": () => attempt(() => fetch(Symbol("x"))),
  "null": () => json("/echo", null),
  "number as options": () => attempt(() => fetch("/echo", 1)),
  "wrong receiver": () => attempt(() => fetch.call({}, "/echo")),
  "no receiver": () => json.call(null, "/echo"),
  "through window": async () => (await window.fetch("/answer")).text(),
  integrity: () => see("/answer", { integrity: "sha256-AAAA" }),

  // Bodies
  ...Object.fromEntries(["text", "json", "arrayBuffer", "blob", "formData", "bytes"].map((how) => [`as ${how}`, () => attempt(async () => {
    const value = await (await fetch(answer({ text: '{"a":1}', headers: [["content-type", "application/json"]] })))[how]();
    return [value.constructor.name, value.byteLength, value.size, value.type, value.a];
  })])),
  "as a form": () => attempt(async () => [...await (await fetch(answer({ text: "a=b&c=d", headers: [["content-type", "application/x-www-form-urlencoded"]] }))).formData()]),
  "as a blob without a type": () => attempt(async () => (await (await fetch("/answer")).blob()).type),
  "not json": () => attempt(async () => (await fetch("/answer")).json()),
  ...Object.fromEntries([["whole", "/answer"], ["streamed", answer({ stream: 1, text: "some more words" })], ["empty", answer({ text: "" })]].flatMap(([name, url]) => [
    [`read ${name}`, () => attempt(async () => read(await fetch(url)))],
    [`read ${name} by byob`, () => attempt(async () => read(await fetch(url), { mode: "byob" }))],
    [`clone ${name}`, () => attempt(async () => {
      const response = await fetch(url), copy = response.clone();
      return [await whole(copy), await whole(response), await attempt(() => response.clone())];
    })],
    [`twice ${name}`, () => attempt(async () => {
      const response = await fetch(url);
      await response.text();
      return attempt(() => response.text());
    })],
    [`locked ${name}`, () => attempt(async () => {
      const response = await fetch(url), reader = response.body.getReader();
      return [response.body.locked, response.bodyUsed, await attempt(() => response.text()), await attempt(() => response.clone()), await attempt(() => reader.cancel("x")), response.bodyUsed];
    })],
    [`iterate ${name}`, () => attempt(async () => {
      const parts = [];
      for await (const part of (await fetch(url)).body) parts.push(new TextDecoder().decode(part));
      return parts.join("");
    })],
    [`tee ${name}`, () => attempt(async () => {
      const [one, other] = (await fetch(url)).body.tee();
      return [await new Response(one).text(), await new Response(other).text()];
    })],
    [`piped ${name}`, () => attempt(async () => new Response((await fetch(url)).body.pipeThrough(new TextDecoderStream()).pipeThrough(new TextEncoderStream())).text())],
    [`made anew ${name}`, () => attempt(async () => { const response = await fetch(url); return whole(new Response(response.body, response)); })],
  ])),
  "large": () => attempt(async () => {
    const bytes = new Uint8Array(await (await fetch("/big?size=3000000")).arrayBuffer());
    return [bytes.length, bytes.every((byte, index) => byte === index % 251)];
  }),
  "large, upload": () => attempt(async () => (await json("/echo", { method: "POST", body: "x".repeat(700_000) })).body.length),

  // Aborts
  ...Object.fromEntries([["", undefined], [" with a reason", "why"], [" with zero", 0], [" with an error", new RangeError("mine")]].flatMap(([name, reason]) => [
    [`aborted first${name}`, () => aborted((signal, abort) => { abort(); return fetch("/answer", { signal }); }, reason)],
    [`aborted at once${name}`, () => aborted((signal, abort) => { const given = fetch("/answer", { signal }); abort(); return given; }, reason)],
    [`aborted while waiting${name}`, () => aborted(async (signal, abort) => {
      const name = crypto.randomUUID(), given = fetch(at("/slow", { name }), { signal });
      given.catch(() => {});
      await after(150);
      abort();
      return [await attempt(() => given), await fate(name)];
    }, reason)],
    [`aborted in the body${name}`, () => aborted(async (signal, abort) => {
      const name = crypto.randomUUID(), response = await fetch(at("/slow", { name, stream: 1 }), { signal });
      const reader = response.body.getReader();
      await reader.read();
      abort();
      return [await attempt(() => reader.read()), await attempt(() => reader.closed), response.bodyUsed, await fate(name)];
    }, reason)],
    [`aborted while text${name}`, () => aborted(async (signal, abort) => {
      const response = await fetch(at("/slow", { name: "text", stream: 1 }), { signal }), text = response.text();
      text.catch(() => {});
      await after(100);
      abort();
      return attempt(() => text);
    }, reason)],
    [`aborted when whole${name}`, () => aborted(async (signal, abort) => {
      const response = await fetch("/answer", { signal });
      await after(100);
      abort();
      return [await attempt(() => response.text()), response.bodyUsed];
    }, reason)],
    [`aborted after${name}`, () => aborted(async (signal, abort) => {
      const response = await fetch("/answer", { signal }), text = await response.text();
      abort();
      return [text, response.bodyUsed];
    }, reason)],
  ])),
  "timeout": () => attempt(() => fetch("/slow?name=timeout", { signal: AbortSignal.timeout(100) })),
  "any": () => attempt(() => fetch("/slow?name=any", { signal: AbortSignal.any([AbortSignal.timeout(100)]) })),
  "request's signal": () => aborted(async (signal, abort) => {
    const given = fetch(new Request("/slow?name=request", { signal }));
    given.catch(() => {});
    await after(100);
    abort();
    return attempt(() => given);
  }),
  "cancelled": () => attempt(async () => {
    const name = crypto.randomUUID();
    const response = await fetch(at("/slow", { name, stream: 1 }));
    await response.body.cancel("enough");
    return [response.bodyUsed, await fate(name)];
  }),
  "not a signal": () => attempt(() => fetch("/answer", { signal: {} })),

  // Cookies
  "cookie seen with the answer": async () => {
    const response = await fetch(answer({ headers: [["set-cookie", "seen=1; path=/"]] }));
    const seen = document.cookie;
    const sent = (await json("/echo")).headers.filter(([name]) => name === "cookie");
    await fetch(answer({ headers: [["set-cookie", "seen=; path=/; max-age=0"]] }));
    return [response.headers.get("set-cookie"), seen, sent, document.cookie];
  },
  "cookie written before": async () => {
    const seen = [];
    for (let i = 0; i < 20; i++) {
      document.cookie = `written=${i}; path=/`;
      seen.push((await json("/echo")).headers.filter(([name]) => name === "cookie").join());
    }
    document.cookie = "written=; path=/; max-age=0";
    return seen;
  },
  "cookie not with omit": async () => {
    document.cookie = "omitted=1; path=/";
    const seen = (await json("/echo", { credentials: "omit" })).headers.filter(([name]) => name === "cookie");
    document.cookie = "omitted=; path=/; max-age=0";
    return seen;
  },

  // What goes into a cache, and comes out
  "in a cache": async () => {
    const cache = await caches.open("own");
    const seen = [];
    for (const url of ["/answer?text=kept", answer({ status: 404 }), answer({ headers: [["x-a", "b"]] })]) {
      await cache.put(url, await fetch(url));
      seen.push(await whole(await cache.match(url)));
    }
    await caches.delete("own");
    return seen;
  },

  // What it looks like
  looks: () => [fetch.name, fetch.length, typeof fetch, Object.keys(window).includes("fetch"), "prototype" in fetch,
    ...["clone", "url", "type", "redirected", "headers"].map((name) => Object.keys(Object.getOwnPropertyDescriptor(Response.prototype, name)).join()),
    ...["append", "set", "delete"].map((name) => [Headers.prototype[name].name, Headers.prototype[name].length].join()),
    /\[native code\]/.test(Response.prototype.clone), Reflect.ownKeys(Response.prototype).map(String), Reflect.ownKeys(Headers.prototype).map(String)],
  "own response": async () => [new Response("x").type, new Response("x").url, new Headers([["a", "b"]]).get("a"), Response.error().type,
    (() => { const headers = new Headers(); headers.set("a", "b"); headers.append("a", "c"); headers.delete("d"); return [...headers]; })(),
    await attempt(() => Response.error().headers.set("a", "b")),
    await attempt(() => Object.getOwnPropertyDescriptor(Response.prototype, "url").get.call({}))],

  // Last: a document that looks at what was timed has no port any more
  timed: async () => {
    performance.getEntriesByType("resource");
    performance.clearResourceTimings(); // no more than 250 are kept
    await fetch("/answer?timed");
    await after(500);
    return performance.getEntriesByName(new URL("/answer?timed", location)).map(({ initiatorType }) => initiatorType);
  },
};

