// What a cache answers in the app's place, one observation after the other; see test_caching.py.
// Defines `OBSERVATIONS`: each tells what the page sees, and what the app was asked.

const MINUTE = ["cache-control", "max-age=60"];
const ETAG = ["etag", '"tag"'];
const LONG_AGO = ["last-modified", "Wed, 21 Oct 2015 07:28:00 GMT"];
const after = (ms) => new Promise((done) => setTimeout(done, ms));

const at = (name, headers = [], more = {}) => `/kept/${name}?${new URLSearchParams({ headers: JSON.stringify(headers), ...more })}`;
const told = async (name) => (await fetch(`/told?of=${name}`, { cache: "no-store" })).json();
const see = async (url, init) => {
  try {
    const response = await fetch(url, init);
    const text = await response.text();
    const { status, headers } = response;
    await after(40); // what is kept is kept when it has come to its end
    return [status, text.slice(0, 3).trim(), headers.get("x-count"), headers.get("cache-control"), headers.get("age")];
  } catch (error) {
    return error.name;
  }
};

let number = 0;
/** An observation: `act` gets a function that makes its addresses. */
const observe = (act) => async () => {
  const names = new Set();
  const run = `${++number}`;
  const own = (headers, more, part = "a") => {
    const name = `${run}-${part}`;
    names.add(name);
    return at(name, headers, more);
  };
  const seen = await act(own);
  const all = [];
  for (const name of names) all.push(await told(name));
  return { seen, asked: all };
};

/** Twice the same, with and without options. */
const twice = (headers, more, second, first) => observe(async (own) => {
  const url = own(headers, more);
  return [await see(url, first), await see(url, second), await see(url, second)];
});

const MODES = ["default", "no-store", "reload", "no-cache", "force-cache", "only-if-cached"];
const inMode = (cache) => ({ cache, mode: "same-origin" });

const loaded = (element) => new Promise((done) => { element.onload = element.onerror = () => done(element); document.head.append(element); });
const element = (tag, given) => loaded(Object.assign(document.createElement(tag), given));
const xhr = (url) => new Promise((done) => {
  const request = new XMLHttpRequest();
  request.open("GET", url);
  request.onloadend = () => done([request.status, request.responseText, request.getResponseHeader("x-count")]);
  request.send();
});

