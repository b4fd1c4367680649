/** Buffers are freed as soon as they are read, and not before. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { release, released } from "../../../src/tabcorn/runtime/shared/release.js";

/** @param {string[]} texts */
function bodyOf(texts) {
  const seen = { chunks: texts.map((text) => new TextEncoder().encode(text)), cancelled: undefined };
  const left = [...seen.chunks];
  /** @type {ReadableStream<Uint8Array<ArrayBuffer>>} */
  const body = new ReadableStream({
    pull(controller) {
      const chunk = left.shift();
      if (chunk) controller.enqueue(chunk);
      else controller.close();
    },
    cancel(reason) {
      seen.cancelled = reason;
    },
  });
  return { body, seen };
}

test("a released buffer is empty", () => {
  const buffer = new ArrayBuffer(8);
  release(buffer);
  assert.equal(buffer.byteLength, 0);
});

test("a chunk can be read until the next one is asked for", async () => {
  const { body, seen } = bodyOf(["a", "bc", "d"]);
  const reader = released(body).getReader();
  let text = "";
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    await new Promise((resolve) => setTimeout(resolve, 2)); // nothing is asked for ahead
    text += new TextDecoder().decode(part.value);
  }
  assert.equal(text, "abcd");
  assert.deepEqual(seen.chunks.map(({ byteLength }) => byteLength), [0, 0, 0]);
});

test("an end that is none, and a page that leaves, pass through", async () => {
  const broken = new ReadableStream({ start: (controller) => controller.error(new Error("broken")) });
  await assert.rejects(released(broken).getReader().read(), { message: "broken" });
  const { body, seen } = bodyOf(["a", "b"]);
  await released(body).cancel("left");
  assert.equal(seen.cancelled, "left");
});
