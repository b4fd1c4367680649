/**
 * Requests that the app makes to the outside: what tabcorn/server/outside.py asks the browser for.
 *
 * Runs in the host worker. Failures are values, `{ error, late }`: an exception would reach Python
 * without its name. Cookies of the visitor are never sent, as a server's client has none.
 */

import { flatten, unflatten } from "../shared/headers.js";

/** @typedef {{ error: string, late: boolean }} Failure */

/**
 * @typedef {object} Head
 * @property {number} status
 * @property {string} reason
 * @property {string} headers
 */

/**
 * Synchronously: nothing else runs in this worker meanwhile.
 *
 * @param {string} method
 * @param {string} url
 * @param {string} headers
 * @param {Uint8Array<ArrayBuffer> | undefined} body
 * @param {number} ms 0: for as long as it takes
 * @returns {Failure | Head & { body: Uint8Array }}
 */
function send(method, url, headers, body, ms) {
  if (new URL(url).origin === location.origin) return { error: ITSELF, late: false };
  const request = new XMLHttpRequest();
  try {
    request.open(method, url, false);
    request.responseType = "arraybuffer";
    request.timeout = ms;
    for (const [name, value] of unflatten(headers)) request.setRequestHeader(name, value);
    request.send(body ?? null);
  } catch (error) {
    return failure(error);
  }
  return {
    status: request.status,
    reason: request.statusText,
    headers: flatten(headerLines(request.getAllResponseHeaders())),
    body: new Uint8Array(request.response ?? new ArrayBuffer(0)),
  };
}

const ITSELF =
  "The app waits for a request to its own site, and could not answer it meanwhile. Call the " +
  "function that answers it instead, or make the request in async code.";

/**
 * @param {string} method
 * @param {string} url
 * @param {string} headers
 * @param {Uint8Array<ArrayBuffer> | undefined} body
 * @param {number} ms how long each step may take: the head, each piece of the body; 0: any time
 */
async function open(method, url, headers, body, ms) {
  const patience = new Patience(ms);
  try {
    const response = await patience.bound((signal) =>
      fetch(url, {
        method,
        headers: unflatten(headers),
        body: body ?? null,
        credentials: "omit",
        signal,
      }),
    );
    return {
      status: response.status,
      reason: response.statusText,
      headers: flatten([...response.headers]),
      ...stream(response, patience),
    };
  } catch (error) {
    return failure(error);
  }
}

/**
 * @param {Response} response
 * @param {Patience} patience
 */
function stream(response, patience) {
  const reader = response.body?.getReader();
  return {
    /** @returns {Promise<Uint8Array | undefined | Failure>} nothing at the end */
    next: async () => {
      try {
        return (await patience.bound(() => reader?.read()))?.value;
      } catch (error) {
        return failure(error);
      }
    },
    cancel: () => {
      reader?.cancel().catch(() => {}); // it may have failed already
    },
  };
}

/** Aborts what takes longer. */
class Patience {
  #controller = new AbortController();

  /** @param {number} ms */
  constructor(ms) {
    this.ms = ms;
  }

  /**
   * @template T
   * @param {(signal: AbortSignal) => T | Promise<T>} step
   */
  async bound(step) {
    const late = () => this.#controller.abort(new DOMException("It took too long.", "TimeoutError"));
    const timer = this.ms ? setTimeout(late, this.ms) : undefined;
    try {
      return await step(this.#controller.signal);
    } catch (error) {
      const { aborted, reason } = this.#controller.signal;
      throw aborted ? reason : error; // Firefox says AbortError, whatever the reason
    } finally {
      clearTimeout(timer);
    }
  }
}

/**
 * @param {unknown} error
 * @returns {Failure}
 */
function failure(error) {
  const { name, message } = /** @type {Error} */ (error);
  return { error: message, late: name === "TimeoutError" };
}

/** @param {string} lines */
function headerLines(lines) {
  return lines
    .split("\r\n")
    .filter(Boolean)
    .map((line) => {
      const colon = line.indexOf(":");
      return /** @type {[string, string]} */ ([line.slice(0, colon), line.slice(colon + 1).trim()]);
    });
}

export const outside = { send, open };
