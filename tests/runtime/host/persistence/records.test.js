/** What has to be written, from what is there and what is stored. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { BLOCK } from "../../../../src/tabcorn/runtime/host/persistence/changes.js";
import { Records } from "../../../../src/tabcorn/runtime/host/persistence/records.js";

/** @import { NodeRecord } from "../../../../src/tabcorn/runtime/host/persistence/tree.js" */

const FOLDER = 0o40755;
const FILE = 0o100644;
const LINK = 0o120777;

/** A file system of few words: nodes by their path. */
class Tree {
  /** @type {Map<string, any>} */
  nodes = new Map();

  /** @param {string} path  @param {number} size */
  file(path, size) {
    const node = { mode: FILE, mtime: 1, usedBytes: size, contents: new Uint8Array(size).fill(1) };
    this.nodes.set(path, node);
    return node;
  }

  /** @param {string} from  @param {string} to */
  rename(from, to) {
    this.nodes.set(to, this.nodes.get(from));
    this.nodes.delete(from);
  }

  get found() {
    return [...this.nodes].map(([path, node]) => ({ path, node }));
  }

  get FS() {
    return {
      isDir: (/** @type {number} */ mode) => mode === FOLDER,
      isLink: (/** @type {number} */ mode) => mode === LINK,
      readFile: (/** @type {string} */ path) => this.nodes.get(path).contents,
    };
  }

  /** @param {Map<string, NodeRecord>} [stored] */
  records(stored = new Map()) {
    return new Records(this.FS, this.found, stored, (path) => this.nodes.get(path));
  }
}

/** @param {Iterable<[any, number[]]>} changed */
const changes = (changed = []) => new Map([...changed].map(([node, numbers]) => [node, new Set(numbers)]));

test("what came with the build and is as it came is not stored", () => {
  const tree = new Tree();
  tree.file("/d/shipped", 10);
  const { batch } = tree.records().advance(tree.found, changes());
  assert.deepEqual([batch.nodes.size, batch.blocks.length], [0, 0]);
});

test("what came with it and was changed is stored whole", () => {
  const tree = new Tree();
  const node = tree.file("/d/shipped", 2 * BLOCK + 1);
  const { batch } = tree.records().advance(tree.found, changes([[node, [1]]]));
  assert.equal(batch.nodes.get("/d/shipped")?.kind, "file");
  assert.deepEqual(batch.blocks.map(({ n, bytes }) => [n, bytes.length]), [[0, BLOCK], [1, BLOCK], [2, 1]]);
});

test("then only the blocks that were written", () => {
  const tree = new Tree();
  const records = tree.records();
  const node = tree.file("/d/new", 3 * BLOCK);
  records.advance(tree.found, changes([[node, [0, 1, 2]]])).stored();
  const { batch } = records.advance(tree.found, changes([[node, [1]]]));
  assert.deepEqual(batch.blocks.map(({ n }) => n), [1]);
  assert.equal(batch.nodes.size, 0);
});

test("a copy is stored: Python goes on writing", () => {
  const tree = new Tree();
  const records = tree.records();
  const node = tree.file("/d/new", 10);
  const { batch } = records.advance(tree.found, changes());
  node.contents.fill(2);
  assert.deepEqual(batch.blocks[0]?.bytes, new Uint8Array(10).fill(1));
});

test("a file that is renamed keeps its blocks", () => {
  const tree = new Tree();
  const records = tree.records();
  tree.file("/d/a", 10);
  records.advance(tree.found, changes()).stored();
  tree.rename("/d/a", "/d/b");
  const { batch } = records.advance(tree.found, changes());
  assert.deepEqual([...batch.nodes.keys()].sort(), ["/d/a", "/d/b"]);
  assert.equal(batch.nodes.get("/d/a"), undefined);
  assert.deepEqual([batch.blocks, batch.cut], [[], []]);
});

test("blocks of what is gone or shorter go", () => {
  const tree = new Tree();
  const records = tree.records();
  tree.file("/d/gone", 10);
  const node = tree.file("/d/cut", 3 * BLOCK);
  records.advance(tree.found, changes()).stored();
  tree.nodes.delete("/d/gone");
  node.usedBytes = BLOCK + 5;
  const { batch } = records.advance(tree.found, changes([[node, [1, 2]]]));
  assert.deepEqual(batch.cut, [{ id: 1, from: 0 }, { id: 2, from: 2 }]);
  assert.deepEqual(batch.blocks.map(({ n, bytes }) => [n, bytes.length]), [[1, 5]]);
});

test("what came with the build and was removed stays away", () => {
  const tree = new Tree();
  tree.file("/d/shipped", 10);
  const records = tree.records();
  tree.nodes.delete("/d/shipped");
  const { batch } = records.advance(tree.found, changes());
  assert.deepEqual(batch.nodes.get("/d/shipped"), { kind: "gone" });
  // Also when a later build does not have it.
  const later = new Tree().records(new Map([["/d/shipped", { kind: "gone" }]]));
  assert.equal(later.advance([], changes()).batch.nodes.size, 0);
});

test("what could not be stored is in the next step, with what was built on it", () => {
  const tree = new Tree();
  const records = tree.records();
  const first = tree.file("/d/first", 10);
  const one = records.advance(tree.found, changes([[first, [0]]]));
  tree.file("/d/second", 10);
  const two = records.advance(tree.found, changes());
  one.takeBack();
  two.takeBack();
  const { batch } = records.advance(tree.found, changes([[first, [0]]]));
  assert.deepEqual([...batch.nodes.keys()].sort(), ["/d/first", "/d/second"]);
  assert.equal(batch.blocks.length, 2);
});
