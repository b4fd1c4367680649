/**
 * Undo content codings: a browser does not for a service worker's response.
 *
 * Runs in the service worker. Which codings there are is the engine's matter; what it cannot undo
 * passes as it is. Browsers forgive what DecompressionStream does not: data that end too early, that
 * go on behind their end, whose checksum is wrong, and `deflate` without zlib's header.
 */

/** @import { HeaderPairs } from "../protocol.js" */

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */
/** @typedef {ReadableStream<Bytes>} Body */

/** Content-Encoding → what DecompressionStream calls it (Compression Standard). */
const FORMATS = /** @type {Record<string, string>} */ ({
  gzip: "gzip",
  "x-gzip": "gzip",
  deflate: "deflate",
  br: "brotli",
  zstd: "zstd",
});
/** Bytes of gzip's trailer: what came before them has been given out when they turn out wrong. */
const TRAILER = 8;

/**
 * @param {HeaderPairs} headers
 * @returns {((body: Body) => Body) | undefined} what undoes all codings; undefined when this engine
 *   cannot
 */
export function decoder(headers) {
  const formats = formatsOf(headers);
  if (!formats?.every(isKnown)) return undefined;
  return (body) => formats.reduce((stream, format) => stream.pipeThrough(forgiving(format)), body);
}

/**
 * @param {HeaderPairs} headers
 * @returns {string[] | undefined} in the order in which they are undone; undefined: the browser leaves
 *   all as it is, as all but Firefox do when they do not know one
 */
function formatsOf(headers) {
  const written = headers.filter(([name]) => name === "content-encoding").map(([, value]) => value.toLowerCase());
  const codings = written.join(",").split(",").map((coding) => coding.trim());
  const known = codings.filter((coding) => coding in FORMATS);
  const isFirefox = navigator.userAgent.includes("Firefox/");
  if (!isFirefox && known.length > 0 && known.length < codings.length) return undefined;
  return known.map((coding) => /** @type {string} */ (FORMATS[coding])).reverse();
}

/** @param {string} format */
function isKnown(format) {
  try {
    return Boolean(new DecompressionStream(/** @type {CompressionFormat} */ (format)));
  } catch {
    return false;
  }
}

/**
 * @param {string} format
 * @returns {TransformStream<Bytes, Bytes>}
 */
function forgiving(format) {
  /** @type {Inflation | undefined} */
  let inflation;
  let head = new Uint8Array();
  return new TransformStream({
    async transform(chunk, controller) {
      const bytes = inflation ? chunk : joined(head, chunk);
      head = bytes;
      if (bytes.length < 2) return;
      inflation ??= new Inflation(actual(format, bytes), controller);
      await inflation.write(bytes.subarray(0, -TRAILER));
      await inflation.write(bytes.subarray(-TRAILER));
    },
    flush: () => inflation?.end(),
  });
}

/** One stream that is being decoded. It fails where nothing at all could be decoded. */
class Inflation {
  #given = false;
  #over = false;
  #writer;
  #pumped;

  /**
   * @param {string} format
   * @param {TransformStreamDefaultController<Bytes>} controller
   */
  constructor(format, controller) {
    const { readable, writable } = new DecompressionStream(/** @type {CompressionFormat} */ (format));
    this.#writer = writable.getWriter();
    this.#writer.closed.catch(() => {});
    this.#pumped = this.#pump(readable, controller).catch(() => {});
  }

  /** @param {Bytes} bytes */
  async write(bytes) {
    if (this.#over || bytes.length === 0) return;
    try {
      await this.#writer.write(bytes);
    } catch (error) {
      await turn();
      this.#over = true;
      if (!this.#given) throw error;
    }
  }

  /** What has ended too early has ended. */
  async end() {
    await turn();
    if (!this.#over) await this.#writer.close().catch(() => {});
    await this.#pumped;
  }

  /**
   * @param {ReadableStream<Bytes>} readable
   * @param {TransformStreamDefaultController<Bytes>} controller
   */
  async #pump(readable, controller) {
    const reader = readable.getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      this.#given = true;
      controller.enqueue(next.value);
    }
  }
}

/** What has been decoded is given out in the same turn. */
const turn = () => new Promise((resolve) => setTimeout(resolve));

/**
 * @param {string} format
 * @param {Bytes} bytes the first
 */
function actual(format, bytes) {
  const [method = 0, flags = 0] = bytes;
  const isZlib = (method & 15) === 8 && ((method << 8) | flags) % 31 === 0;
  return format === "deflate" && !isZlib ? "deflate-raw" : format;
}

/**
 * @param {Bytes} one
 * @param {Bytes} other
 */
function joined(one, other) {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}
