/**
 * Where the app's documents have said that they lead: what tells their own navigations without a
 * referrer from those of strangers.
 *
 * Runs in the service worker. Messages and navigations come on different ways, so that a navigation
 * without a referrer waits a moment. Each lead counts once, and not for long.
 */

import { isRedirect, methodAfter } from "./response.js";

const KEPT_MS = 5000;
/** Another site may take its time until it redirects. */
const AWAY_MS = 60_000;
/** A form that counts as foreign has no cookies; a GET lacks one header. */
const WAIT_MS = /** @type {Record<string, number>} */ ({ GET: 60, POST: 500 });

export class Leads {
  /** When it was said. @type {Map<string, number>} by method and address */
  #said = new Map();
  /** @type {Map<string, Set<() => void>>} */
  #waiting = new Map();
  /** The origin that the app has led to last, and when. */
  #away = { origin: "", at: -Infinity };

  /** @param {string} home the site's origin */
  constructor(home) {
    this.home = home;
  }

  /**
   * @param {string} method
   * @param {string} url
   */
  say(method, url) {
    const { origin } = new URL(url);
    if (origin !== this.home) this.#away = { origin, at: performance.now() };
    else this.#say(method, url);
  }

  /**
   * Who has led back to the app by a redirect: the referrer is then still the app's.
   *
   * @param {string} referrer of a navigation to which no document of the app has led
   * @returns {string} an origin, or empty
   */
  through(referrer) {
    const { origin, at } = this.#away;
    if (!referrer.startsWith(`${this.home}/`) || performance.now() - at > AWAY_MS) return "";
    this.#away = { origin: "", at: -Infinity };
    return origin;
  }

  /**
   * @param {string} method
   * @param {string} url
   */
  #say(method, url) {
    const key = keyOf(method, url);
    this.#said.set(key, performance.now());
    for (const resolve of this.#waiting.get(key) ?? []) resolve();
    const [oldest = 0] = this.#said.values();
    if (performance.now() - oldest > KEPT_MS) this.#said.delete(/** @type {string} */ (this.#said.keys().next().value));
  }

  /**
   * Whether a document of the app has led there; it has not led there any more.
   *
   * @param {string} method
   * @param {string} url
   */
  take(method, url) {
    const key = keyOf(method, url);
    const said = this.#said.get(key) ?? -Infinity;
    this.#said.delete(key);
    return performance.now() - said < KEPT_MS;
  }

  /**
   * The same, also when it is only about to be said.
   *
   * @param {string} method
   * @param {string} url
   */
  async taken(method, url) {
    if (this.take(method, url)) return true;
    const key = keyOf(method, url);
    const waiting = this.#waiting.get(key) ?? new Set();
    this.#waiting.set(key, waiting);
    await new Promise((resolve) => {
      waiting.add(() => resolve(undefined));
      setTimeout(resolve, WAIT_MS[method] ?? 0);
    });
    this.#waiting.delete(key);
    return this.take(method, url);
  }

  /**
   * A redirect leads on.
   *
   * @param {string} method
   * @param {Response} answer
   */
  follow(method, { status, headers }) {
    const location = headers.get("location");
    if (isRedirect(status) && location) this.say(methodAfter(status, method), location);
  }
}

/**
 * A form puts its fields where the query is.
 *
 * @param {string} method
 * @param {string} url
 */
function keyOf(method, url) {
  const { origin, pathname } = new URL(url);
  return `${method} ${origin}${pathname}`;
}
