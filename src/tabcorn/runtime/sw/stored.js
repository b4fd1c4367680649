/**
 * The answers that the cache holds: so many bytes of them, those used last.
 *
 * Runs in the service worker. What was asked for before its address was dropped may come later, and is
 * not put in.
 */

/** @import { HeaderPairs } from "../protocol.js" */
/** @import { Times } from "../shared/freshness.js" */

const MOST_BYTES = 16 * 1024 * 1024;
/** What an answer takes besides its body, about. */
const OVERHEAD = 1024;
/** Addresses whose last drop is remembered; before the oldest of them, nothing is taken. */
const MOST_DROPPED = 500;

/**
 * @typedef {object} Stored
 * @property {number} status
 * @property {string} reason
 * @property {HeaderPairs} headers
 * @property {string} variant which requests it stands for
 * @property {Times} times
 * @property {ArrayBuffer} bytes
 */

export class Store {
  /** Those used last at the end. @type {Map<string, Stored>} */
  #stored = new Map();
  #size = 0;
  /** When each address was dropped, the last at the end. @type {Map<string, number>} */
  #dropped = new Map();
  /** What was asked for until then is not taken, whatever its address. */
  #cleared = -Infinity;

  /** @param {(key: string) => void} onNew */
  constructor(onNew) {
    this.onNew = onNew;
  }

  get keys() {
    return [...this.#stored.keys()];
  }

  /**
   * @param {string} key
   * @returns {Stored | undefined}
   */
  find(key) {
    const stored = this.#stored.get(key);
    if (!stored) return undefined;
    this.#stored.delete(key); // to its end
    this.#stored.set(key, stored);
    return stored;
  }

  /**
   * @param {string} key
   * @param {Stored} stored
   */
  put(key, stored) {
    if (stored.times.asked <= Math.max(this.#cleared, this.#dropped.get(key) ?? -Infinity)) return;
    const known = this.#stored.has(key);
    this.remove(key);
    this.#stored.set(key, stored);
    this.#size += sizeOf(stored);
    if (!known) this.onNew(key);
    for (const oldest of this.keys) if (this.#size > MOST_BYTES) this.remove(oldest);
  }

  /** @param {string} key */
  remove(key) {
    const stored = this.#stored.get(key);
    if (stored) this.#size -= sizeOf(stored);
    this.#stored.delete(key);
  }

  /**
   * @param {string} key
   * @param {number} now
   */
  drop(key, now) {
    this.remove(key);
    this.#dropped.delete(key);
    this.#dropped.set(key, now);
    const [oldest] = this.#dropped;
    if (!oldest || this.#dropped.size <= MOST_DROPPED) return;
    [, this.#cleared] = oldest;
    this.#dropped.delete(oldest[0]);
  }

  /** @param {number} now */
  clear(now) {
    this.#stored.clear();
    this.#dropped.clear();
    this.#size = 0;
    this.#cleared = now;
  }
}

/** @param {Stored} stored */
function sizeOf({ bytes }) {
  return bytes.byteLength + OVERHEAD;
}
