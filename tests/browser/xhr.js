// What a page sees of its XMLHttpRequests, one observation after the other; see test_port.py.
// Uses what requests.js defines.

const EVENTS = ["readystatechange", "loadstart", "progress", "abort", "error", "load", "timeout", "loadend"];

const look = (xhr) => {
  const told = [xhr.readyState, xhr.status, xhr.statusText, xhr.responseURL, xhr.responseType];
  try { told.push(typeof xhr.response === "string" ? xhr.response : `${xhr.response}`); } catch (error) { told.push(error.name); }
  try { told.push(xhr.responseText); } catch (error) { told.push(told_(error)); }
  const headers = xhr.getAllResponseHeaders().split("\r\n").filter((line) => !/^date:/.test(line)).join("|");
  return [...told, headers, xhr.getResponseHeader("content-type"), xhr.getResponseHeader("nothing"), xhr.getResponseHeader("a b")];
};
const told_ = (error) => `${error.constructor.name} ${error.name}: ${error.message}`;

// The events as they come: pieces of a body may be more or fewer.
const ask = (method, url, { prepare = () => {}, sent = () => {}, body, on = {}, listen = true } = {}) => new Promise((done) => {
  const xhr = new XMLHttpRequest(), log = [];
  const note = (event) => {
    const { type, lengthComputable, loaded, total } = event;
    const line = JSON.stringify([type, xhr.readyState, `${event}`, lengthComputable, loaded, total]);
    const partial = xhr.readyState === 3;
    if (!partial || !log.includes(`${type} 3`)) log.push(partial ? `${type} 3` : line);
    on[type]?.(xhr, event);
    if (type === "loadend") setTimeout(async () => done({ log, look: look(xhr), value: await valueOf(xhr) }), 20);
  };
  for (const type of EVENTS) listen ? xhr.addEventListener(type, note) : (xhr[`on${type}`] = note);
  xhr.open(method, url);
  prepare(xhr);
  xhr.send(body);
  log.push(`sent ${xhr.readyState}`);
  sent(xhr, log);
});
const valueOf = async (xhr) => {
  if (xhr.responseType === "blob" && xhr.response) return [xhr.response.constructor.name, xhr.response.type, await xhr.response.text(), xhr.response === xhr.response];
  if (xhr.responseType === "arraybuffer" && xhr.response) return [xhr.response.constructor.name, xhr.response.byteLength, xhr.response === xhr.response];
  if (xhr.responseType === "json") return [xhr.response, xhr.response === xhr.response];
  return null;
};
const echoed = async (...given) => {
  const { look: [, , , , , text] } = await ask(...given);
  const told = JSON.parse(text);
  told.port = told.port === (first ??= told.port);
  return told;
};
const wrong = (act) => { try { return act(); } catch (error) { return told_(error); } };

