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

/** @param {object[]} writes  @param {string} [frameType]  @param {string} [id] */
function page(writes, frameType = "nested", id = "page") {
  /** @type {any[]} */
  const heard = [];
  const postMessage = (/** @type {any} */ message) => {
    heard.push(message.type);
    message.reply.postMessage({ type: "tabcorn.cookies.write", document: "d", writes });
    setTimeout(() => message.reply.close());
  };
  return { id, frameType, postMessage, heard };
}

const silent = { id: "page", frameType: "nested", postMessage: (/** @type {any} */ { reply }) => reply.close() };

test("a navigation waits for what documents have written", async () => {
  const written = [{ seq: 1, path: "/", line: "a=1" }];
  const shell = page([], "top-level");
  const { cookies, sent } = setUp([shell, page([]), page(written)]);
  await cookies.flush();
  assert.deepEqual(sent, [{ type: "tabcorn.cookies.write", document: "d", writes: written }]);
  assert.deepEqual(shell.heard, []);
});

/** @param {string} destination  @param {string} [accept] */
const request = (destination, accept = "*/*") =>
  /** @type {any} */ ({ destination, headers: new Headers({ accept }) });

test("so does an event source, for its own document", async () => {
  const [own, other] = [page([]), page([], "nested", "other")];
  await setUp([own, other]).cookies.settle("page", request("", "text/event-stream"));
  assert.deepEqual([own.heard.length, other.heard.length], [1, 0]);
});

test("and an image or a script, where the document has set a cookie before", async () => {
  const own = page([{ seq: 1, path: "/", line: "a=1" }]);
  const { cookies } = setUp([own]);
  await cookies.settle("page", request("image"));
  assert.deepEqual(own.heard, []);
  await cookies.forward({ type: "tabcorn.cookies.write", document: "d", writes: [] }, "page");
  await cookies.settle("page", request("image"));
  await cookies.settle("page", request("")); // by fetch, which waits in the page
  assert.deepEqual(own.heard, ["tabcorn.cookies.flush"]);
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
