/**
 * The requests of scripts that are under way, for pages that give one up (page/aborts.js).
 *
 * Runs in the service worker. A page can only say which method and address it gave up, and does so
 * when it waits for no other that is alike. An engine that gave a request up after its answer has
 * begun cancels the answer's stream, which ends the exchange; one that had given it up earlier does
 * not, and so what is being answered ends here too, unless the page may be reading it. Chromium
 * gives a request up by itself after five minutes.
 */

import { isNamed } from "./events.js";

/** @import { Answer, Exchange } from "./exchange.js" */

/** @typedef {Pick<Request, "destination" | "method" | "url">} Asked */

export class Underway {
  /** Under their keys; the value is whether the answer has begun. @type {Map<string, Map<Exchange, boolean>>} */
  #alike = new Map();

  /** @param {number | undefined} limit ms after which the engine no longer waits for an answer */
  constructor(limit) {
    this.limit = limit;
  }

  /**
   * Wait for the answer, and remember the exchange until it is over.
   *
   * @param {Exchange} exchange
   * @param {string} client
   * @param {Asked} request
   * @returns {Promise<Answer>}
   */
  async answer(exchange, client, request) {
    const key = keyOf(client, request);
    const alike = this.#alike.get(key) ?? new Map();
    this.#alike.set(key, alike.set(exchange, false));
    void exchange.over.then(() => this.#forget(key, exchange));
    const late = this.limit && setTimeout(() => exchange.cancel(), this.limit);
    try {
      return await exchange.answer();
    } finally {
      clearTimeout(late);
      if (alike.has(exchange)) alike.set(exchange, true);
    }
  }

  /**
   * @param {string} key
   * @param {Exchange} exchange
   */
  #forget(key, exchange) {
    const alike = this.#alike.get(key);
    alike?.delete(exchange);
    if (alike?.size === 0) this.#alike.delete(key);
  }

  /**
   * @param {string} client
   * @param {string} method
   * @param {string} url
   * @param {boolean} read whether the page may be reading an answer of the address
   */
  abort(client, method, url, read) {
    const alike = this.#alike.get(keyOf(client, { destination: "", method, url })) ?? [];
    for (const [exchange, answered] of [...alike]) {
      if (!answered || !read) exchange.cancel();
    }
  }
}

/**
 * @param {string} client
 * @param {Asked} request
 */
function keyOf(client, { destination, method, url }) {
  return `${client} ${destination} ${method} ${isNamed(url) ? url : url.split("#", 1)[0]}`;
}
