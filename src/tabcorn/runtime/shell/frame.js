/**
 * The frame that shows the app's own documents, and the tab's top that looks as if it were them.
 *
 * Runs in the shell. The address bar, the title and the icon follow the frame; when the user
 * changes the address by hand or goes back in history, the frame follows the address bar.
 */

/** @import { PageToShell } from "../protocol.js" */
/** @import { Site } from "../shared/site.js" */

export class Frame {
  #element = document.createElement("iframe");
  #shown = false;

  /**
   * @param {Site} site
   * @param {{ shown: () => void, moved: () => void, broken: () => void }} on
   *   `shown`: the first document is there; `moved`: another one is; `broken`: none came
   */
  constructor(site, on) {
    this.site = site;
    this.on = on;
    this.#element.id = "tabcorn-app";
    this.#element.addEventListener("load", () => this.#loaded());
    addEventListener("message", (event) => this.#receive(event));
    addEventListener("popstate", () => this.#followAddress());
    addEventListener("hashchange", () => this.#followAddress());
  }

  /** @param {string} url */
  open(url) {
    this.#element.src = url;
    document.body.append(this.#element);
  }

  /** The first navigation was answered by something that is no document. */
  show() {
    if (this.#shown) return;
    this.#shown = true;
    this.#element.focus();
    this.on.shown();
  }

  /** @returns {Location | undefined} of the frame's document, if it is of this origin */
  get #location() {
    try {
      const { location } = /** @type {Window} */ (this.#element.contentWindow);
      return location.href === "about:blank" ? undefined : location;
    } catch {
      return undefined; // a document of another origin, or the browser's own error page
    }
  }

  /**
   * Script that says `location = "/about"` on a site below a path gets past everything that could
   * have moved it inside: the static host has answered it.
   *
   * @param {Location} location
   */
  #bringBack(location) {
    const meant = this.site.inside(new URL(location.href));
    if (meant.href === location.href) return false;
    location.replace(meant);
    return true;
  }

  #loaded() {
    const location = this.#location;
    if (!location) {
      if (!this.#shown) this.on.broken();
      return;
    }
    if (this.#bringBack(location)) return;
    const page = /** @type {Document} */ (this.#element.contentDocument);
    this.#mirror(location.href, page.title);
    mirrorIcons(page);
    this.on.moved();
    this.show();
  }

  /** @param {MessageEvent<PageToShell>} event */
  #receive({ source, origin, data }) {
    if (source !== this.#element.contentWindow || origin !== this.site.root.origin) return;
    if (data?.type === "tabcorn.page.moved") {
      this.#mirror(data.href, data.title);
      this.show();
    } else if (data?.type === "tabcorn.page.leave") {
      if (data.replace) location.replace(data.href);
      else location.assign(data.href);
    }
  }

  /**
   * @param {string} href
   * @param {string} title
   */
  #mirror(href, title) {
    if (href !== location.href) history.replaceState(history.state, "", href);
    if (title) document.title = title;
  }

  #followAddress() {
    const frame = this.#location;
    if (frame && frame.href !== location.href) frame.replace(location.href);
  }
}

/** @param {Document} page */
function mirrorIcons(page) {
  for (const icon of document.querySelectorAll("link[rel~=icon]")) icon.remove();
  for (const icon of page.querySelectorAll("link[rel~=icon]")) {
    const copy = document.createElement("link");
    for (const { name, value } of icon.attributes) copy.setAttribute(name, value);
    copy.href = /** @type {HTMLLinkElement} */ (icon).href; // resolved against the page, not the shell
    document.head.append(copy);
  }
}
