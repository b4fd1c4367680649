// Use EventSource in every way and tell all that a page can see, and what its server was asked.
// The body of an async function; run under uvicorn and in a tab.

const start = (...rest) => ["start", ...rest];
const ok = start();
const text = (...texts) => texts.map((each) => ["text", each]);
const wait = ["wait"];
const pause = ["sleep", 0.06];
const RETRY = "retry: 40\n\n";
const slowly = (...steps) => steps.flatMap((step) => [step, pause]);
const utf8 = (string) => [...new TextEncoder().encode(string)];
const here = location.origin;
const query = (parts) => `parts=${encodeURIComponent(JSON.stringify(parts))}`;
const id = () => crypto.randomUUID();

/**
 * Each case: what the server plays for each connection, and after how many events it is over; or,
 * with `more`, what else is done. A case that closes the source itself ends so, too.
 */
const cases = {
  "ends and comes back": [[[ok, ...text(RETRY, "id: 7\ndata: a\n\n")], [ok, ...text("data: b\n\n"), wait]], 5],
  "breaks off and comes back": [
    [[ok, ...text(RETRY, "id: x\ndata: a\n\n"), pause, ["raise"]], [ok, ...text("data: b\n\n"), wait]],
    5,
  ],
  "ends at once, then breaks off before a start": [[[ok, ...text(RETRY)], [["raise"]]], 3],
  "ends without a byte": [[[ok, ...text(RETRY)], [ok], [ok, ...text("data: 3\n\n"), wait]], 6],
  "comes back three times": [[[ok, ...text("retry: 40\nid: 1\ndata\n\n")]], 9],
  "comes back to no content": [[[ok, ...text(RETRY)], [start(204, "")]], 3],
  "keeps the last id": [
    [[ok, ...text(RETRY, "id: 1\n\n")], [ok, ...text("data: a\n\n")], [ok, ...text("id\ndata: b\n\n")], [ok, ...text("data: c\n\n"), wait]],
    10,
  ],
  "an id that is not ASCII": [[[ok, ...text(RETRY, "id: é€\ndata: a\n\n")], [ok, ...text("data: b\n\n"), wait]], 5],
  "an id with NUL": [[[ok, ...text(RETRY, "id: 1\n\nid: a\0b\ndata: a\n\n")], [ok, ...text("data: b\n\n"), wait]], 4],
  "named events": [
    [[ok, ...text("event: tick\ndata: 1\n\nevent: open\ndata: 2\n\nevent: error\ndata: 3\n\nevent: message\ndata: 4\n\nevent:\ndata: 5\n\nevent: x\n\ndata: 6\n\n"), wait]],
    7,
  ],
  "fields": [
    [[ok, ...text(": a comment\n:\ndata\n\ndata:\n\ndata: a\ndata:b\ndata:  c\nunknown: d\ndata : e\n data: f\n\nretry: no\nretry: 1x\nretry: -5\nDATA: g\n\ndata: a:b: c\nid: 5\n\nid:6\ndata: h\n\n"), wait]],
    6,
  ],
  "line ends in all ways": [[[ok, ...text("data: a\rdata: b\r\ndata: c\ndata: d\r\r\ndata: e\n\rdata: f\r\n\r\ndata: g\n\n"), wait]], 5],
  "line ends in pieces": [
    [[ok, ...slowly(...text("data: a\r", "\ndata: b\r\n\r", "\n", "data: c\r", "\r", "data: d\n", "\n", "da", "ta: e", "\r\n", "\r\n", "data: f\r", "data: g\r\n\n")), wait]],
    6,
  ],
  "UTF-8 in pieces": [
    [[ok, ...utf8("data: é€😀\n\n").flatMap((byte) => [["bytes", [byte]], ["sleep", 0.004]]), wait]],
    2,
  ],
  "not UTF-8": [[[ok, ["bytes", [...utf8("data: "), 0xe9, 0xff, 0xc3, 0x28, ...utf8("\n\n")]], wait]], 2],
  "a byte order mark": [[[ok, ...text("\ufeffdata: a\n\n\ufeffdata: b\n\ndata: c\n\n"), wait]], 3],
  "a byte order mark in pieces, late": [
    [[ok, ["sleep", 0.4], ["bytes", [0xef]], pause, ["bytes", [0xbb]], pause, ["bytes", [0xbf]], ...text("data: a\n\n"), wait]],
    2,
  ],
  "the first byte is late": [[[ok, ["sleep", 0.4], ...text("data: a\n\n"), wait]], 2],
  "what is not whole at the end is lost": [[[ok, ...text(RETRY, "data: a\n\ndata: b\n")], [ok, ...text("data: c\n\n"), wait]], 5],
  "a thousand at once": [[[ok, ...text(Array.from({ length: 1000 }, (_, i) => `data: ${i}\n\n`).join("")), wait]], 1001],
  "a large one": [[[ok, ["ticks", 1, 0, `data: ${"x".repeat(2000)}\n`], ["ticks", 200, 0, `data: ${"x".repeat(2000)}#\n`], ...text("\n"), wait]], 2],
  "with a charset": [[[start(200, "text/event-stream; charset=iso-8859-1"), ...text("data: é\n\n"), wait]], 2],
  "type in capitals": [[[start(200, "TEXT/Event-Stream;charset=utf-8"), ...text("data: é\n\n"), wait]], 2],
  "type with more": [[[start(200, "text/event-stream;a=b"), ...text("data: é\n\n"), wait]], 2],
  "another type": [[[start(200, "text/plain"), ...text("data: a\n\n"), wait]], 1],
  "no type": [[[start(200, ""), ...text("data: a\n\n")]], 1],
  "credentials": [[[ok, ...text("data: a\n\n"), wait]], 2, { init: { withCredentials: true } }],
  "closed when open": [[[ok, ...text("data: a\n\n"), wait]], 1],
  "closed when connecting": [[[wait]], 0],
  "closed when waiting": [[[ok, ...text("retry: 4000\n\n")], [ok, ...text("data: a\n\n"), wait]], 2],
  "a fragment in the address": [[[ok, ...text("data: a\n\n"), wait]], 2, { end: "#part" }],
  "a redirect": [[[start(302, "", [["location", `/play/moved-${id()}?${query([[ok, ...text("retry: 40\ndata: a\n\n")], [ok, ...text("data: b\n\n"), wait]])}`]])]], 5],
  "a permanent redirect": [[[start(308, "", [["location", `/play/moved-${id()}?${query([[ok, ...text("retry: 40\ndata: a\n\n")], [ok, ...text("data: b\n\n"), wait]])}`]])]], 5],
  "a redirect to nowhere": [[[start(302, "", [["location", "http://localhost:1/"]])]], 1],
  "a redirect without location": [[[start(302, "text/event-stream")]], 1],
};
for (const status of [201, 202, 203, 204, 205, 304, 400, 401, 404, 410, 500, 503]) {
  const type = [204, 205, 304].includes(status) ? "" : "text/event-stream";
  cases[`status ${status}`] = [[[start(status, type), ...(type ? text("data: a\n\n") : [])]], 1];
}

