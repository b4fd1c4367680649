import assert from "node:assert/strict";
import { test } from "node:test";

import { pack, unpack } from "../../../../src/tabcorn/runtime/host/snapshot/image.js";

const PAGE = 65536;
const META = { table: 15574, handles: [["1", "/lib/ö.so"]] };

/** @param {number} pages  @param {number[]} full the pages that hold something */
function memory(pages, full) {
  const bytes = new Uint8Array(pages * PAGE);
  for (const page of full) bytes.fill(page + 1, page * PAGE + 3, (page + 1) * PAGE);
  return bytes;
}

for (const full of [[], [0], [9], [0, 1, 2], [1, 2, 5, 9], [0, 2, 4, 6, 8]]) {
  test(`memory comes back when pages ${full} are full`, () => {
    const kept = memory(10, full);
    const { meta, size, restore } = unpack(pack(kept, META));
    const target = new Uint8Array(12 * PAGE).fill(7); // it may have been larger, and is never clean
    restore(target);
    assert.deepEqual(meta, META);
    assert.equal(size, kept.length);
    assert.deepEqual(target.subarray(0, size), kept);
    assert.ok(target.subarray(size).every((byte) => byte === 0));
  });
}

test("empty pages take no room", () => {
  assert.ok(pack(memory(100, [3]), META).length < 2 * PAGE);
});

const IMAGE = pack(memory(10, [1, 2, 5]), META);

test("what was cut is refused, wherever", () => {
  for (const length of [0, 8, 32, 100, PAGE, IMAGE.length - PAGE, IMAGE.length - 4, IMAGE.length - 1]) {
    assert.throws(() => unpack(IMAGE.slice(0, length)), /cut short|format|damaged/);
  }
});

test("one changed bit is found, wherever", () => {
  for (let at = 0; at < IMAGE.length; at += 12_347) {
    const damaged = IMAGE.slice();
    damaged[at] ^= 4;
    if (at >= 28 && at < 32) continue; // the header's spare word
    assert.throws(() => unpack(damaged), /cut short|format|damaged/, `at ${at}`);
  }
});

test("pages that were mixed up are found", () => {
  const mixed = IMAGE.slice();
  const start = IMAGE.length - 3 * PAGE;
  mixed.set(IMAGE.subarray(start, start + PAGE), start + PAGE);
  mixed.set(IMAGE.subarray(start + PAGE, start + 2 * PAGE), start);
  assert.throws(() => unpack(mixed), /damaged/);
});

test("an image of another format is refused", () => {
  const other = IMAGE.slice();
  new Uint32Array(other.buffer)[1] = 99;
  assert.throws(() => unpack(other), /another format/);
});
