/** Who began a navigation is remembered: until the shell replays it, and over redirects. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Entries } from "../../../src/tabcorn/runtime/sw/entries.js";

Object.defineProperty(globalThis, "navigator", { value: { userAgent: "Chrome/1" }, writable: true });

const entry = {
  url: "https://example.org/a",
  method: "POST",
  referrer: "https://other.example/",
  origin: "https://other.example",
  hidden: false,
  own: false,
  through: "",
  headers: /** @type {[string, string][]} */ ([["content-type", "text/plain"]]),
  cache: /** @type {const} */ ("default"),
  body: new ArrayBuffer(3),
};

test("an entry is claimed once, by its address without the fragment", () => {
  const entries = new Entries();
  entries.put({ ...entry, url: "https://example.org/a#part" }, "shell");
  assert.equal(entries.claim("https://example.org/b"), undefined);
  assert.equal(entries.claim("https://example.org/a")?.shell, "shell");
  assert.equal(entries.claim("https://example.org/a"), undefined);
});

test("two tabs that open the same address at once have an entry each", () => {
  const entries = new Entries();
  entries.put(entry, "one");
  entries.put(entry, "two");
  assert.equal(entries.claim(entry.url)?.shell, "one");
  assert.equal(entries.claim(entry.url)?.shell, "two");
});

/** @type {[status: number, method: string, followed: string][]} */
const REDIRECTS = [
  [301, "POST", "GET"],
  [302, "POST", "GET"],
  [303, "POST", "GET"],
  [303, "PUT", "GET"],
  [302, "PUT", "PUT"],
  [307, "POST", "POST"],
  [308, "POST", "POST"],
  [302, "GET", "GET"],
];

for (const [status, method, followed] of REDIRECTS) {
  test(`${method} redirected by ${status} is ${followed}, and as foreign as before`, () => {
    const entries = new Entries();
    entries.redirect({ entry: { ...entry, method }, shell: "shell" }, status, "/b?c");
    const found = entries.claim("https://example.org/b?c")?.entry;
    assert.equal(found?.method, followed);
    assert.equal(found?.body?.byteLength, followed === method ? 3 : undefined);
    assert.equal(found?.referrer, "https://other.example/");
    assert.equal(found?.origin, "https://other.example");
  });
}

test("the shell takes what came with its own navigation, once", async () => {
  const entries = new Entries();
  await entries.remember(new Request("https://example.org/a", { method: "POST", body: "x=1" }), "shell");
  assert.equal(entries.take("other").entry, undefined);
  const { entry: taken, restored } = entries.take("shell");
  assert.equal(restored, false);
  assert.deepEqual([taken?.method, taken?.body?.byteLength], ["POST", 3]);
  assert.equal(entries.take("shell").entry, undefined);
});

/** @param {any} referrerPolicy */
async function hidden(referrerPolicy) {
  const entries = new Entries();
  const request = { url: "http://a/", method: "GET", referrer: "", headers: new Headers(), referrerPolicy };
  await entries.remember(/** @type {any} */ (request), "shell");
  return entries.take("shell").entry?.hidden;
}

test("a page that asks not to be named hides itself; a typed address does not", async () => {
  assert.equal(await hidden("no-referrer"), true);
  assert.equal(await hidden("same-origin"), true);
  assert.equal(await hidden("strict-origin-when-cross-origin"), false);
  globalThis.navigator = /** @type {any} */ ({ userAgent: "Mozilla/5.0 Firefox/150.0" });
  assert.equal(await hidden("strict-origin-when-cross-origin"), true);
  assert.equal(await hidden(""), false);
});

test("a frame that the browser brings back is answered as its shell says", async () => {
  const entries = new Entries();
  assert.equal(await entries.restore("https://example.org/a"), undefined); // no shell is starting
  await entries.remember(new Request("https://example.org/a"), "shell");
  const frame = entries.restore("https://example.org/a");
  const { entry, restored } = entries.take("shell");
  assert.equal(restored, true);
  const put = /** @type {any} */ ({ ...entry, referrer: "https://other.example/" });
  assert.equal(entries.put(put, "shell"), true); // nobody has to navigate it
  assert.equal((await frame)?.entry.referrer, "https://other.example/");
  assert.equal(await entries.restore("https://example.org/a"), undefined);
  assert.equal(entries.put(put, "shell"), false);
});
