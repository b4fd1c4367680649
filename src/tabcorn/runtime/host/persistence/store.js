/**
 * Kept files on disk: an IndexedDB database of the site's own.
 *
 * Runs in the host worker. There is one writer: a host claims the database when it loads, and one
 * that has been replaced since can write no more, which each commit checks in its own transaction.
 * A commit is all or nothing, and on disk when it ends.
 */

import { committed, openDatabase } from "../database.js";
import { BLOCK } from "./changes.js";

/** @import { NodeRecord } from "./tree.js" */

/** A database that does not open must not keep the app from starting without a word. */
const PATIENCE_MS = 10_000;

const STORES = ["nodes", "blocks", "writer"];

/**
 * @typedef {object} Batch
 * @property {Map<string, NodeRecord | undefined>} nodes by path; undefined: it has none any more
 * @property {{ id: number, n: number, bytes: Uint8Array<ArrayBuffer> }[]} blocks
 * @property {{ id: number, from: number }[]} cut blocks that are no more, from the one of this number
 */

/** The database belongs to another host now. */
export class Replaced extends Error {
  name = "Replaced";
}

export class FileStore {
  /** @type {Promise<IDBDatabase> | undefined} */
  #database;
  /** Who is to be the writer for this host to be. @type {unknown} */
  #before;

  /**
   * @param {string} name of the database
   * @param {string} host this host's identity
   */
  constructor(name, host) {
    this.name = name;
    this.host = host;
  }

  /**
   * Claim the database and read it. On a full disk it cannot be claimed yet, and is read all the same.
   *
   * @returns {Promise<Loaded>}
   *
   * @typedef {object} Loaded
   * @property {Map<string, NodeRecord>} nodes by path
   * @property {(id: number, size: number) => Uint8Array<ArrayBuffer>} contents of a file
   * @property {boolean} full whether nothing can be written now
   */
  async load() {
    try {
      const transaction = await this.#begin("readwrite");
      transaction.objectStore("writer").put(this.host, "host");
      const loaded = await read(transaction);
      this.#before = this.host;
      return { ...loaded, full: false };
    } catch (error) {
      if (/** @type {Error} */ (error).name !== "QuotaExceededError") throw error;
      const transaction = await this.#begin("readonly");
      const writer = transaction.objectStore("writer").get("host");
      const loaded = await read(transaction);
      this.#before = writer.result;
      return { ...loaded, full: true };
    }
  }

  /**
   * @param {Batch} batch
   * @returns {Promise<void>} when it is on disk
   * @throws {Replaced | DOMException} nothing of it is stored then
   */
  async commit({ nodes, blocks, cut }) {
    const transaction = await this.#begin("readwrite");
    const writer = transaction.objectStore("writer").get("host");
    writer.onsuccess = () => {
      if (writer.result !== this.#before) return transaction.abort();
      if (this.#before !== this.host) transaction.objectStore("writer").put(this.host, "host");
      const [records, contents] = [transaction.objectStore("nodes"), transaction.objectStore("blocks")];
      for (const { id, from } of cut) contents.delete(IDBKeyRange.bound([id, from], [id, Infinity]));
      for (const { id, n, bytes } of blocks) contents.put(bytes.buffer, [id, n]);
      for (const [path, record] of nodes) {
        if (record) records.put(record, path);
        else records.delete(path);
      }
    };
    await committed(transaction, new Replaced("Another instance of this app has taken over its files."));
    this.#before = this.host;
  }

  /** @param {IDBTransactionMode} mode */
  async #begin(mode) {
    const database = await (this.#database ??= openDatabase(this.name, PATIENCE_MS, createStores));
    return database.transaction(STORES, mode, { durability: "strict" });
  }
}

/** @param {IDBDatabase} database */
function createStores(database) {
  for (const store of STORES) database.createObjectStore(store);
}

/**
 * @param {IDBTransaction} transaction
 * @returns {Promise<Omit<Loaded, "full">>}
 */
async function read(transaction) {
  const nodes = transaction.objectStore("nodes");
  const blocks = transaction.objectStore("blocks");
  const [paths, records] = [nodes.getAllKeys(), nodes.getAll()];
  const [keys, values] = [blocks.getAllKeys(), blocks.getAll()];
  await committed(transaction, new Error("The transaction was aborted."));
  const found = paths.result.map((path, n) => /** @type {[string, NodeRecord]} */ ([path, records.result[n]]));
  return { nodes: new Map(found), contents: reader(keys.result, values.result) };
}

/**
 * @param {IDBValidKey[]} keys [id, n]
 * @param {ArrayBuffer[]} values
 */
function reader(keys, values) {
  /** @type {Map<number, [n: number, bytes: ArrayBuffer][]>} */
  const files = new Map();
  keys.forEach((key, at) => {
    const [id, n] = /** @type {[number, number]} */ (key);
    const blocks = files.get(id) ?? [];
    files.set(id, blocks);
    blocks.push([n, /** @type {ArrayBuffer} */ (values[at])]);
  });
  return (/** @type {number} */ id, /** @type {number} */ size) => {
    const bytes = new Uint8Array(size);
    for (const [n, block] of files.get(id) ?? []) {
      const room = size - n * BLOCK;
      if (room > 0) bytes.set(new Uint8Array(block, 0, Math.min(block.byteLength, room)), n * BLOCK);
    }
    return bytes;
  };
}
