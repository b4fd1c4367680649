import assert from "node:assert/strict";
import { test } from "node:test";

import { EventSources } from "../../../src/tabcorn/runtime/sw/events.js";

const NAMED = `https://example.org/events?a#tabcorn-events-${crypto.randomUUID()}`;
const OTHER = `https://example.org/events?a#part-tabcorn-events-${crypto.randomUUID()}`;

function setUp({ hidesLastId = true } = {}) {
  /** @type {any[]} */
  const watched = [];
  const sources = new EventSources(hidesLastId, (interrupted) => watched.push(interrupted));
  return { sources, watched };
}

/** @param {string[]} parts  @param {boolean} [breaks] */
function body(parts, breaks = false) {
  return new ReadableStream({
    start(controller) {
      for (const part of parts) controller.enqueue(new TextEncoder().encode(part));
      if (!breaks) controller.close();
    },
    pull: (controller) => controller.error(new Error("the app raised")),
  });
}

/**
 * One connection; what it was asked with, and what the page read.
 *
 * @param {EventSources} sources
 * @param {string} url
 * @param {ReadableStream} stream
 */
async function connect(sources, url, stream) {
  const source = sources.find(url, "page");
  assert.ok(source);
  const asked = source.withLastId([["accept", "text/event-stream"]]);
  const text = await new Response(source.through(stream)).text();
  return { asked: new Map(asked).get("last-event-id"), text };
}

test("what is no event source is none", () => {
  const { sources } = setUp();
  assert.equal(sources.find("https://example.org/events#part", "page"), undefined);
});

test("a reconnection is asked with the last id, in UTF-8", async () => {
  const { sources } = setUp();
  const first = await connect(sources, NAMED, body(["id: é\n", "\n"]));
  assert.deepEqual(first, { asked: undefined, text: "id: é\n\n" });
  assert.equal((await connect(sources, OTHER, body(["id: 7\n\n"]))).asked, undefined);
  assert.equal((await connect(sources, NAMED, body([]))).asked, "Ã©");
  assert.equal((await connect(sources, NAMED, body(["id\n\n"]))).asked, "Ã©");
  assert.equal((await connect(sources, NAMED, body([]))).asked, undefined);
});

test("where the engine shows it, its word counts", async () => {
  const { sources } = setUp({ hidesLastId: false });
  await connect(sources, NAMED, body(["id: 1\n\n"]));
  assert.equal((await connect(sources, NAMED, body([]))).asked, undefined);
});

test("a stream that breaks off ends, and comes back", async () => {
  const { sources } = setUp();
  const { text } = await connect(sources, NAMED, body(["id: 1\n\n"], true));
  assert.equal(text, "id: 1\n\n");
  assert.equal((await connect(sources, NAMED, body([]))).asked, "1");
});

test("one that the page has closed is forgotten", async () => {
  const { sources, watched } = setUp();
  await connect(sources, NAMED, body(["id: 1\n\n"]));
  sources.closed(NAMED);
  await watched[0].over;
  assert.equal((await connect(sources, NAMED, body([]))).asked, undefined);
});

test("one whose page is gone is forgotten", async () => {
  const { sources, watched } = setUp();
  await connect(sources, NAMED, body(["id: 1\n\n"]));
  watched[0].cancel();
  await watched[0].over;
  assert.equal((await connect(sources, NAMED, body([]))).asked, undefined);
});

test("a page that reads no further cancels the answer, and is not waited for", async () => {
  const { sources, watched } = setUp();
  /** @type {unknown} */
  let cancelled;
  const endless = new ReadableStream({ cancel: (reason) => void (cancelled = reason) });
  const reader = sources.find(NAMED, "page")?.through(endless).getReader();
  await reader?.cancel("enough");
  await new Promise((resolve) => setTimeout(resolve, 10));
  assert.equal(cancelled, "enough");
  assert.equal(watched.length, 0);
});