/** What the page sees of one event. */
const shown = (source, event) => {
  const state = [event.type, event.constructor.name, source.readyState, event.bubbles, event.cancelable];
  if (!(event instanceof MessageEvent)) return state.join(" ");
  const { data, lastEventId, origin, ports, source: from } = event;
  const short = data.length > 100 ? `${data.length} characters ${data.slice(-10)}` : data;
  return [...state, JSON.stringify(short), JSON.stringify(lastEventId), origin === here, ports.length, from].join(" ");
};

const run = async (name, [parts, count, { init, end = "" } = {}]) => {
  const key = id();
  const url = `/play/${key}?${query(parts)}${end}`;
  const source = new EventSource(url, init);
  const seen = [[source.readyState, source.withCredentials, source.url === new URL(url, here).href].join(" ")];
  const asked = async () => (await fetch(`/told/${key}`, { cache: "no-store" })).json();
  await new Promise((resolve) => {
    const note = (event) => {
      seen.push(shown(source, event));
      if (seen.length > count || source.readyState === EventSource.CLOSED) resolve();
    };
    for (const type of ["open", "error", "message", "tick", "x"]) source.addEventListener(type, note);
    if (count === 0) setTimeout(resolve, 200);
    setTimeout(resolve, 10000);
  });
  if (source.readyState === EventSource.CLOSED) await new Promise((resolve) => setTimeout(resolve, 300));
  source.close();
  seen.push(source.readyState);
  let told = await asked();
  const over = () => told.every(({ end }) => end !== null);
  for (let i = 0; i < 60 && !over(); i++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    told = await asked();
  }
  const headers = told.map(({ asked }) => JSON.stringify(asked));
  return { seen, asked: headers, ended: told.map(({ end }) => end) };
};

document.cookie = "flavour=1";
const left = Object.entries(cases);
const results = {};
const worker = async () => {
  for (let next = left.shift(); next; next = left.shift()) results[next[0]] = await run(...next);
};
await Promise.all([1, 2, 3, 4, 5].map(worker));

/* ---- what its constructor and its surface look like ---- */

const attempt = (make) => {
  try {
    const source = make();
    source.close();
    return source.url.replace(here, "HERE");
  } catch (error) {
    return `${error.constructor.name} ${error.name}`;
  }
};
results.surface = {
  urls: ["", "x", "?a", "#f", "http://", "ftp://x/", "data:text/event-stream,data: a", "mailto:a@b", null, undefined].map((url) =>
    attempt(() => new EventSource(url)),
  ),
  calls: [attempt(() => EventSource("/")), attempt(() => new EventSource()), attempt(() => new EventSource("/", 5))],
  names: Object.getOwnPropertyNames(EventSource.prototype).sort(),
  constants: [EventSource.CONNECTING, EventSource.OPEN, EventSource.CLOSED, EventSource.name, EventSource.length],
  close: [EventSource.prototype.close.name, EventSource.prototype.close.length],
};
document.cookie = "flavour=; max-age=0";
return results;
