import assert from "node:assert/strict";
import { test } from "node:test";

import { acceptLanguage, requestHeaders } from "../../../src/tabcorn/runtime/shared/request-headers.js";

const browser = { userAgent: "Test/1", languages: ["de-DE", "de", "en"], hints: undefined };

/** @type {import("../../../src/tabcorn/runtime/shared/request-headers.js").Facts} */
const facts = {
  url: new URL("https://example.org:8443/a?b"),
  method: "GET",
  headers: [],
  mode: "cors",
  destination: "",
  referrer: "https://example.org:8443/page#part",
  referrerPolicy: "",
  initiator: "page",
  knownOrigin: "",
  hidden: false,
  own: false,
  through: "",
  length: 0,
  given: false,
  cache: "default",
  inWorker: false,
};

/** @param {Partial<typeof facts>} changes */
function headers(changes) {
  return Object.fromEntries(requestHeaders({ ...facts, ...changes }, browser));
}

test("a script's GET: what a browser sends to its own server", () => {
  assert.deepEqual(headers({}), {
    host: "example.org:8443",
    connection: "keep-alive",
    "user-agent": "Test/1",
    accept: "*/*",
    "accept-language": "de-DE,de;q=0.9,en;q=0.8",
    "sec-fetch-site": "same-origin",
    "sec-fetch-mode": "cors",
    "sec-fetch-dest": "empty",
    referer: "https://example.org:8443/page",
  });
});

test("what the page set is kept, in its order, with duplicates", () => {
  const pairs = requestHeaders(
    { ...facts, headers: [["x-b", "1"], ["accept", "text/css"], ["x-a", "2"], ["x-a", "3"]] },
    browser,
  );
  assert.deepEqual(pairs.slice(-4), [["x-b", "1"], ["accept", "text/css"], ["x-a", "2"], ["x-a", "3"]]);
  assert.equal(pairs.filter(([name]) => name === "accept").length, 1);
});

test("what only a browser may say cannot be said by a page", () => {
  const made = headers({
    headers: [
      ["cookie", "forged"],
      ["origin", "https://forged.example"],
      ["sec-fetch-site", "none"],
      ["host", "forged.example"],
      ["referer", "https://forged.example"],
    ],
  });
  assert.equal(made["cookie"], undefined);
  assert.equal(made["origin"], undefined);
  assert.equal(made["sec-fetch-site"], "same-origin");
  assert.equal(made["host"], "example.org:8443");
  assert.equal(made["referer"], "https://example.org:8443/page");
});

test("Origin goes with every method but GET and HEAD", () => {
  for (const method of ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
    assert.equal(headers({ method })["origin"], "https://example.org:8443", method);
  }
  assert.equal(headers({ method: "HEAD" })["origin"], undefined);
});

test("Origin is null where the policy hides the referrer and the mode is not cors", () => {
  const hidden = { method: "POST", mode: "navigate", referrer: "", referrerPolicy: "no-referrer" };
  assert.equal(headers(hidden)["origin"], "null");
  assert.equal(headers({ ...hidden, mode: "cors" })["origin"], "https://example.org:8443");
});

/** @type {[what: string, changes: Partial<typeof facts>, site: string | undefined][]} */
const ENTRIES = [
  ["typed, or from a page that hides itself", { referrer: "" }, undefined],
  ["by a link on this site", { referrer: "https://example.org:8443/" }, "same-origin"],
  ["by a link on another port", { referrer: "https://example.org/" }, "same-site"],
  ["by a link on http", { referrer: "http://example.org:8443/" }, "cross-site"],
  ["by a link on another host", { referrer: "https://other.example/" }, "cross-site"],
  ["by a link that hides where it is", { referrer: "", hidden: true }, "cross-site"],
  ["by a link of the app's own that hides so", { referrer: "", hidden: true, own: true }, "same-origin"],
  ["by another site's redirect", { through: "https://other.example" }, "cross-site"],
  ["by a neighbour's redirect", { through: "https://example.org" }, "same-site"],
  ["by a form that hides where it is", { referrer: "", method: "POST" }, "cross-site"],
  ["by a sandboxed form", { referrer: "", method: "POST", knownOrigin: "null" }, "cross-site"],
  [
    "by a form whose origin the engine shows",
    { referrer: "", method: "POST", knownOrigin: "https://other.example" },
    "cross-site",
  ],
];

for (const [what, changes, expected] of ENTRIES) {
  test(`the top of a tab, ${what}: ${expected}`, () => {
    const entry = { ...changes, mode: "navigate", destination: "document" };
    assert.equal(headers({ ...entry, initiator: "entry" })["sec-fetch-site"], expected);
  });
}

test("a form on another site comes with that site's Origin, or with null, never with ours", () => {
  const post = { method: "POST", mode: "navigate", initiator: /** @type {const} */ ("entry") };
  const origin = (/** @type {Partial<typeof facts>} */ changes) =>
    headers({ ...post, ...changes })["origin"];
  assert.equal(origin({ referrer: "https://other.example/page" }), "https://other.example");
  assert.equal(origin({ referrer: "", knownOrigin: "https://other.example" }), "https://other.example");
  assert.equal(origin({ referrer: "" }), "null");
});

