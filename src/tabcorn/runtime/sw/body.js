/**
 * A request's body: its first part at once, the rest as it is asked for.
 *
 * Runs in the service worker. A body that ends within the first part has a known length, as a
 * server would have seen it; only longer ones are streamed.
 */

import { WINDOW } from "../shared/site.js";

/** How much is read before the request is sent. */
const FIRST_PART = WINDOW / 4;
const CHUNK = 256 * 1024;

/** @typedef {ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>} Reader */

export class RequestBody {
  #early;
  #reader;

  /**
   * @param {ArrayBuffer | undefined} first
   * @param {number | undefined} length of the whole, when it is known
   * @param {ArrayBuffer[]} early what was read already and comes after `first`
   * @param {Reader} [reader] of all that follows
   */
  constructor(first, length, early = [], reader = undefined) {
    this.first = first;
    this.length = length;
    this.#early = early;
    this.#reader = reader;
  }

  /** @param {ArrayBuffer | undefined} bytes the whole body */
  static of(bytes) {
    if (!bytes?.byteLength) return new RequestBody(undefined, 0);
    if (bytes.byteLength <= FIRST_PART) return new RequestBody(bytes, bytes.byteLength);
    return new RequestBody(undefined, bytes.byteLength, [bytes]);
  }

  /**
   * @param {Request} request
   * @returns {Promise<RequestBody>}
   */
  static async from(request) {
    if (request.method === "GET" || request.method === "HEAD") return RequestBody.of(undefined);
    // Firefox has no `request.body` in a service worker: there the whole is read first.
    if (request.body === undefined) return RequestBody.of(await request.arrayBuffer());
    if (request.body === null) return RequestBody.of(undefined);
    return RequestBody.#ofStream(request.body.getReader());
  }

  /** @param {Reader} reader */
  static async #ofStream(reader) {
    /** @type {Uint8Array<ArrayBuffer>[]} */
    const chunks = [];
    let size = 0;
    while (size < FIRST_PART) {
      const { done, value } = await reader.read();
      if (done) return RequestBody.of(await new Blob(chunks).arrayBuffer());
      chunks.push(value);
      size += value.byteLength;
    }
    const start = await new Blob(chunks).arrayBuffer();
    if (size <= WINDOW) return new RequestBody(start, undefined, [], reader);
    // So large a chunk is WebKit's way to give the whole body at once: its length is known then.
    const { done, value } = await reader.read();
    if (done) return RequestBody.of(start);
    return new RequestBody(undefined, undefined, [start, value.slice().buffer], reader);
  }

  /** Whether `first` is all there is. */
  get complete() {
    return this.#reader === undefined && this.#early.length === 0;
  }

  /**
   * What comes after `first`, in chunks that fit the flow control.
   *
   * @returns {AsyncGenerator<ArrayBuffer, void, void>}
   */
  async *rest() {
    for (const bytes of this.#early.splice(0)) yield* chunked(bytes);
    for (let part = await this.#reader?.read(); part?.value; part = await this.#reader?.read()) {
      yield* chunked(part.value.slice().buffer);
    }
  }
}

/** @param {ArrayBuffer} bytes */
function* chunked(bytes) {
  for (let at = 0; at < bytes.byteLength; at += CHUNK) yield bytes.slice(at, at + CHUNK);
}
