/**
 * Put a tag into a document's bytes as they stream by, and change none of them.
 *
 * Runs in the service worker. Whatever is known to come before the tag is passed on at once; held
 * back are only the first bytes of a token of which it is not yet known.
 */

import { beginning, encoded, readerOf } from "./encoding.js";

/** @import { Told } from "./prologue.js" */

/** @typedef {{ read: (character: string) => Told, end: () => Told }} Place says where the tag belongs */
/** @typedef {Uint8Array<ArrayBuffer>} Bytes */

/**
 * @param {string} tag ASCII only
 * @param {Place} place
 * @param {string} declared the transport's encoding, or empty; a byte order mark goes before it
 * @returns {TransformStream<Bytes, Bytes>}
 */
export function insertTag(tag, place, declared) {
  const injection = new Injection(tag, place, declared);
  return new TransformStream({
    transform(chunk, controller) {
      for (const bytes of injection.write(chunk)) controller.enqueue(bytes);
    },
    flush(controller) {
      for (const bytes of injection.end()) controller.enqueue(bytes);
    },
  });
}

class Injection {
  /** Not yet passed on. */
  #held = new Uint8Array(0);
  /** How many of them have been read. */
  #read = 0;
  /** How many of them come before the tag for certain. */
  #passed = 0;
  #settled = false;
  #encoding = "";
  /** @type {import("./encoding.js").Reader | undefined} */
  #reader;

  /**
   * @param {string} tag
   * @param {Place} place
   * @param {string} declared
   */
  constructor(tag, place, declared) {
    this.tag = tag;
    this.place = place;
    this.declared = declared;
  }

  /**
   * @param {Bytes} chunk
   * @returns {Bytes[]} what can be passed on now
   */
  write(chunk) {
    if (this.#settled) return [chunk];
    this.#held = joined(this.#held, chunk);
    return this.#advance(false);
  }

  /** @returns {Bytes[]} what is left */
  end() {
    if (this.#settled) return [];
    const before = this.#advance(true);
    return this.#settled ? before : [...before, ...this.#settle(this.place.end())];
  }

  /** @param {boolean} complete */
  #advance(complete) {
    if (!this.#reader && !this.#begin(complete)) return [];
    while (this.#read < this.#held.length) {
      const character = this.#reader?.(/** @type {number} */ (this.#held[this.#read++]));
      const told = character ? this.place.read(character) : "hold";
      if (told === "pass" || told === "after") this.#passed = this.#read;
      if (told !== "pass" && told !== "hold") return this.#settle(told);
    }
    return this.#cut(this.#passed);
  }

  /** @param {boolean} complete */
  #begin(complete) {
    const begun = beginning(this.#held, this.declared, complete);
    if (!begun) return false;
    this.#encoding = begun.encoding;
    this.#reader = readerOf(begun.encoding);
    this.#read = this.#passed = begun.mark;
    return true;
  }

  /**
   * @param {Told} told
   * @returns {Bytes[]}
   */
  #settle(told) {
    this.#settled = true;
    const before = this.#cut(this.#passed);
    const tag = told === "never" ? [] : [encoded(this.tag, this.#encoding)];
    return [...before, ...tag, ...this.#cut(this.#held.length)];
  }

  /**
   * @param {number} length of what is passed on
   * @returns {Bytes[]}
   */
  #cut(length) {
    const [cut, held] = [this.#held.subarray(0, length), this.#held.subarray(length)];
    this.#held = held;
    this.#read -= length;
    this.#passed = 0;
    return length > 0 ? [cut] : [];
  }
}

/**
 * @param {Bytes} a
 * @param {Bytes} b
 */
function joined(a, b) {
  if (a.length === 0) return b;
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
