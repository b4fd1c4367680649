/**
 * What a tab remembers of itself over a reload, and forgets when it is closed.
 *
 * Runs in the shell. Three things: which browser session it is in, which session cookies hang on;
 * who led it to where it is, since a reload says nothing of that (RFC 6265bis, 8.8.5: the reload of
 * what another site led to is as foreign as that was); and what a browser keeps of a document that
 * is reloaded, its window's name and where it was scrolled to.
 */

/** @import { Entry } from "../protocol.js" */
/** @import { Site } from "../shared/site.js" */

/** @typedef {{ name: string, scroll: [x: number, y: number] }} Seen of the frame's window */

export class TabSession {
  /** @type {Pick<Entry, "referrer" | "origin" | "hidden" | "own" | "through">} */
  #origins = { referrer: "", origin: "", hidden: false, own: false, through: "" };
  #documents = 0;
  /** The browser has reloaded the shell, and does not know that the app's document answers a form. */
  resends = false;
  /** @type {Seen} */
  #seen = { name: window.name, scroll: [0, 0] };

  /**
   * @param {Site} site
   * @param {() => Seen | undefined} look
   */
  constructor(site, look) {
    this.site = site;
    addEventListener("pagehide", () => {
      const seen = look() ?? this.#seen;
      this.#put("arrival", JSON.stringify({ url: location.href, origins: this.#origins, seen }));
    });
  }

  /** The browser session's name, or empty when the tab is new. */
  get name() {
    return this.#get("session");
  }

  set name(name) {
    this.#put("session", name);
  }

  /**
   * The entry, with what a reload does not tell.
   *
   * @param {Entry} entry
   * @returns {Entry}
   */
  recall(entry) {
    const [timing] = performance.getEntriesByType("navigation");
    const { type } = /** @type {PerformanceNavigationTiming} */ (timing);
    const { url, origins, seen } = JSON.parse(this.#get("arrival") || "{}");
    if (!(type === "reload" || type === "back_forward") || url !== entry.url) return this.#begin(entry);
    this.#seen = seen;
    const again = /** @type {const} */ ({ type, scroll: seen.scroll });
    const form = history.state?.tabcorn?.entry;
    if (form && type === "reload" && entry.method === "GET") {
      this.resends = true;
      return this.#begin({ ...form, cache: entry.cache, again, url });
    }
    return this.#begin({ ...entry, ...origins, again });
  }

  /** @param {Entry} entry */
  #begin(entry) {
    const { referrer, origin, hidden, own, through } = entry;
    this.#origins = { referrer, origin, hidden, own, through };
    return entry;
  }

  /**
   * Whether a document in the frame has navigated the tab to itself, as those do that do not want
   * to be in a frame.
   *
   * @param {Entry} entry
   */
  static cameOutOfItself({ url, referrer, again }) {
    return !again && referrer !== "" && referrer === url.split("#", 1)[0];
  }

  /** The name of the window, as it was before the tab was reloaded. */
  get windowName() {
    return this.#seen.name;
  }

  /**
   * The frame has loaded a document: all but the first were reached from inside.
   *
   * @param {string} referrer
   */
  loaded(referrer) {
    this.#documents += 1;
    if (this.#documents < 2) return;
    this.#origins = { referrer, origin: "", hidden: false, own: false, through: "" };
  }

  /** @param {string} name */
  #get(name) {
    return sessionStorage.getItem(`tabcorn ${this.site.root} ${name}`) ?? "";
  }

  /**
   * @param {string} name
   * @param {string} value
   */
  #put(name, value) {
    sessionStorage.setItem(`tabcorn ${this.site.root} ${name}`, value);
  }
}
