/**
 * Kept files: given to Python when it starts, and on disk before anybody hears of a change.
 *
 * Runs in the host worker. Before a message leaves the host the outbox asks whether anything has
 * changed (`store`); if so the message waits until that is stored. So a page that has an answer can
 * rely on what it says, and whatever ends the host, the disk has the files as they were at one
 * moment between two messages.
 */

import { Changes } from "./changes.js";
import { KeptPaths } from "./paths.js";
import { FileStore, Replaced } from "./store.js";
import { apply, nodeAt, walk } from "./tree.js";
import { Records } from "./records.js";

/** @import { Blocks } from "./changes.js" */
/** @import { Step } from "./records.js" */

/** What changed and was told to nobody is stored after this. */
const QUIET_MS = 200;

/** What could not be stored is tried again after this. */
const RETRY_MS = 2000;

/** Below this, what the browser still grants is asked for again after each commit. */
const SCARCE = 64 * 1024 * 1024;

/**
 * @typedef {object} Surroundings
 * @property {(line: string) => void} warn
 * @property {(reason: string) => void} replaced this host may write no more
 */

export class Disk {
  #store;
  #around;
  #paths;
  #loaded;
  /** @type {{ FS: any, changes: Changes, records: Records } | undefined} */
  #mounted;
  /** Bytes that kept files may grow by, as far as the browser tells; none after a commit that failed. */
  #room = Infinity;
  /** Commits go one after the other; one that fails takes those with it that are built on it. */
  #last = Promise.resolve("");
  #failures = 0;

  /**
   * @param {string} database
   * @param {string} host this host's identity
   * @param {string[]} paths see `KeptPaths`
   * @param {Surroundings} around
   * @param {Pick<FileStore, "load" | "commit">} store
   */
  constructor(database, host, paths, around, store = new FileStore(database, host)) {
    this.#store = store;
    this.#around = around;
    this.#paths = new KeptPaths(paths);
    this.#loaded = store.load();
    this.#loaded.catch(() => {}); // reported when it is awaited
  }

  /**
   * Put the files in their places, and watch them from now on.
   *
   * @param {any} FS Emscripten's, with the build's files in it
   * @throws {Error} when the store cannot be read: an app that began anew would hide what is there
   */
  async mount(FS) {
    const { nodes, contents, full } = await this.#loaded;
    const shipped = walk(FS, this.#paths);
    apply(FS, nodes, contents);
    for (const folder of this.#paths.folders) FS.mkdirTree(folder);
    const records = new Records(FS, shipped, nodes, (path) => nodeAt(FS, path));
    const changes = new Changes(FS, this.#paths, {
      takeRoom: (bytes) => this.#takeRoom(bytes),
      begun: () => setTimeout(() => this.store(), QUIET_MS),
    });
    this.#mounted = { FS, changes, records };
    if (full) this.#refuse();
    else await this.#measure();
  }

  /**
   * Store what has changed, and what could not be stored before.
   *
   * @returns {Promise<string> | undefined} why it could not be stored, or empty; undefined when nothing
   *   has changed
   */
  store() {
    return this.#mounted?.changes.news ? this.#storeAll(this.#mounted) : undefined;
  }

  /** @param {{ FS: any, changes: Changes, records: Records }} mounted */
  #storeAll({ FS, changes, records }) {
    const taken = changes.take();
    const step = records.advance(walk(FS, this.#paths), taken);
    const failures = this.#failures;
    this.#last = this.#last.then((before) =>
      this.#failures === failures ? this.#commit(step, taken) : this.#takeBack(step, taken, before),
    );
    return this.#last;
  }

  /**
   * @param {Step} step
   * @param {Blocks} taken
   */
  async #commit(step, taken) {
    try {
      await this.#store.commit(step.batch);
    } catch (error) {
      const reason = `What the app has written could not be stored: ${error}`;
      this.#failures += 1;
      this.#takeBack(step, taken, reason);
      if (error instanceof Replaced) this.#around.replaced(error.message);
      else this.#refuse(reason);
      return reason;
    }
    step.stored();
    if (this.#room < SCARCE) await this.#measure();
    return "";
  }

  /**
   * Tell Python that the disk is full, until something can be stored.
   *
   * @param {string} [reason]
   */
  #refuse(reason) {
    if (reason && this.#room > 0) this.#around.warn(reason);
    this.#room = 0;
    const mounted = this.#mounted;
    if (mounted) setTimeout(() => this.#storeAll(mounted), RETRY_MS);
  }

  /**
   * What is in memory is ahead of the disk: it is stored with what comes next.
   *
   * @param {Step} step
   * @param {Blocks} taken
   * @param {string} reason
   */
  #takeBack(step, taken, reason) {
    this.#mounted?.changes.putBack(taken);
    step.takeBack();
    return reason;
  }

  /** @param {number} bytes */
  #takeRoom(bytes) {
    if (this.#room < bytes) return false;
    this.#room -= bytes;
    return true;
  }

  async #measure() {
    const storage = /** @type {StorageManager | undefined} */ (navigator.storage); // not in WebKitGTK's workers
    const { usage = 0, quota = Infinity } = (await storage?.estimate()) ?? {};
    this.#room = quota - usage;
  }
}