Object.assign(OBSERVATIONS, Object.fromEntries(Object.entries({
  get: () => echoed("GET", "/echo?a=b#c"),
  post: () => echoed("POST", "/echo", { body: "wörds" }),
  "get with a body": () => echoed("GET", "/echo", { body: "x" }),
  params: () => echoed("POST", "/echo", { body: new URLSearchParams({ a: "b" }) }),
  bytes: () => echoed("PUT", "/echo", { body: new Uint8Array([1, 2]) }),
  form: async () => boundary(await echoed("POST", "/echo", { body: form(["a", "b"]) })),
  nothing: () => echoed("POST", "/echo"),
  null: () => echoed("POST", "/echo", { body: null }),
  object: () => echoed("POST", "/echo", { body: { toString: () => "object" } }),
  headers: () => echoed("patch", "/echo", { body: "x", prepare: (xhr) => { xhr.setRequestHeader("X-A", "1"); xhr.setRequestHeader("x-a", "2"); xhr.setRequestHeader("Accept", "text/x"); xhr.setRequestHeader("Cookie", "no"); } }),
  json: () => echoed("POST", "/echo", { body: "{}", prepare: (xhr) => xhr.setRequestHeader("Content-Type", "application/json") }),
  jquery: () => echoed("POST", "/echo", { body: "a=b", prepare: (xhr) => { xhr.setRequestHeader("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8"); xhr.setRequestHeader("X-Requested-With", "XMLHttpRequest"); } }),
  charset: () => echoed("POST", "/echo", { body: "a", prepare: (xhr) => xhr.setRequestHeader("Content-Type", "text/plain;charset=latin1") }),
  credentials: () => echoed("GET", "/echo", { prepare: (xhr) => (xhr.withCredentials = true) }),
  simple: () => ask("GET", "/answer?text=words"),
  handlers: () => ask("GET", "/answer?text=words", { listen: false }),
  "many headers": () => ask("GET", answer({ headers: [["x-b", "1"], ["x-b", "2"], ["x-a", "3"], ["set-cookie", "c=d; max-age=0"], ["content-type", "text/plain; charset=ISO-8859-1"]], text: "ä" })),
  empty: () => ask("GET", answer({ text: "" })),
  head: () => ask("HEAD", "/answer"),
  streamed: () => ask("GET", answer({ stream: 1, text: "a stream of words" })),
  gzip: () => ask("GET", answer({ gzip: 1, headers: [["content-encoding", "gzip"]], text: "packed" })),
  large: async () => (await ask("GET", "/big?size=2000000", { prepare: (xhr) => (xhr.responseType = "arraybuffer") })).value,
  ...Object.fromEntries([204, 304, 404, 500].map((status) => [`status ${status}`, () => ask("GET", answer({ status, text: status === 204 || status === 304 ? "" : "words" }))])),
  ...Object.fromEntries(["text", "json", "arraybuffer", "blob", "document"].map((type) => [`as ${type}`, () =>
    ask("GET", answer({ text: '{"a":1}', headers: [["content-type", "application/json; charset=utf-8"]] }), { prepare: (xhr) => (xhr.responseType = type) })])),
  "blob without a type": () => ask("GET", "/answer", { prepare: (xhr) => (xhr.responseType = "blob") }),
  "json that is none": () => ask("GET", "/answer", { prepare: (xhr) => (xhr.responseType = "json") }),
  "type set late": () => ask("GET", answer({ text: "[1]" }), { on: { readystatechange: (xhr) => xhr.readyState === 2 && (xhr.responseType = "json") } }),
  "type set too late": async () => { let told; await ask("GET", "/answer", { on: { load: (xhr) => (told = wrong(() => (xhr.responseType = "json"))) } }); return told; },
  "own mime": () => ask("GET", answer({ text: "ä" }), { prepare: (xhr) => xhr.overrideMimeType("text/plain; charset=latin1") }),
  "own mime, late": async () => { let told; await ask("GET", "/answer", { on: { load: (xhr) => (told = wrong(() => xhr.overrideMimeType("text/x"))) } }); return told; },
  bom: () => ask("GET", answer({ text: "\ufeffwords" })),
  xml: async () => { let told; await ask("GET", answer({ text: "<a><b/></a>", headers: [["content-type", "text/xml"]] }), { on: { load: (xhr) => (told = [xhr.responseXML?.documentElement.nodeName, xhr.responseXML?.URL]) } }); return told; },
  "no xml": async () => { let told; await ask("GET", "/answer", { on: { load: (xhr) => (told = xhr.responseXML) } }); return told; },
  redirect: () => ask("POST", answer({ status: 303, headers: [["location", "/answer?text=there#x"]] }), { body: "x", prepare: (xhr) => xhr.setRequestHeader("x-a", "b") }),
  "redirect off the site": () => ask("GET", answer({ status: 302, headers: [["location", "http://localhost:1/"]] })),
  "broken before": () => ask("GET", "/broken"),
  "broken after": () => ask("GET", "/broken?start"),
  "abort at once": () => ask("GET", "/slow?name=xhr", { sent: (xhr, log) => { xhr.abort(); log.push(`aborted ${xhr.readyState}`); } }),
  "abort while waiting": () => { const name = crypto.randomUUID(); return ask("GET", at("/slow", { name }), { sent: (xhr) => setTimeout(() => xhr.abort(), 150) }).then(async (told) => [{ ...told, look: told.look.filter((each) => !`${each}`.includes("name=")) }, await fate(name)]); },
  "abort in the body": () => { const name = crypto.randomUUID(); return ask("GET", at("/slow", { name, stream: 1 }), { sent: (xhr) => setTimeout(() => xhr.abort(), 250) }).then(async (told) => [told.log, told.look.slice(0, 3), await fate(name)]); },
  "abort in loadstart": () => ask("GET", "/answer", { on: { loadstart: (xhr) => xhr.abort() } }),
  "abort in headers": () => ask("GET", "/answer", { on: { readystatechange: (xhr) => xhr.readyState === 2 && xhr.abort() } }),
  "abort in load": () => ask("GET", "/answer", { on: { load: (xhr) => xhr.abort() } }),
  "abort after": async () => { let xhr; await ask("GET", "/answer", { prepare: (it) => (xhr = it) }); xhr.abort(); return look(xhr); },
  timeout: () => ask("GET", "/slow?name=timeout", { prepare: (xhr) => (xhr.timeout = 100) }),
  "timeout set late": () => ask("GET", "/slow?name=timeout", { sent: (xhr) => (xhr.timeout = 100) }),
  "no timeout": () => ask("GET", "/answer", { prepare: (xhr) => (xhr.timeout = 5000) }),
  "sent twice": async () => { let told; await ask("GET", "/answer", { sent: (xhr) => (told = wrong(() => xhr.send())) }); return told; },
  "header after send": async () => { let told; await ask("GET", "/answer", { sent: (xhr) => (told = wrong(() => xhr.setRequestHeader("a", "b"))) }); return told; },
  "credentials after send": async () => { let told; await ask("GET", "/answer", { sent: (xhr) => (told = wrong(() => (xhr.withCredentials = true))) }); return told; },
  "opened anew": async () => {
    const xhr = new XMLHttpRequest(), log = [];
    for (const type of EVENTS) xhr.addEventListener(type, () => log.push(`${type} ${xhr.readyState}`));
    const loaded = () => new Promise((done) => xhr.addEventListener("loadend", () => setTimeout(done, 20), { once: true }));
    for (const text of ["one", "two"]) { xhr.open("GET", answer({ text })); xhr.send(); await loaded(); log.push(xhr.responseText); }
    xhr.open("GET", "/slow?name=left"); xhr.send(); await after(100);
    xhr.open("GET", answer({ text: "three" })); log.push(xhr.readyState); xhr.send(); await loaded(); log.push(xhr.responseText);
    return log.filter((line) => !/progress|readystatechange 3/.test(line));
  },
  upload: () => new Promise((done) => {
    const xhr = new XMLHttpRequest(), log = [];
    for (const type of EVENTS.slice(1)) xhr.upload.addEventListener(type, (event) => log.push([type, event.loaded]));
    xhr.onloadend = () => done(log.filter(([type]) => type !== "progress"));
    xhr.open("POST", "/echo"); xhr.send("words");
  }),
  sync: () => { const xhr = new XMLHttpRequest(); xhr.open("GET", "/_tabcorn/nothing", false); return wrong(() => { xhr.send(); return xhr.readyState; }); },
  unsent: () => look(new XMLHttpRequest()),
  subclass: () => new Promise((done) => { class Own extends XMLHttpRequest { get status() { return super.status + 1; } } const xhr = new Own(); xhr.onload = () => done([xhr.status, xhr.readyState, xhr instanceof Own]); xhr.open("GET", "/answer"); xhr.send(); }),
  looks: () => [Reflect.ownKeys(XMLHttpRequest.prototype).map(String), XMLHttpRequest.prototype.send.name, XMLHttpRequest.prototype.open.length,
    Reflect.ownKeys(new XMLHttpRequest()).length, `${new XMLHttpRequest()}`, wrong(() => XMLHttpRequest.prototype.send.call({})), wrong(() => XMLHttpRequest.prototype.readyState)],
}).map(([name, observe]) => [`xhr: ${name}`, observe])));