test("bodies are framed as on the wire", () => {
  assert.equal(headers({ method: "POST", length: 12 })["content-length"], "12");
  assert.equal(headers({ method: "POST", length: 0 })["content-length"], "0");
  assert.equal(headers({ method: "DELETE", length: 0 })["content-length"], undefined);
  assert.equal(headers({ method: "POST", length: undefined })["transfer-encoding"], "chunked");
});

test("languages weigh less and less, but never nothing", () => {
  assert.equal(acceptLanguage(["en"]), "en");
  assert.equal(acceptLanguage([]), undefined);
  assert.match(acceptLanguage(Array.from({ length: 14 }, () => "xx")) ?? "", /xx;q=0\.1$/);
});

test("a body that is empty has a length, none at all has one only where a body is expected", () => {
  for (const method of ["DELETE", "PATCH", "foo"]) {
    assert.equal(headers({ method, given: true })["content-length"], "0");
    assert.equal(headers({ method })["content-length"], undefined);
  }
  for (const method of ["POST", "PUT"]) assert.equal(headers({ method })["content-length"], "0");
});

test("what goes past the browser's cache says so, unless the page has", () => {
  /** @param {RequestCache} cache  @param {[string, string][]} [own] */
  const told = (cache, own = []) => {
    const made = headers({ cache, headers: own });
    return [made["cache-control"], made["pragma"]];
  };
  assert.deepEqual(told("no-store"), ["no-cache", "no-cache"]);
  assert.deepEqual(told("reload"), ["no-cache", "no-cache"]);
  assert.deepEqual(told("no-cache"), ["max-age=0", undefined]);
  assert.deepEqual(told("no-cache", [["cache-control", "max-age=5"]]), ["max-age=5", undefined]);
  assert.deepEqual(told("reload", [["pragma", "x"]]), ["no-cache", "x"]);
  const reload = { ...facts, mode: "navigate", cache: /** @type {const} */ ("no-cache") };
  for (const [engine, sent] of [["Chrome/1", "max-age=0"], ["Firefox/1", undefined]]) {
    const pairs = requestHeaders(reload, { ...browser, userAgent: `Test ${engine}` });
    assert.equal(Object.fromEntries(pairs)["cache-control"], sent);
  }
  for (const cache of /** @type {const} */ (["default", "force-cache"])) {
    assert.deepEqual(told(cache), [undefined, undefined]);
  }
});

test("a GET has an Origin where the engine would send one", () => {
  const own = "https://example.org:8443";
  const shown = { headers: /** @type {[string, string][]} */ ([["origin", own]]) };
  assert.equal(headers(shown)["origin"], own); // Chromium shows it
  assert.equal(headers({ ...shown, initiator: "entry" })["origin"], undefined);
  for (const [engine, sent] of [["Chrome/1 Safari/1", undefined], ["Firefox/1", undefined], ["Safari/1", own]]) {
    const of = (/** @type {Partial<typeof facts>} */ changes) =>
      Object.fromEntries(requestHeaders({ ...facts, ...changes }, { ...browser, userAgent: `Test ${engine}` }));
    assert.equal(of({ destination: "script" })["origin"], sent);
    assert.equal(of({ destination: "script", mode: "no-cors" })["origin"], undefined);
    assert.equal(of({})["origin"], undefined);
  }
});

test("Chromium names the origin of pings and the like, though they have no referrer", () => {
  const chromium = { ...browser, userAgent: "Chrome/1" };
  const ping = {
    ...facts,
    method: "POST",
    mode: "no-cors",
    referrerPolicy: "no-referrer",
    headers: /** @type {[string, string][]} */ ([["ping-to", "https://example.org/"]]),
  };
  const sent = Object.fromEntries(requestHeaders(ping, chromium));
  assert.equal(sent["origin"], "https://example.org:8443");
  assert.equal(sent["content-type"], "text/ping");
  assert.equal(Object.fromEntries(requestHeaders({ ...ping, mode: "navigate" }, chromium))["origin"], "null");
  assert.equal(headers({ ...ping, url: facts.url })["origin"], "null");
});

test("a prefetch says so, and workers give no hints", () => {
  assert.equal(headers({ headers: [["sec-purpose", "prefetch"]] })["sec-purpose"], "prefetch");
  const hints = { brands: [{ brand: "B", version: "1" }], mobile: false, platform: "Linux" };
  const of = (/** @type {boolean} */ inWorker) =>
    Object.fromEntries(requestHeaders({ ...facts, inWorker }, { ...browser, hints }))["sec-ch-ua"];
  assert.deepEqual([of(false), of(true)], ['"B";v="1"', undefined]);
});

test("a value is one character a byte, though WebKit shows text", () => {
  assert.equal(headers({ headers: [["last-event-id", "€"]] })["last-event-id"], "â\x82¬");
  assert.equal(headers({ headers: [["x-a", "Ã©"]] })["x-a"], "Ã©");
});
