/**
 * Free the bytes of a buffer that nobody reads any more.
 *
 * Runs anywhere. Engines count the bytes of buffers late: of a large body a hundred megabytes would
 * lie there until something is collected. `buffer.transfer(0)` would free them in Firefox and
 * WebKit; in Chromium its wrapper holds them for longer still.
 */

/** Leads nowhere: what is transferred to it is freed. */
const nowhere = (() => {
  const { port1, port2 } = new MessageChannel();
  port2.close();
  return port1;
})();

/** @param {ArrayBuffer} buffer afterwards it is empty */
export function release(buffer) {
  nowhere.postMessage(undefined, [buffer]);
}

/**
 * The same body for a browser, each chunk released when the next is asked for: it has copied a
 * chunk by then (Fetch, "incrementally read a body").
 *
 * @param {ReadableStream<Uint8Array<ArrayBuffer>>} body of chunks that nobody else holds, each of a
 *   buffer of its own
 * @returns {ReadableStream<Uint8Array<ArrayBuffer>>}
 */
export function released(body) {
  const reader = body.getReader();
  /** @type {ArrayBuffer | undefined} */
  let last;
  return new ReadableStream(
    {
      async pull(controller) {
        if (last) release(last);
        last = undefined;
        const { done, value } = await reader.read();
        if (done) return controller.close();
        last = value.buffer;
        controller.enqueue(value);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}
