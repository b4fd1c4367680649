/**
 * The requests that the app has not answered yet, for pages that give one up.
 *
 * Runs in the service worker. Chromium gives one up by itself after five minutes. A page can only say which method and address it gave up: when it has
 * several such requests under way, none is ended before all of them were given up.
 */

/** @import { Answer, Exchange } from "./exchange.js" */

export class Unanswered {
  /** @type {Map<string, { exchanges: Set<Exchange>, aborted: number }>} */
  #alike = new Map();

  /** @param {number | undefined} limit ms after which the engine no longer waits for an answer */
  constructor(limit) {
    this.limit = limit;
  }

  /**
   * Wait for the answer.
   *
   * @param {Exchange} exchange
   * @param {string} client
   * @param {string} method
   * @param {string} url
   * @returns {Promise<Answer>}
   */
  async during(exchange, client, method, url) {
    const key = keyOf(client, method, url);
    const alike = this.#alike.get(key) ?? { exchanges: new Set(), aborted: 0 };
    this.#alike.set(key, alike);
    alike.exchanges.add(exchange);
    const late = this.limit && setTimeout(() => exchange.cancel(), this.limit);
    try {
      return await exchange.answer();
    } finally {
      clearTimeout(late);
      alike.exchanges.delete(exchange);
      if (alike.exchanges.size === 0) this.#alike.delete(key);
    }
  }

  /**
   * @param {string} client
   * @param {string} method
   * @param {string} url
   */
  abort(client, method, url) {
    const alike = this.#alike.get(keyOf(client, method, url));
    if (!alike) return;
    alike.aborted += 1;
    if (alike.aborted < alike.exchanges.size) return;
    for (const exchange of alike.exchanges) exchange.cancel();
  }
}

/**
 * @param {string} client
 * @param {string} method
 * @param {string} url
 */
function keyOf(client, method, url) {
  return `${client} ${method} ${url.split("#", 1)[0]}`;
}
