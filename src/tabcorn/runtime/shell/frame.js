/**
 * The frame that shows the app's own documents, and the tab's top that looks as if it were them.
 *
 * Runs in the shell. The address bar, the title and the icon follow the frame; when the user
 * changes the address by hand or goes back in history, the frame follows the address bar.
 */

import { Head } from "./head.js";

/** @import { Entry, PageToShell } from "../protocol.js" */
/** @import { Site } from "../shared/site.js" */

/** All but `allow-top-navigation`. */
const CONFINED =
  "allow-same-origin allow-scripts allow-forms allow-modals allow-downloads allow-pointer-lock " +
  "allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation";

export class Frame {
  #head;
  #element = /** @type {HTMLIFrameElement} */ (document.getElementById("tabcorn-app"));
  #opened = false;
  #shown = false;
  /** The form that the present document answers. @type {Entry | undefined} */
  #posted;

  /**
   * @param {Site} site
   * @param {{ shown: () => void, moved: (referrer: string) => void }} on
   *   `shown`: there is something to see; `moved`: another document is there
   */
  constructor(site, on) {
    this.site = site;
    this.#head = new Head(site);
    this.on = on;
    this.#element.addEventListener("load", () => this.#loaded());
    addEventListener("message", (event) => this.#receive(event));
    addEventListener("popstate", () => this.#followAddress());
    addEventListener("hashchange", () => this.#followAddress());
    const { navigation } = /** @type {any} */ (window);
    navigation?.addEventListener("navigate", (/** @type {any} */ event) => this.#takeOver(event));
    addEventListener("beforeprint", () => this.#unfold());
    addEventListener("afterprint", () => this.#element.removeAttribute("style"));
  }

  /**
   * @param {string | undefined} url undefined when the browser navigates the frame by itself
   * @param {string} name of the window
   */
  open(url, name) {
    this.#opened = true;
    this.#window.name = name;
    if (url !== undefined) this.#window.location.replace(url);
    else if (this.#window.document.readyState === "complete") this.#loaded();
  }

  /**
   * The app's script has navigated the whole tab to where it was: it wants to be out of a frame,
   * and would say so for ever. Where the Navigation API shows it nothing has to be forbidden.
   */
  confine() {
    this.#element.setAttribute("sandbox", CONFINED);
  }

  /** What is gone with a reload, unless it is kept; undefined where it cannot be seen. */
  look() {
    if (!this.#location) return undefined;
    const { name, scrollX, scrollY } = this.#window;
    return { name, scroll: /** @type {[number, number]} */ ([scrollX, scrollY]) };
  }

  /** The first navigation was answered, by a document or by something that is none. */
  show() {
    if (this.#shown) return;
    this.#shown = true;
    this.on.shown();
    this.#element.focus();
  }

  get #window() {
    return /** @type {Window} */ (this.#element.contentWindow);
  }

  /** @returns {Location | undefined} of the frame's document, if it is of this origin */
  get #location() {
    try {
      const { location } = this.#window;
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
    this.#mirror(location.href, page.title);
    this.#head.follow(page);
    this.on.moved(page.referrer);
    this.show();
  }

  /** @param {MessageEvent<PageToShell>} event */
  #receive(event) {
    const { source, origin, data } = event;
    if (source !== this.#window || origin !== this.site.root.origin) return this.#relay(event);
    switch (data?.type) {
      case "tabcorn.page.moved":
        if (!data.posted) this.#posted = undefined;
        this.#mirror(data.href, data.title);
        return this.show();
      case "tabcorn.page.posted":
        this.#posted = data.entry;
        return this.#mirror(this.#window.location.href, undefined);
      case "tabcorn.page.leave":
        return data.replace ? location.replace(data.href) : location.assign(data.href);
      default:
        return this.#relay(event); // the app's script to itself: `top.postMessage`
    }
  }

  /**
   * Who knows this tab by its top window, its opener or a page that embeds it, means the app.
   *
   * @param {MessageEvent} event
   */
  #relay({ data, origin, source, ports }) {
    if (!this.#location) return; // it is not there, or not ours
    const { MessageEvent } = /** @type {typeof globalThis} */ (/** @type {unknown} */ (this.#window));
    this.#window.dispatchEvent(new MessageEvent("message", { data, origin, source, ports: [...ports] }));
  }

  /**
   * The state goes along: a browser keeps it over a reload, but not that of a frame.
   *
   * @param {string} href
   * @param {string | undefined} title undefined: not known yet
   */
  #mirror(href, title) {
    try {
      const entry = this.#posted && sameDocument(this.#posted.url, href) ? this.#posted : undefined;
      history.replaceState({ tabcorn: { href, state: this.#window.history.state, entry } }, "", href);
    } catch {
      if (href !== location.href) history.replaceState(null, "", href); // too large a state
    }
    if (title !== undefined) document.title = title;
  }

  /**
   * Script in the app that says `top.location = …` means its own window. When a document says so
   * of itself as soon as it is there, it wants to be out of a frame: it would say so for ever.
   *
   * @param {any} event of the Navigation API
   */
  #takeOver(event) {
    const { url, sameDocument } = event.destination;
    const { cancelable, navigationType, formData } = event;
    const meant = this.site.inside(new URL(url));
    if (!this.#opened || !cancelable || sameDocument || formData || !this.site.isApp(meant)) return;
    if (!["push", "replace"].includes(navigationType)) return;
    event.preventDefault();
    const isItself = meant.href === this.#location?.href;
    if (isItself && !this.#window.navigator.userActivation?.hasBeenActive) return;
    if (navigationType === "replace") this.#window.location.replace(meant);
    else this.#window.location.assign(meant);
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

/**
 * @param {string} one
 * @param {string} other
 */
function sameDocument(one, other) {
  return one.split("#", 1)[0] === other.split("#", 1)[0];
}
