/**
 * Two small things that every part of the runtime waits with.
 *
 * Runs anywhere. (`Promise.withResolvers` came to Safari only with 17.4.)
 */

/**
 * @template T
 * @typedef {{ promise: Promise<T>, resolve: (value: T) => void, reject: (reason: unknown) => void }} Deferred
 */

/**
 * @template T
 * @returns {Deferred<T>}
 */
export function deferred() {
  /** @type {any} */
  const it = {};
  it.promise = new Promise((resolve, reject) => Object.assign(it, { resolve, reject }));
  return it;
}

/**
 * @param {number} ms
 * @returns {Promise<undefined>}
 */
export function after(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms, undefined));
}
