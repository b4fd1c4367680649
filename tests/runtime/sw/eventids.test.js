import assert from "node:assert/strict";
import { test } from "node:test";

import { LastEventId } from "../../../src/tabcorn/runtime/sw/eventids.js";

/** @param {string} text  @param {string} [before]  @param {number} [size] bytes a piece */
function lastId(text, before = "", size = Infinity) {
  const ids = new LastEventId(before);
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += size) ids.read(bytes.slice(at, at + size));
  return ids.value;
}

/** What a stream leaves behind, if the one before left `0`. @type {[string, string][]} */
const STREAMS = [
  ["", "0"],
  ["data: a\n\n", "0"],
  ["id: 1\ndata: a\n\n", "1"],
  ["id:1\n\n", "1"],
  ["id:  1 \n\n", " 1 "],
  ["id: 1\n", "0"],
  ["id: 1\n\nid: 2\ndata: a\n", "1"],
  ["id\n\n", ""],
  ["id:\n\n", ""],
  ["id: a\0b\n\n", "0"],
  ["id: é€😀\n\n", "é€😀"],
  ["id: 1\r\n\r\nid: 2\r\n", "1"],
  ["id: 1\r\rid: 2\r", "1"],
  ["id: 1\r\n\n", "1"],
  ["id: 1\n\r", "1"],
  ["id: 1\r", "0"],
  ["idx: 1\n\n", "0"],
  [" id: 1\n\n", "0"],
  ["ID: 1\n\n", "0"],
  ["i\nd: 1\n\n", "0"],
  [": id: 1\n\n", "0"],
  ["\ufeffid: 1\n\n", "1"],
  ["\ufeff\ufeffid: 1\n\n", "0"],
  [`data: ${"x".repeat(300_000)}\nid: 1\n\n`, "1"],
];

for (const [text, expected] of STREAMS) {
  test(`${JSON.stringify(text.slice(0, 40))} leaves ${JSON.stringify(expected)}`, () => {
    for (const size of [1, 2, 3, 7, Infinity]) {
      if (text.length > 1000 && size < 3) continue;
      assert.equal(lastId(text, "0", size), expected, `in pieces of ${size}`);
    }
  });
}
