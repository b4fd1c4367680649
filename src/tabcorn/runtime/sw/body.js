/**
 * A request's body: a small one at once, a larger one in chunks as the app asks for them.
 *
 * Runs in the service worker, which sees no Content-Length. A body that the page has in hand, text
 * or files, is there in no time: it is gathered in a Blob (which the browser may put on disk), so
 * that its length is known as a server would have known it. Only a body that the page is still
 * making is streamed without one.
 */

import { after } from "../shared/promises.js";

/** Sent along with the request itself. */
const FIRST_PART = 256 * 1024;
/** Kept in memory until so much has come. */
const BATCH = 1024 * 1024;
const CHUNK = 256 * 1024;
/** A page that takes longer to give its next chunk is making it only now. */
const GAP_MS = 50;

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */
/** @typedef {ReadableStreamDefaultReader<Bytes>} Reader */

export class RequestBody {
  #source;

  /**
   * @param {ArrayBuffer | undefined} first
   * @param {number | undefined} length of the whole, when it is known
   * @param {AsyncIterable<Bytes>} [source] what comes after `first`
   * @param {boolean} [given] there is a body, though perhaps an empty one
   */
  constructor(first, length, source = undefined, given = true) {
    this.first = first;
    this.length = length;
    this.given = given;
    this.#source = source;
  }

  static none() {
    return new RequestBody(undefined, 0, undefined, false);
  }

  /** @param {Blob} blob the whole body */
  static async of(blob) {
    if (blob.size === 0) return new RequestBody(undefined, 0);
    if (blob.size <= FIRST_PART) return new RequestBody(await blob.arrayBuffer(), blob.size);
    return new RequestBody(undefined, blob.size, read(blob.stream().getReader()));
  }

  /**
   * @param {Request} request
   * @returns {Promise<RequestBody>}
   */
  static async from(request) {
    if (request.method === "GET" || request.method === "HEAD") return RequestBody.none();
    if (request.body === null) return RequestBody.none();
    if (request.body !== undefined) return gather(request.body.getReader());
    // Firefox has no `request.body` in a service worker: there the whole is read first. Whether an
    // empty one was given, its type tells.
    const blob = await request.blob();
    return blob.size > 0 || request.headers.has("content-type") ? RequestBody.of(blob) : RequestBody.none();
  }

  /** Whether `first` is all there is. */
  get complete() {
    return this.#source === undefined;
  }

  /**
   * What comes after `first`, in chunks that fit the flow control.
   *
   * @returns {AsyncGenerator<ArrayBuffer, void, void>}
   */
  async *rest() {
    for await (const bytes of this.#source ?? []) {
      for (let at = 0; at < bytes.byteLength; at += CHUNK) {
        yield bytes.slice(at, at + CHUNK).buffer;
      }
    }
  }
}

/**
 * @param {Reader} reader
 * @returns {Promise<RequestBody>}
 */
async function gather(reader) {
  /** @type {BlobPart[]} */
  let parts = [];
  let size = 0;
  for (;;) {
    const next = reader.read();
    const part = await Promise.race([next, after(GAP_MS)]);
    if (!part) {
      const blob = new Blob(parts);
      return new RequestBody(undefined, undefined, inTurn(blob, next, reader));
    }
    if (part.done) return RequestBody.of(new Blob(parts));
    parts.push(part.value);
    size += part.value.byteLength;
    if (size < BATCH) continue;
    parts = [new Blob(parts)];
    size = 0;
  }
}

/**
 * @param {Blob} blob what came in time
 * @param {ReturnType<Reader["read"]>} next what did not
 * @param {Reader} reader of all that follows
 */
async function* inTurn(blob, next, reader) {
  yield* read(blob.stream().getReader());
  const { value } = await next;
  if (value) yield value;
  yield* read(reader);
}

/**
 * @param {Reader} reader
 * @returns {AsyncGenerator<Bytes, void, void>}
 */
async function* read(reader) {
  for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
}
