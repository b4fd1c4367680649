import assert from "node:assert/strict";
import { test } from "node:test";

import { Store } from "../../../src/tabcorn/runtime/sw/stored.js";

const MB = 1024 * 1024;

/** @param {number} size  @param {number} asked */
const stored = (size, asked) =>
  /** @type {import("../../../src/tabcorn/runtime/sw/stored.js").Stored} */ ({
    ...{ status: 200, reason: "OK", headers: [], variant: "[]", times: { asked, received: asked } },
    bytes: new ArrayBuffer(size),
  });

/** @param {Store} store  @param {string} key */
const put = (store, key, { size = MB, asked = 1 } = {}) => store.put(key, stored(size, asked));

test("those used last are held, and no more than 16 MB of them", () => {
  /** @type {string[]} */
  const told = [];
  const store = new Store((key) => told.push(key));
  for (let i = 0; i < 15; i++) put(store, `${i}`);
  store.find("0");
  put(store, "0");
  put(store, "large", { size: 2 * MB });
  assert.deepEqual(store.keys, [...Array.from({ length: 12 }, (_, i) => `${i + 3}`), "0", "large"]);
  assert.equal(told.length, 16);
  assert.equal(store.find("1"), undefined);
});

test("what was asked for before its address was dropped is not put in", () => {
  const store = new Store(() => {});
  put(store, "a");
  store.drop("a", 10);
  assert.equal(store.find("a"), undefined);
  put(store, "a", { asked: 10 });
  put(store, "b", { asked: 10 });
  assert.deepEqual(store.keys, ["b"]);
  put(store, "a", { asked: 11 });
  assert.deepEqual(store.keys, ["b", "a"]);
});

test("clearing drops all, and all that is to come", () => {
  const store = new Store(() => {});
  put(store, "a");
  store.clear(10);
  put(store, "b", { asked: 10 });
  assert.deepEqual(store.keys, []);
  put(store, "b", { asked: 11 });
  assert.deepEqual(store.keys, ["b"]);
});

test("of many that were dropped, the oldest stands for all before it", () => {
  const store = new Store(() => {});
  for (let i = 0; i <= 500; i++) store.drop(`${i}`, 10 + i);
  put(store, "other", { asked: 10 });
  put(store, "500", { asked: 510 });
  assert.deepEqual(store.keys, []);
  put(store, "other", { asked: 11 });
  assert.deepEqual(store.keys, ["other"]);
});
