/**
 * What a tab remembers of itself over a reload, and forgets when it is closed.
 *
 * Runs in the shell. Two things: which browser session it is in, which session cookies hang on; and
 * who led it to where it is, since a reload says nothing of that (RFC 6265bis, 8.8.5: the reload of
 * what another site led to is as foreign as that was).
 */

/** @import { Entry } from "../protocol.js" */
/** @import { Site } from "../shared/site.js" */

export class TabSession {
  /** @type {Pick<Entry, "referrer" | "origin" | "hidden">} */
  #origins = { referrer: "", origin: "", hidden: false };
  #documents = 0;

  /** @param {Site} site */
  constructor(site) {
    this.site = site;
    addEventListener("pagehide", () => {
      this.#put("arrival", JSON.stringify({ url: location.href, ...this.#origins }));
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
    const again = ["reload", "back_forward"].includes(/** @type {any} */ (timing)?.type);
    const { url, ...before } = JSON.parse(this.#get("arrival") || "{}");
    const recalled = again && url === entry.url ? { ...entry, ...before } : entry;
    const { referrer, origin, hidden } = recalled;
    this.#origins = { referrer, origin, hidden };
    return recalled;
  }

  /** The frame has loaded a document: all but the first were reached from inside. */
  loaded() {
    this.#documents += 1;
    if (this.#documents < 2) return;
    this.#origins = { referrer: this.site.root.href, origin: "", hidden: false };
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
