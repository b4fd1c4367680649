import assert from "node:assert/strict";
import { test } from "node:test";

import { first, flatten, unflatten } from "../../../src/tabcorn/runtime/shared/headers.js";

/** @type {import("../../../src/tabcorn/runtime/protocol.js").HeaderPairs[]} */
const LISTS = [
  [],
  [["a", ""]],
  [["a", "1"], ["a", "2"], ["b", ""], ["c", "\u00ff: x, y"]],
];

for (const pairs of LISTS) {
  test(`there and back: ${JSON.stringify(pairs)}`, () => {
    assert.deepEqual(unflatten(flatten(pairs)), pairs);
  });
}

test("the first of several values", () => {
  assert.equal(first([["a", "1"], ["b", "2"], ["b", "3"]], "b"), "2");
  assert.equal(first([], "b"), "");
});
