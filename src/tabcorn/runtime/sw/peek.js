/**
 * Look at the beginning of a body before it is passed on.
 *
 * Runs in the service worker.
 */

import { joined } from "../shared/bytes.js";
import { after } from "../shared/promises.js";

/** @typedef {ReadableStream<Uint8Array<ArrayBuffer>>} Body */

/** Longest that a document waits for bytes that would tell more. */
const PATIENCE_MS = 500;

/**
 * @param {Body} body
 * @param {(bytes: Uint8Array) => boolean} enough whether these first bytes will do
 * @returns {Promise<{ bytes: Uint8Array, body: Body }>} what was seen, and the whole body
 */
export async function peeked(body, enough) {
  const reader = body.getReader();
  const patience = after(PATIENCE_MS);
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const seen = [];
  /** @type {Promise<ReadableStreamReadResult<Uint8Array<ArrayBuffer>>> | undefined} */
  let next;
  while (!enough(joined(seen))) {
    next = reader.read();
    const read = await Promise.race([next, patience]).catch(() => undefined);
    if (!read || read.done) break; // whoever reads the body will see why
    seen.push(read.value);
    next = undefined;
  }
  return { bytes: joined(seen), body: replayed(seen, next, reader) };
}

/**
 * @param {Uint8Array<ArrayBuffer>[]} seen
 * @param {Promise<ReadableStreamReadResult<Uint8Array<ArrayBuffer>>> | undefined} next
 * @param {ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>} reader
 * @returns {Body}
 */
function replayed(seen, next, reader) {
  return new ReadableStream(
    {
      start(controller) {
        for (const chunk of seen) controller.enqueue(chunk);
      },
      async pull(controller) {
        const { done, value } = await (next ?? reader.read());
        next = undefined;
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}