const OBSERVATIONS = {
  // What is kept, and for how long
  fresh: twice([MINUTE]),
  "nothing said": twice([]),
  "private": twice([["cache-control", "private, max-age=60"]]),
  "public and immutable": twice([["cache-control", "public, max-age=31536000, immutable"]]),
  expires: twice([["expires", "@60"]]),
  "expires long ago": twice([["expires", "@-60"], ETAG], { holds: 1 }),
  "expires 0": twice([["expires", "0"], ETAG], { holds: 1 }),
  "max-age before expires": twice([["expires", "@-60"], MINUTE]),
  "aged": twice([MINUTE, ["age", "100"]]),
  "old": twice([MINUTE, ["age", "10"]]),
  "modified long ago": twice([LONG_AGO]),
  "modified long ago, no-cache": twice([LONG_AGO, ["cache-control", "no-cache"]], { holds: 1 }),
  "modified just now": twice([["last-modified", "@0"]], { holds: 1 }),
  "no-store": twice([["cache-control", "no-store, max-age=60"], ETAG], { holds: 1 }),
  "no-cache": twice([["cache-control", "no-cache"]]),
  "tagged": twice([ETAG], { holds: 1 }),
  "tagged, changed": twice([ETAG]),
  "tagged, no-cache": twice([ETAG, ["cache-control", "no-cache"]], { holds: 1 }),
  "tagged, max-age=0": twice([ETAG, ["cache-control", "max-age=0, must-revalidate"]], { holds: 1 }),
  "tagged weakly, and dated": twice([["etag", 'W/"tag"'], ["last-modified", "@0"], ["cache-control", "no-cache"]], { holds: 1 }),
  "pragma": twice([["pragma", "no-cache"], LONG_AGO], { holds: 1 }),
  "stale in two seconds": observe(async (own) => {
    const url = own([["cache-control", "max-age=2"], ETAG], { holds: 1 });
    const seen = [await see(url), await see(url)];
    await after(3100);
    return [...seen, await see(url), await see(url)];
  }),
  "with cookies": observe(async (own) => {
    const url = own([MINUTE, ["set-cookie", "kept=1; path=/"]]);
    const seen = [await see(url), document.cookie.includes("kept")];
    document.cookie = "kept=; max-age=0; path=/";
    return [...seen, await see(url), document.cookie.includes("kept")];
  }),
  ...Object.fromEntries([203, 204, 301, 302, 307, 403, 404, 410, 500].map((status) => [`status ${status}`, twice([MINUTE], { status })])),
  "redirect": observe(async (own) => {
    const target = own([MINUTE], {}, "target");
    const url = own([MINUTE, ["location", target]], { status: 302 });
    return [await see(url), await see(url)];
  }),
  "in gzip": twice([MINUTE], { gzip: 1, size: 9000 }),
  "streamed": twice([MINUTE], { stream: 1, size: 100_000 }),
  "large": twice([MINUTE], { size: 1_000_000 }),
  "cancelled": observe(async (own) => {
    const url = own([MINUTE], { stream: 1, size: 400_000 });
    const reader = (await fetch(url)).body.getReader();
    await reader.read();
    await reader.cancel();
    await after(100);
    return (await see(url))[2] > 1;
  }),

  // Vary
  "vary, alike": twice([MINUTE, ["vary", "x-own, accept"]], {}, { headers: { "x-own": "1" } }, { headers: { "x-own": "1" } }),
  "vary, other": twice([MINUTE, ["vary", "x-own"]], {}, { headers: { "x-own": "2" } }, { headers: { "x-own": "1" } }),
  "vary by all": twice([MINUTE, ["vary", "*"]]),
  "vary by encoding": twice([MINUTE, ["vary", "Accept-Encoding"]]),
  "vary by origin": twice([MINUTE, ["vary", "Origin"]]),
  "authorization": twice([["cache-control", "no-cache"], ETAG], {}, { headers: { authorization: "Basic x" } }, { headers: { authorization: "Basic x" } }),

  // What the request says
  ...Object.fromEntries(MODES.flatMap((mode) => [
    [`${mode}, nothing kept`, observe((own) => see(own([MINUTE]), inMode(mode)))],
    [`${mode}, fresh`, twice([MINUTE, ETAG], { holds: 1 }, inMode(mode))],
    [`${mode}, stale`, twice([["cache-control", "max-age=0"], ETAG], { holds: 1 }, inMode(mode))],
    [`${mode} keeps`, observe(async (own) => {
      const url = own([MINUTE]);
      return [await see(url, inMode(mode === "only-if-cached" ? "default" : mode)), await see(url)];
    })],
  ])),
  "own condition": twice([MINUTE, ETAG], { holds: 1 }, { headers: { "if-none-match": '"tag"' } }),
  "own condition, nothing kept": observe((own) => see(own([MINUTE, ETAG], { holds: 1 }), { headers: { "if-none-match": '"tag"' } })),
  "own no-cache": twice([MINUTE, ETAG], { holds: 1 }, { headers: { "cache-control": "no-cache" } }),
  "own max-age=0": twice([MINUTE, ETAG], { holds: 1 }, { headers: { "cache-control": "max-age=0" } }),
  "own range": twice([MINUTE], { size: 100 }, { headers: { range: "bytes=0-1" } }),
  "other query": observe(async (own) => [await see(own([MINUTE])), await see(`${own([MINUTE])}&x=1`), await see(`${own([MINUTE])}#part`)]),

  // What makes it void
  ...Object.fromEntries(["POST", "PUT", "DELETE", "PATCH", "OPTIONS"].flatMap((method) => [200, 404, 500].map((status) =>
    [`${method} ${status}`, observe(async (own) => {
      const url = own([MINUTE]), seen = [await see(url)];
      await after(20);
      await fetch(url, { method, headers: { "x-status": status } });
      await after(20);
      return [...seen, await see(url)];
    })]))),
  ...Object.fromEntries(["location", "content-location"].map((name) => [`POST elsewhere, ${name}`, observe(async (own) => {
    const url = own([MINUTE]), seen = [await see(url)];
    await after(20);
    await fetch(own([[name, url]], { status: 201 }, "other"), { method: "POST" });
    await after(20);
    return [...seen, await see(url)];
  })])),
  "POST by a form": observe(async (own) => {
    const url = own([MINUTE]), seen = [await see(url)];
    const frame = Object.assign(document.createElement("iframe"), { name: "target" });
    document.body.append(frame);
    const form = Object.assign(document.createElement("form"), { method: "post", action: url, target: "target" });
    document.body.append(form);
    const shown = new Promise((done) => (frame.onload = done));
    form.submit();
    await shown;
    await after(50);
    frame.remove();
    return [...seen, await see(url)];
  }),

  // Who asks
  "xhr": observe(async (own) => { const url = own([MINUTE]); const seen = await xhr(url); await after(20); return [seen, await xhr(url), await see(url)]; }),
  "image, then fetch": observe(async (own) => {
    const url = own([MINUTE, ["content-type", "image/svg+xml"]]);
    await new Promise((done) => Object.assign(new Image(), { onload: done, onerror: done, src: url }));
    await after(50);
    return see(url);
  }),
  "script, then script": observe(async (own) => {
    const url = own([MINUTE, ["content-type", "text/javascript"]]);
    await element("script", { src: url });
    await after(50);
    await element("script", { src: url });
    return 0;
  }),
  "style, then fetch": observe(async (own) => {
    const url = own([MINUTE, ["content-type", "text/css"]]);
    await element("link", { rel: "stylesheet", href: url });
    await after(50);
    return see(url);
  }),
  "in a worker": observe(async (own) => {
    const url = new URL(own([MINUTE]), location).href;
    const code = `(async () => { await (await fetch("${url}")).text(); await new Promise((done) => setTimeout(done, 50)); postMessage(await (await fetch("${url}")).text()); })()`;
    const worker = new Worker(URL.createObjectURL(new Blob([code])));
    const seen = await new Promise((done) => (worker.onmessage = ({ data }) => done(data)));
    return [seen, await see(url)];
  }),
};
