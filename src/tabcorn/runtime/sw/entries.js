/**
 * How users came to the top of a tab, until the shell replays it in its frame.
 *
 * Runs in the service worker. The shell takes its entry at once and gives it back when the app is
 * up, so nothing is lost when the service worker is ended in between.
 */

import { methodAfter } from "./response.js";

/** @import { Entry } from "../protocol.js" */

/** A shell asks at once; only a navigation that became no document leaves its entry behind. */
const MOST_ENTRIES = 20;

/** The browser brings a frame back as soon as it has the shell's document. */
const STARTING_MS = 5000;

/** @typedef {{ entry: Entry, shell: string }} Replay */

export class Entries {
  /** @type {Map<string, Entry>} by the shell's client id, or by what `hold` gave */
  #arrived = new Map();
  /** When shells have last begun that have put no entry yet. @type {Map<string, number>} by URL */
  #starting = new Map();
  /** Navigations of frames that the browser brings back. @type {Map<string, (replay: Replay) => void>} */
  #awaited = new Map();
  /** @type {Map<string, Replay[]>} by URL, about to be navigated to, one or several frames */
  #replayed = new Map();

  /**
   * @param {Request} request a navigation of the top of a tab
   * @param {string} shell the client that comes of it
   */
  async remember(request, shell) {
    this.#starting.set(withoutFragment(request.url), performance.now());
    const body = request.method === "GET" ? undefined : await request.clone().arrayBuffer();
    this.#arrived.set(shell, entryOf(request, body));
    this.#limit();
  }

  /**
   * The document that comes of a form may be reloaded with the tab.
   *
   * @param {Entry} form
   * @returns {string} by which the document takes it
   */
  hold(form) {
    const id = crypto.randomUUID();
    this.#arrived.set(id, form);
    this.#limit();
    return id;
  }

  #limit() {
    const [oldest] = this.#arrived.keys();
    if (this.#arrived.size > MOST_ENTRIES && oldest !== undefined) this.#arrived.delete(oldest);
  }

  /**
   * @param {string} shell
   * @returns {{ entry: Entry | undefined, restored: boolean }} `restored`: the browser brings the
   *   shell's frame back by itself
   */
  take(shell) {
    const entry = this.#arrived.get(shell);
    this.#arrived.delete(shell);
    return { entry, restored: entry !== undefined && this.#awaited.has(withoutFragment(entry.url)) };
  }

  /**
   * A frame is navigated that no shell has asked for. If its shell is just starting, the browser
   * brings the frame back to where it was, and the shell will say how the user came there.
   *
   * @param {string} url
   * @returns {Promise<Replay | undefined>}
   */
  async restore(url) {
    const key = withoutFragment(url);
    const began = this.#starting.get(key);
    if (began === undefined || performance.now() - began > STARTING_MS) return undefined;
    return new Promise((resolve) => this.#awaited.set(key, resolve));
  }

  /**
   * @param {Entry} entry
   * @param {string} shell
   * @returns {boolean} the browser has navigated the frame by itself: nobody else has to
   */
  put(entry, shell) {
    const key = withoutFragment(entry.url);
    const awaited = this.#awaited.get(key);
    this.#awaited.delete(key);
    this.#starting.delete(key);
    if (awaited) awaited({ entry, shell });
    else this.#replayed.set(key, [...(this.#replayed.get(key) ?? []), { entry, shell }]);
    return awaited !== undefined;
  }

  /**
   * The app answered an entry with a redirect: what follows came from the same place.
   *
   * @param {Replay} replay
   * @param {number} status
   * @param {string} location
   */
  redirect({ entry, shell }, status, location) {
    const url = new URL(location, entry.url).href;
    const method = methodAfter(status, entry.method);
    const followed = { ...entry, url, method, body: method === entry.method ? entry.body : undefined };
    this.put(followed, shell);
  }

  /**
   * The entry that a navigation of a frame stands for, if it does.
   *
   * @param {string} url
   * @returns {Replay | undefined}
   */
  claim(url) {
    const key = withoutFragment(url);
    const [found, ...others] = this.#replayed.get(key) ?? [];
    if (others.length > 0) this.#replayed.set(key, others);
    else this.#replayed.delete(key);
    return found;
  }
}

/**
 * The navigating page has asked not to be named. A typed address has the default policy; only
 * Firefox gives it none, and so shows every page that names itself nowhere (a blob's, say).
 *
 * @param {string} policy
 */
function hidesReferrer(policy) {
  const firefox = navigator.userAgent.includes("Firefox/");
  return policy === "no-referrer" || policy === "same-origin" || (firefox && policy !== "");
}

/**
 * @param {Request} request
 * @param {ArrayBuffer | undefined} body
 * @returns {Entry}
 */
export function entryOf(request, body) {
  return {
    url: request.url,
    method: request.method,
    referrer: request.referrer,
    origin: request.headers.get("origin") ?? "",
    hidden: hidesReferrer(request.referrerPolicy),
    own: false,
    through: "",
    headers: [...request.headers],
    cache: request.cache,
    body,
  };
}

/** @param {string} url */
function withoutFragment(url) {
  return url.split("#", 1)[0] ?? "";
}
