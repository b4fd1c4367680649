/**
 * From what the file system is now to what has to be written: the difference to what is stored.
 *
 * Runs in the host worker; knows files by their nodes, which keep their identity when they are
 * renamed, and stores them under numbers. What came with the build and is as it came has no record: a
 * later build may bring another. What came with it and is gone has one, or it would come back.
 */

import { BLOCK } from "./changes.js";

/** @import { Blocks } from "./changes.js" */
/** @import { Batch } from "./store.js" */
/** @import { Found, NodeRecord } from "./tree.js" */

/**
 * @typedef {{ batch: Batch, stored: () => void, takeBack: () => void }} Step one of the two is to be
 *   called, for one step after the other; after a failure the later ones are to be taken back too
 */

export class Records {
  /** What is stored. @type {Map<string, NodeRecord>} */
  #stored;
  /** What will be, when all steps are. @type {Map<string, NodeRecord>} */
  #planned;
  /** What came with the build. @type {Map<string, { node: any, mode: number, mtime: number }>} */
  #shipped;
  /** @type {Map<any, number>} */
  #ids = new Map();
  #nextId = 1;

  /**
   * @param {any} FS Emscripten's
   * @param {Found[]} shipped what was there before anything stored was put there
   * @param {Map<string, NodeRecord>} stored what has been put there since
   * @param {(path: string) => any} nodeAt
   */
  constructor(FS, shipped, stored, nodeAt) {
    this.FS = FS;
    this.#stored = this.#planned = stored;
    this.#shipped = new Map(shipped.map(({ path, node }) => [path, { node, mode: node.mode, mtime: node.mtime }]));
    for (const [path, record] of stored) {
      if (record.kind !== "file") continue;
      this.#ids.set(nodeAt(path), record.id);
      this.#nextId = Math.max(this.#nextId, record.id + 1);
    }
  }

  /**
   * @param {Found[]} found all that is there now
   * @param {Blocks} changed blocks that were written, by their file's node
   * @returns {Step}
   */
  advance(found, changed) {
    const before = this.#planned;
    /** Files that the store knows nothing of. @type {Set<any>} */
    const fresh = new Set();
    const after = this.#recordsOf(found, changed, fresh);
    this.#planned = after;
    const contents = this.#contents(found, after, changed, fresh);
    return {
      batch: { nodes: difference(before, after), blocks: contents, cut: cut(before, after) },
      stored: () => {
        this.#stored = after;
      },
      takeBack: () => {
        for (const node of fresh) this.#ids.delete(node);
        this.#planned = this.#stored;
      },
    };
  }

  /**
   * @param {Found[]} found
   * @param {Blocks} changed
   * @param {Set<any>} fresh
   * @returns {Map<string, NodeRecord>}
   */
  #recordsOf(found, changed, fresh) {
    /** @type {Map<string, NodeRecord>} */
    const records = new Map();
    for (const { path, node } of found) {
      if (!this.#isAsShipped(path, node, changed)) records.set(path, this.#recordOf(node, fresh));
    }
    const there = new Set(found.map(({ path }) => path));
    const gone = [...this.#planned].filter(([, { kind }]) => kind === "gone").map(([path]) => path);
    for (const path of [...this.#shipped.keys(), ...gone]) {
      if (!there.has(path)) records.set(path, { kind: "gone" });
    }
    return records;
  }

  /**
   * @param {string} path
   * @param {any} node
   * @param {Blocks} changed
   */
  #isAsShipped(path, node, changed) {
    const shipped = this.#shipped.get(path);
    if (!shipped || shipped.node !== node || shipped.mode !== node.mode) return false;
    if (this.FS.isDir(node.mode)) return true;
    return node.mtime === shipped.mtime && !changed.has(node) && !this.#ids.has(node);
  }

  /**
   * @param {any} node
   * @param {Set<any>} fresh
   * @returns {NodeRecord}
   */
  #recordOf(node, fresh) {
    const { mode, mtime } = node;
    if (this.FS.isDir(mode)) return { kind: "folder", mode, mtime };
    if (this.FS.isLink(mode)) return { kind: "link", target: node.link };
    return { kind: "file", id: this.#idOf(node, fresh), size: node.usedBytes, mode, mtime };
  }

  /**
   * @param {any} node
   * @param {Set<any>} fresh
   */
  #idOf(node, fresh) {
    let id = this.#ids.get(node);
    if (id === undefined) {
      id = this.#nextId++;
      this.#ids.set(node, id);
      fresh.add(node);
    }
    return id;
  }

  /**
   * @param {Found[]} found
   * @param {Map<string, NodeRecord>} records
   * @param {Blocks} changed
   * @param {Set<any>} fresh
   * @returns {Batch["blocks"]}
   */
  #contents(found, records, changed, fresh) {
    return found.flatMap(({ path, node }) => {
      const record = records.get(path);
      if (record?.kind !== "file") return [];
      const { id, size } = record;
      const count = Math.ceil(size / BLOCK);
      if (fresh.has(node)) return blocks(id, this.FS.readFile(path), Array(count).keys());
      const numbers = [...(changed.get(node) ?? [])].filter((n) => n < count);
      return blocks(id, node.contents.subarray(0, size), numbers);
    });
  }
}

/**
 * Copies, since Python goes on writing.
 *
 * @param {number} id
 * @param {Uint8Array} bytes
 * @param {Iterable<number>} numbers
 */
function blocks(id, bytes, numbers) {
  return Array.from(numbers, (n) => ({ id, n, bytes: bytes.slice(n * BLOCK, (n + 1) * BLOCK) }));
}

/**
 * @param {Map<string, NodeRecord>} before
 * @param {Map<string, NodeRecord>} after
 * @returns {Batch["nodes"]}
 */
function difference(before, after) {
  /** @type {Batch["nodes"]} */
  const nodes = new Map();
  for (const [path, record] of after) {
    if (JSON.stringify(record) !== JSON.stringify(before.get(path))) nodes.set(path, record);
  }
  for (const path of before.keys()) if (!after.has(path)) nodes.set(path, undefined);
  return nodes;
}

/**
 * @param {Map<string, NodeRecord>} before
 * @param {Map<string, NodeRecord>} after
 * @returns {Batch["cut"]}
 */
function cut(before, after) {
  const sizes = new Map(files(after));
  return files(before).flatMap(([id, size]) => {
    const left = sizes.get(id) ?? 0;
    return left < size ? [{ id, from: Math.ceil(left / BLOCK) }] : [];
  });
}

/** @param {Map<string, NodeRecord>} records @returns {[id: number, size: number][]} */
function files(records) {
  return [...records.values()].flatMap((record) => (record.kind === "file" ? [[record.id, record.size]] : []));
}
