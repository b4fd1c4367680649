/**
 * How users came to the top of a tab, until the shell replays it in its frame.
 *
 * Runs in the service worker. The shell takes its entry at once and gives it back when the app is
 * up, so nothing is lost when the service worker is ended in between.
 */

/** @import { Entry } from "../protocol.js" */

/** A shell asks at once; only a navigation that became no document leaves its entry behind. */
const MOST_ENTRIES = 20;

/** @typedef {{ entry: Entry, shell: string }} Replay */

export class Entries {
  /** @type {Map<string, Entry>} by the shell's client id */
  #arrived = new Map();
  /** @type {Map<string, Replay[]>} by URL, about to be navigated to, one or several frames */
  #replayed = new Map();

  /**
   * @param {Request} request a navigation of the top of a tab
   * @param {string} shell the client that comes of it
   */
  async remember(request, shell) {
    const body = request.method === "GET" ? undefined : await request.clone().arrayBuffer();
    this.#arrived.set(shell, {
      url: request.url,
      method: request.method,
      referrer: request.referrer,
      origin: request.headers.get("origin") ?? "",
      hidden: hidesReferrer(request.referrerPolicy),
      headers: [...request.headers],
      cache: request.cache,
      body,
    });
    const [oldest] = this.#arrived.keys();
    if (this.#arrived.size > MOST_ENTRIES && oldest !== undefined) this.#arrived.delete(oldest);
  }

  /** @param {string} shell */
  take(shell) {
    const entry = this.#arrived.get(shell);
    this.#arrived.delete(shell);
    return entry;
  }

  /**
   * @param {Entry} entry
   * @param {string} shell
   */
  put(entry, shell) {
    const key = withoutFragment(entry.url);
    this.#replayed.set(key, [...(this.#replayed.get(key) ?? []), { entry, shell }]);
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
    const becomesGet = status === 303 || (status < 303 && entry.method === "POST");
    const followed = becomesGet ? { ...entry, url, method: "GET", body: undefined } : { ...entry, url };
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

/** @param {string} url */
function withoutFragment(url) {
  return url.split("#", 1)[0] ?? "";
}
