/**
 * How Python's event loop goes on at once in WebKit: by a message to itself.
 *
 * Runs in the host worker. Pyodide uses a timer there, which waits 4 ms when it is set by another
 * (HTML, "timer initialization steps", step 5): `asyncio.sleep(0)` took 5 ms and now takes 1.
 */

import { isWebKit } from "../shared/request-headers.js";

/** What Pyodide takes for "at once" in the other engines. */
const AT_ONCE_MS = 2;

/**
 * @param {string} userAgent
 * @param {MessageChannel} [channel] of nobody else
 * @returns {((callback: () => void, ms: number) => void) | undefined} undefined where Pyodide's is good
 */
export function scheduler(userAgent, channel) {
  if (!isWebKit(userAgent)) return undefined;
  const { port1, port2 } = channel ?? new MessageChannel();
  /** @type {(() => void)[]} */
  const callbacks = [];
  port1.onmessage = () => callbacks.shift()?.();
  return (callback, ms) => {
    if (ms > AT_ONCE_MS) return void setTimeout(callback, ms);
    callbacks.push(callback);
    port2.postMessage(undefined);
  };
}
