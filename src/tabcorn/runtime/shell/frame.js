/**
 * The frame that shows the app's own documents, and the tab's top that looks as if it were them.
 *
 * Runs in the shell. The address bar, the title and the icon follow the frame; when the user
 * changes the address by hand or goes back in history, the frame follows the address bar.
 */

/** @import { PageToShell } from "../protocol.js" */
/** @import { Site } from "../shared/site.js" */

export class Frame {
  #element = /** @type {HTMLIFrameElement} */ (document.getElementById("tabcorn-app"));
  #opened = false;
  #shown = false;

  /**
   * @param {Site} site
   * @param {{ shown: () => void, moved: () => void }} on
   *   `shown`: there is something to see; `moved`: another document is there
   */
  constructor(site, on) {
    this.site = site;
    this.on = on;
    this.#element.addEventListener("load", () => this.#loaded());
    addEventListener("message", (event) => this.#receive(event));
    addEventListener("popstate", () => this.#followAddress());
    addEventListener("hashchange", () => this.#followAddress());
    addEventListener("beforeprint", () => this.#unfold());
    addEventListener("afterprint", () => this.#element.removeAttribute("style"));
  }

  /** @param {string} url */
  open(url) {
    this.#opened = true;
    this.#element.hidden = false;
    this.#element.contentWindow?.location.replace(url);
  }

  /** The first navigation was answered, by a document or by something that is none. */
  show() {
    if (this.#shown) return;
    this.#shown = true;
    this.on.shown();
    this.#element.focus();
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
    if (!this.#opened) return;
    const location = this.#location;
    if (!location) return this.show(); // a sandboxed document, a viewer, the browser's own page
    if (this.#bringBack(location)) return;
    const page = /** @type {Document} */ (this.#element.contentDocument);
    this.#mirror(location.href, page.title || location.host + location.pathname);
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

  /** Print the whole of the document, and not what is in view. */
  #unfold() {
    const height = this.#element.contentDocument?.documentElement.scrollHeight;
    if (height) this.#element.style.cssText = `position: static; height: ${height}px`;
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
