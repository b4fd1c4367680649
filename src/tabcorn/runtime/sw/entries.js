/**
 * How users came to the top of a tab, until the shell replays it in its frame.
 *
 * Runs in the service worker. The shell takes its entry at once and gives it back when the app is
 * up, so nothing is lost when the service worker is ended in between.
 */

/** @import { Entry } from "../protocol.js" */

/** A shell asks at once; a navigation that became no document leaves its entry behind. */
const KEPT_MS = 60_000;

export class Entries {
  /** @type {Map<string, Entry>} by the shell's client id */
  #arrived = new Map();
  /** @type {Map<string, { entry: Entry, shell: string }>} by URL, about to be navigated to */
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
      headers: [...request.headers],
      body,
    });
    setTimeout(() => this.#arrived.delete(shell), KEPT_MS);
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
    this.#replayed.set(withoutFragment(entry.url), { entry, shell });
  }

  /**
   * The entry that a navigation of a frame stands for, if it does.
   *
   * @param {string} url
   */
  claim(url) {
    const key = withoutFragment(url);
    const found = this.#replayed.get(key);
    this.#replayed.delete(key);
    return found;
  }
}

/** @param {string} url */
function withoutFragment(url) {
  return url.split("#", 1)[0] ?? "";
}
