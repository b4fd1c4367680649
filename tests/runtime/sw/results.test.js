import assert from "node:assert/strict";
import { test } from "node:test";

import { isHistoric, resultKey, Results } from "../../../src/tabcorn/runtime/sw/results.js";

/** @param {string} text  @param {number} [times] */
function answer(text, times = 1) {
  const body = new Blob(Array(times).fill(text)).stream();
  return /** @type {any} */ ({ status: 200, headers: [["content-type", "text/html"]], cookies: undefined, body });
}

/** @param {{ body: ReadableStream } | undefined} found */
async function text(found) {
  return found && new Response(found.body).text();
}

test("an answer is kept when it has passed, as often as it is asked for", async () => {
  const results = new Results();
  const passing = results.keep("a", answer("page"));
  assert.equal(results.find("a", false), undefined);
  assert.equal(await text(passing), "page");
  for (const _ of [1, 2]) assert.equal(await text(results.find("a", false)), "page");
  assert.equal(results.find("a", false)?.status, 200);
});

test("not more than eight, and none that is large or broke off", async () => {
  const results = new Results();
  for (let i = 0; i < 9; i += 1) await text(results.keep(`${i}`, answer("page")));
  assert.deepEqual([results.find("0", false), await text(results.find("8", false))], [undefined, "page"]);
  await text(results.keep("large", answer("x".repeat(1024), 1025)));
  assert.equal(results.find("large", false), undefined);
  await results.keep("left", answer("page")).body.cancel();
  assert.equal(results.find("left", false), undefined);
});

test("forms are told apart by method, address and what was sent", async () => {
  const sent = new TextEncoder().encode("a=1").buffer;
  const request = new Request("https://example.org/a", { method: "POST", body: "x" });
  const key = await resultKey(request, sent);
  assert.equal(await resultKey(request, sent), key);
  assert.notEqual(await resultKey(request, undefined), key);
  assert.notEqual(await resultKey(new Request("https://example.org/b", { method: "POST" }), sent), key);
});

test("going back is told by the cache mode", () => {
  const modes = /** @type {const} */ (["default", "no-cache", "reload", "force-cache", "only-if-cached"]);
  const historic = modes.filter((cache) => isHistoric(/** @type {any} */ ({ cache })));
  assert.deepEqual(historic, ["force-cache", "only-if-cached"]);
});

test("of a form that the browser does not name, the only answer of its address is found", async () => {
  const results = new Results();
  const post = "POST https://example.org/form";
  await text(results.keep(`${post} 1`, answer("one")));
  assert.equal(results.find(`${post} 0`, false), undefined);
  assert.equal(await text(results.find(`${post} 0`, true)), "one");
  assert.equal(results.find("POST https://example.org/ 0", true), undefined);
  await text(results.keep(`${post} 2`, answer("two")));
  assert.equal(results.find(`${post} 0`, true), undefined);
});
