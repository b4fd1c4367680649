/**
 * The cookies on disk: a small IndexedDB database of the site's own.
 *
 * Runs in the host worker. There is one writer: a host claims the database when it loads, and one
 * that has been replaced since can write no more, which each commit checks in its own transaction.
 */

import { committed, openDatabase } from "./database.js";

/** @import { Site } from "../shared/site.js" */

/** A database that does not open must not keep the app from starting. */
const PATIENCE_MS = 5000;

const REPLACED = "Another host of this site has taken over.";

/**
 * A cookie as the server made it, and the browser session it belongs to if it ends with that.
 *
 * @typedef {{ key: string, cookie: { expires: number | null }, session: string }} Row
 * @typedef {{ key: string, cookie: { expires: number | null } | null }} Change null: it is gone
 */

export class CookieStore {
  /** @type {Promise<IDBDatabase> | undefined} */
  #database;

  /**
   * @param {Site} site
   * @param {string} host this host's identity
   */
  constructor(site, host) {
    this.site = site;
    this.host = host;
  }

  /**
   * Claim the database and read it.
   *
   * @returns {Promise<Row[]>}
   */
  async load() {
    const database = await (this.#database = open(this.site.cookieDatabase));
    const transaction = begin(database);
    transaction.objectStore("writer").put(this.host, "host");
    const rows = transaction.objectStore("cookies").getAll();
    await committed(transaction, new Error(REPLACED));
    return rows.result;
  }

  /**
   * @param {Change[]} changes
   * @param {string} session that cookies without an expiry belong to
   * @returns {Promise<void>} settles when they are on disk
   */
  async save(changes, session) {
    if (!this.#database) return; // it could not be read either, and that was said
    const lasting = changes.some(({ cookie }) => cookie?.expires !== null);
    const transaction = begin(await this.#database, lasting ? "strict" : "relaxed");
    const writer = transaction.objectStore("writer").get("host");
    writer.onsuccess = () => {
      if (writer.result !== this.host) return transaction.abort();
      const cookies = transaction.objectStore("cookies");
      for (const { key, cookie } of changes) {
        if (cookie) cookies.put({ key, cookie, session: cookie.expires === null ? session : "" });
        else cookies.delete(key);
      }
    };
    await committed(transaction, new Error(REPLACED));
  }
}

/**
 * @param {string} name
 * @returns {Promise<IDBDatabase>}
 */
function open(name) {
  return openDatabase(name, PATIENCE_MS, (database) => {
    database.createObjectStore("cookies", { keyPath: "key" });
    database.createObjectStore("writer");
  });
}

/**
 * @param {IDBDatabase} database
 * @param {IDBTransactionDurability} [durability] session cookies need not outlive the machine
 */
function begin(database, durability = "strict") {
  return database.transaction(["cookies", "writer"], "readwrite", { durability });
}
