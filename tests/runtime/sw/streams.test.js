import assert from "node:assert/strict";
import { test } from "node:test";

import { after, deferred } from "../../../src/tabcorn/runtime/shared/promises.js";
import { Streams } from "../../../src/tabcorn/runtime/sw/streams.js";

class Played {
  cancelled = false;
  #over = deferred();
  get over() {
    return this.#over.promise;
  }
  cancel() {
    this.cancelled = true;
    this.#over.resolve(undefined);
  }
}

/** @param {{ id: string, seen: boolean }} reader */
async function lasting(reader) {
  const alive = new Set();
  /** @type {boolean[]} */
  const told = [];
  const streams = new Streams(async (id) => alive.has(id), (open) => void told.push(open));
  const exchange = new Played();
  streams.watch(/** @type {any} */ (exchange), reader);
  await after(1050);
  return { streams, exchange, alive, told };
}

test("the stream of a page that is gone is ended, and the shells hear of both", async () => {
  const { streams, exchange, alive, told } = await lasting({ id: "page", seen: true });
  alive.add("page");
  await streams.sweep();
  assert.equal(exchange.cancelled, false);
  alive.clear();
  await streams.sweep();
  assert.equal(exchange.cancelled, true);
  await after(0);
  assert.deepEqual(told, [true, false]);
});

test("a download, which never becomes a page, goes on", async () => {
  const { streams, exchange } = await lasting({ id: "reserved", seen: false });
  await streams.sweep();
  await streams.sweep();
  assert.equal(exchange.cancelled, false);
  exchange.cancel();
});

test("a document that was shown and left is ended", async () => {
  const { streams, exchange, alive } = await lasting({ id: "document", seen: false });
  alive.add("document");
  await streams.sweep();
  alive.clear();
  await streams.sweep();
  assert.equal(exchange.cancelled, true);
});

test("every stream that lasts is said to the shells, since one may have opened meanwhile", async () => {
  const { streams, exchange, told } = await lasting({ id: "page", seen: true });
  const second = new Played();
  streams.watch(/** @type {any} */ (second), { id: "other", seen: true });
  await after(1050);
  assert.deepEqual(told, [true, true]);
  exchange.cancel();
  await after(0);
  assert.deepEqual([told.length, streams.open], [2, true]);
  second.cancel();
  await after(0);
  assert.deepEqual([told.at(-1), streams.open], [false, false]);
});
