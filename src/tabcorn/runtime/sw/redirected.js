/**
 * What a redirected request brings along, which WebKit forgets when a service worker sent the
 * redirect: the body, where the method stays (Fetch, "HTTP-redirect fetch", step 12), and the Origin.
 *
 * Runs in the service worker. The redirect's target is asked for at once, by the same document, with
 * the method that the redirect leaves it and nothing in its body.
 */

import { methodAfter } from "./response.js";

/** @import { RequestBody } from "./body.js" */

/** Between a redirect and its target lies a ms or two; nothing that comes later is meant. */
const MEANT_MS = 3000;

/** @typedef {Pick<Request, "method" | "url">} Asked */

export class Redirected {
  /** @type {Map<string, RequestBody>} */
  #held = new Map();

  /**
   * Keep the body of a request that was answered by a redirect.
   *
   * @param {string} client
   * @param {Asked} request
   * @param {{ status: number, location: string }} redirect
   * @param {RequestBody} body
   */
  hold(client, request, { status, location }, body) {
    if (!body.given || !URL.canParse(location, request.url)) return;
    const method = methodAfter(status, request.method);
    const key = keyOf(client, { method, url: new URL(location, request.url).href });
    this.#held.set(key, body);
    setTimeout(() => this.#held.get(key) === body && this.#held.delete(key), MEANT_MS);
  }

  /**
   * The body of the request that led here by a redirect, once.
   *
   * @param {string} client
   * @param {Asked} request
   * @returns {RequestBody | undefined}
   */
  take(client, request) {
    const key = keyOf(client, request);
    const body = this.#held.get(key);
    this.#held.delete(key);
    return body;
  }
}

/**
 * @param {string} client
 * @param {Asked} request
 */
function keyOf(client, { method, url }) {
  return `${client} ${method} ${url.split("#", 1)[0]}`;
}
