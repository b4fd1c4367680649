/** What is packed comes back, and what was spoilt is refused. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { pack, SLICES, unpack } from "../../../../src/tabcorn/runtime/host/snapshot/image.js";

/** @import { Image } from "../../../../src/tabcorn/runtime/host/snapshot/image.js" */

const PAGE = 65536;
const META = { table: 15574, handles: [["1", "/lib/ö.so"]] };

/** @param {number} pages  @param {number[]} full the pages that hold something */
function memory(pages, full) {
  const bytes = new Uint8Array(pages * PAGE);
  for (const page of full) bytes.fill(page + 1, page * PAGE + 3, (page + 1) * PAGE);
  return bytes;
}

/** @param {Image} image */
function read({ head, slices }) {
  return unpack(Promise.resolve(head), slices.map((slice) => Promise.resolve(slice)));
}

const MANY = Array.from({ length: 30 }, (_, n) => n * 2);

for (const full of [[], [0], [59], [0, 1, 2], [1, 2, 5, 9], MANY, [...Array(60).keys()]]) {
  test(`memory comes back when pages ${full} are full`, async () => {
    const kept = memory(60, full);
    const { meta, size, restore } = await read(pack(kept, META));
    const target = new Uint8Array(62 * PAGE).fill(7); // it may have been larger, and is never clean
    restore(target);
    assert.deepEqual(meta, META);
    assert.equal(size, kept.length);
    assert.ok(Buffer.from(kept).equals(target.subarray(0, size)));
    assert.ok(target.subarray(size).every((byte) => byte === 0));
  });
}

test("empty pages take no room, and the number of slices is always the same", () => {
  const { slices } = pack(memory(100, [3]), META);
  assert.equal(slices.length, SLICES);
  assert.equal(slices.reduce((sum, { length }) => sum + length, 0), PAGE);
});

/**
 * A copy with one of its parts changed.
 *
 * @param {number} part 0 is the head
 * @param {(bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>} change
 */
function spoilt(part, change) {
  const { head, slices } = pack(memory(40, MANY.slice(0, 20)), META);
  const [first, ...others] = [head, ...slices].map((bytes, n) => (n === part ? change(bytes) : bytes));
  return { head: /** @type {Uint8Array<ArrayBuffer>} */ (first), slices: others };
}

for (const part of [0, 1, 4]) {
  test(`what was cut is refused, part ${part}`, async () => {
    for (const cut of [1, 4, 64]) {
      await assert.rejects(read(spoilt(part, (bytes) => bytes.slice(0, -cut))), /cut short|damaged/);
      await assert.rejects(read(spoilt(part, (bytes) => bytes.slice(0, cut))), /cut short|damaged|format/);
    }
    await assert.rejects(read(spoilt(part, () => new Uint8Array())), /cut short/);
  });

  test(`one changed bit is found, part ${part}`, async () => {
    const { head, slices } = spoilt(part, (bytes) => bytes);
    const { length } = [head, ...slices][part] ?? head;
    for (let at = part === 0 ? 24 : 0; at < length; at += part === 0 ? 5 : 12_347) {
      const flip = (/** @type {Uint8Array<ArrayBuffer>} */ bytes) => {
        bytes[at] = /** @type {number} */ (bytes[at]) ^ 4;
        return bytes;
      };
      await assert.rejects(read(spoilt(part, flip)), /cut short|damaged/, `at ${at}`);
    }
  });
}

test("slices that were mixed up are found", async () => {
  const { head, slices } = pack(memory(40, MANY.slice(0, 16)), META);
  await assert.rejects(read({ head, slices: slices.toReversed() }), /damaged/);
});

test("an image of another format is refused", async () => {
  const other = spoilt(0, (bytes) => {
    new Uint32Array(bytes.buffer)[1] = 99;
    return bytes;
  });
  await assert.rejects(read(other), /another format/);
});
