/**
 * How Python's event loop goes on without waiting for the browser's.
 *
 * Runs in the host worker. After a call into Python its loop runs as a microtask (`soon`). Where the
 * engine can suspend stacks, Pyodide lets a task of the browser's pass before it enters Python on
 * one of its own; a microtask stands on an empty stack as well, and so it enters at once (`enter`).
 * In WebKit Pyodide uses a timer, which waits 4 ms when it is set by another (HTML, "timer
 * initialization steps", step 5): `schedule` sends a message to itself.
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

/**
 * In the place of Pyodide's own, which its promising calls wait for.
 *
 * @param {() => void} callback
 * @param {number} [ms]
 */
function enter(callback, ms = 0) {
  if (ms > AT_ONCE_MS) setTimeout(callback, ms);
  else callback();
}

/** What the bridge takes of this. @param {string} userAgent */
export const scheduling = (userAgent) => ({ schedule: scheduler(userAgent), soon: queueMicrotask.bind(globalThis), enter });
