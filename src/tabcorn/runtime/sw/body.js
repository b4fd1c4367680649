/**
 * A request's body: a small one at once, a larger one in chunks as the app asks for them.
 *
 * Runs in the service worker, which sees no Content-Length. A body that the page has in hand, text
 * or files, is taken whole, so that its length is known as a server would have known it: as a Blob
 * where the engine keeps large ones on disk. Only a body that the page is still making is streamed,
 * without a length.
 */

/** Sent along with the request itself. */
const FIRST_PART = 256 * 1024;
const CHUNK = 256 * 1024;

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */
/** @typedef {AsyncGenerator<ArrayBuffer, void, void>} Chunks */

export class RequestBody {
  #source;

  /**
   * @param {ArrayBuffer | undefined} first
   * @param {number | undefined} length of the whole, when it is known
   * @param {() => Chunks} [source] what comes after `first`
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
    return new RequestBody(undefined, blob.size, () => slices(blob));
  }

  /** @param {Bytes[]} parts the whole body */
  static async ofParts(parts) {
    const size = parts.reduce((sum, part) => sum + part.byteLength, 0);
    if (size <= FIRST_PART) return RequestBody.of(new Blob(parts));
    return new RequestBody(undefined, size, () => pieces(parts));
  }

  /**
   * @param {Request} request
   * @param {boolean} blobsAreOnDisk else (WebKit) a body's Blob is held in memory several times, and
   *   the body comes in one piece: no body is still being made there
   * @returns {Promise<RequestBody>}
   */
  static async from(request, blobsAreOnDisk) {
    if (request.method === "GET" || request.method === "HEAD" || request.body === null) {
      return RequestBody.none();
    }
    if (!blobsAreOnDisk) return RequestBody.ofParts(await all(read(request)));
    const whole = inHand(request);
    if (whole) return taken(request, await whole.blob());
    return new RequestBody(undefined, undefined, () => pieces(read(request)));
  }

  /** Whether `first` is all there is. */
  get complete() {
    return this.#source === undefined;
  }

  /**
   * What comes after `first`, in chunks that fit the flow control.
   *
   * @returns {Chunks}
   */
  async *rest() {
    if (this.#source) yield* this.#source();
  }
}

/**
 * Firefox has no `request.body` in a service worker: whether an empty one was given, its type tells.
 *
 * @param {Request} request
 * @param {Blob} blob
 */
function taken(request, blob) {
  const given = blob.size > 0 || request.body !== undefined || request.headers.has("content-type");
  return given ? RequestBody.of(blob) : RequestBody.none();
}

/**
 * The request, if the page has its body in hand. One that it is still making may not be sent without
 * CORS, so that such a request cannot be constructed (Fetch, "new Request", step 41); no other
 * property tells. (Firefox has no `request.body` here and WebKit no bodies that are being made.)
 *
 * @param {Request} request
 */
function inHand(request) {
  try {
    return new Request(request, { method: "POST", mode: "no-cors" });
  } catch {
    return undefined;
  }
}

/**
 * Not as a Blob's stream, which engines read in pieces of up to 2 MiB.
 *
 * @param {Blob} blob
 * @returns {Chunks}
 */
async function* slices(blob) {
  for (let at = 0; at < blob.size; at += CHUNK) {
    yield await blob.slice(at, at + CHUNK).arrayBuffer();
  }
}

/**
 * @param {Iterable<Bytes> | AsyncIterable<Bytes>} parts
 * @returns {Chunks}
 */
async function* pieces(parts) {
  for await (const part of parts) {
    for (let at = 0; at < part.byteLength; at += CHUNK) yield part.slice(at, at + CHUNK).buffer;
  }
}

/** @param {AsyncIterable<Bytes>} parts  (`Array.fromAsync` came to Chromium only with 121) */
async function all(parts) {
  const list = [];
  for await (const part of parts) list.push(part);
  return list;
}

/**
 * @param {Request} request
 * @returns {AsyncGenerator<Bytes, void, void>}
 */
async function* read({ body }) {
  const reader = /** @type {ReadableStream<Bytes>} */ (body).getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
  } finally {
    reader.cancel().catch(() => {}); // an app that has answered does not want the rest
  }
}
