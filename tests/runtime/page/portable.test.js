/**
 * Which requests may take the page's own port: all else is the browser's. The window is played here.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { inside } from "../../../src/tabcorn/runtime/shared/inside.js";

const file = new URL("../../../src/tabcorn/runtime/page/portable.js", import.meta.url);
const ROOT = "http://localhost:1/site/";

/** A window whose document has such elements. @param {{ name?: string, httpEquiv?: string }[]} metas */
function window_(metas = [], href = ROOT, controller = `${ROOT}sw.js`) {
  class LocalRequest extends Request {
    /** @param {any} input @param {any} init */
    constructor(input, init) {
      super(typeof input === "string" ? new URL(input, ROOT) : input, init);
    }
  }
  /** @type {Record<string, unknown>} */
  const globals = {
    place: { root: ROOT },
    insideSite: inside,
    document: { getElementsByTagName: () => metas.map((meta) => ({ name: "", httpEquiv: "", ...meta })) },
    location: { href },
    navigator: { serviceWorker: { controller: { scriptURL: controller } } },
    Request: LocalRequest,
    window: {},
    looksAtTiming: false,
  };
  /** @type {any} */ (globals["document"]).defaultView = globals["window"];
  const source = `${readFileSync(file, "utf8")}\nreturn { portable, isDocumentPortable };`;
  return { ...new Function(...Object.keys(globals), source)(...Object.values(globals)), LocalRequest };
}

/** Undici's own referrer is no default of a browser's. */
const given = { referrer: "about:client" };

test("plain requests to the app", () => {
  const { portable } = window_();
  const { request, url, body } = portable("/site/a?b=c#d", { ...given, method: "put", headers: { a: "b" }, body: "text" });
  assert.equal(request.method, "PUT");
  assert.equal(url.href, `${ROOT}a?b=c`);
  assert.equal(body, "text");
  assert.equal(portable("/a", given).url.href, `${ROOT}a`); // an app that knows nothing of its path
  assert.ok(portable(new URL(ROOT), given));
  for (const body of [new Uint8Array(9), new ArrayBuffer(9), new URLSearchParams("a=b"), new DataView(new ArrayBuffer(1))]) {
    assert.ok(portable("/a", { ...given, method: "POST", body }));
  }
});

test("what could be observed, or is not known, is left alone", () => {
  const { portable, LocalRequest } = window_();
  let looked = 0;
  const observed = { get method() { looked += 1; return "GET"; } };
  class Options { method = "GET"; }
  const form = new FormData();
  form.append("file", new Blob(["x"]));
  /** @type {[any, any?][]} */
  const others = [
    ["/a", observed],
    ["/a", new Options()],
    ["/a", { unknown: 1 }],
    ["/a", { headers: { get a() { looked += 1; return "b"; } } }],
    ["/a", { headers: new Map([["a", "b"]]) }],
    [{ toString: () => (looked += 1) }],
    [new (class extends URL {})(ROOT)],
    [new LocalRequest("/a", { method: "POST", body: "x" })],
    ["/a", { method: "POST", body: { toString: () => (looked += 1) } }],
    ["/a", { method: "POST", body: new Blob(["x"]) }],
    ["/a", { method: "POST", body: form }],
    ["/a", { method: "POST", body: "x".repeat(100_000) }],
    ["/a", { method: "POST", body: new Uint8Array(300_000) }],
    ["/a", { signal: AbortSignal.abort() }],
    ["/a", { keepalive: true }],
    ["/a", { integrity: "sha256-AAAA" }],
    ["/a", { mode: "no-cors" }],
    ["/a", { referrerPolicy: "origin" }],
    ["/a", { headers: [["If-None-Match", "x"]] }],
    ["/a", { method: "TRACE" }],
    ["/site/_tabcorn/site.json"],
    ["/site/sw.js"],
    ["http://localhost:2/"],
    ["/a#tabcorn-answer:x"],
    [undefined],
    [null],
  ];
  for (const [input, init] of others) {
    const plain = init && Object.getPrototypeOf(init) === Object.prototype && !Object.getOwnPropertyDescriptor(init, "method")?.get;
    assert.equal(portable(input, plain ? { ...given, ...init } : init), undefined);
  }
  assert.equal(looked, 0);
});

test("documents whose requests the browser has to see", () => {
  assert.ok(window_().isDocumentPortable());
  assert.ok(window_([{ name: "viewport" }]).isDocumentPortable());
  assert.ok(!window_([{ name: "Referrer" }]).isDocumentPortable());
  assert.ok(!window_([{ httpEquiv: "content-security-policy" }]).isDocumentPortable());
  assert.ok(!window_([], `${ROOT}${"x".repeat(5000)}`).isDocumentPortable());
  assert.ok(!window_([], ROOT, `${ROOT}own/sw.js`).isDocumentPortable());
});
