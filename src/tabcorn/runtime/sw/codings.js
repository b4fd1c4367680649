/**
 * Undo content codings: a browser does not for a service worker's response.
 *
 * Runs in the service worker. Which codings there are is the engine's matter; what it cannot undo
 * passes as it is.
 */

import { first } from "../shared/headers.js";

/** @import { HeaderPairs } from "../protocol.js" */

/** Content-Encoding → what DecompressionStream calls it (Compression Standard). */
const FORMATS = /** @type {Record<string, string>} */ ({
  gzip: "gzip",
  "x-gzip": "gzip",
  deflate: "deflate",
  br: "brotli",
  zstd: "zstd",
});

/**
 * @param {HeaderPairs} headers
 * @returns {DecompressionStream[] | undefined} what undoes all codings, in turn; undefined when this
 *   engine cannot
 */
export function decoders(headers) {
  const codings = first(headers, "content-encoding").toLowerCase().split(",").reverse();
  const formats = codings.map((coding) => coding.trim()).filter((coding) => coding && coding !== "identity");
  try {
    return formats.map((coding) => new DecompressionStream(/** @type {any} */ (FORMATS[coding] ?? coding)));
  } catch {
    return undefined;
  }
}
