/** Cookies between documents and the host: what a navigation and an answer wait for. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { PageCookies } from "../../../src/tabcorn/runtime/sw/cookies.js";

/** @param {any[]} pages */
function setUp(pages) {
  /** @type {any[]} */
  const sent = [];
  const link = { connection: async () => ({ send: (/** @type {any} */ message) => sent.push(message) }) };
  return { cookies: new PageCookies(/** @type {any} */ (link), async () => pages), sent };
}

/** @param {object[]} writes  @param {string} [frameType] */
function page(writes, frameType = "nested") {
  /** @type {any[]} */
  const heard = [];
  const postMessage = (/** @type {any} */ message) => {
    heard.push(message.type);
    message.reply.postMessage({ type: "tabcorn.cookies.write", document: "d", writes });
    setTimeout(() => message.reply.close());
  };
  return { frameType, postMessage, heard };
}

const silent = { frameType: "nested", postMessage: (/** @type {any} */ { reply }) => reply.close() };

test("a navigation waits for what documents have written", async () => {
  const written = [{ seq: 1, path: "/", line: "a=1" }];
  const shell = page([], "top-level");
  const { cookies, sent } = setUp([shell, page([]), page(written)]);
  await cookies.flush();
  assert.deepEqual(sent, [{ type: "tabcorn.cookies.write", document: "d", writes: written }]);
  assert.deepEqual(shell.heard, []);
});

test("but not for ever", async () => {
  const { cookies } = setUp([silent]);
  await cookies.flush();
  await cookies.show(silent, { version: 1, sight: "{}" });
});

test("an answer waits until its page has seen the cookies", async () => {
  const one = page([]);
  await setUp([]).cookies.show(one, { version: 1, sight: "{}" });
  assert.deepEqual(one.heard, ["tabcorn.cookies.state"]);
});
