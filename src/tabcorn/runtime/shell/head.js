/**
 * What browsers look for in the head of the top document: icons, the colour of the browser's own
 * bars, and how a phone lays the page out. The shell's head follows that of the app's document.
 *
 * Runs in the shell.
 */

/** @import { Site } from "../shared/site.js" */

const FOLLOWED = "link[rel~=icon], link[rel=apple-touch-icon], meta[name=theme-color], meta[name=viewport]";

export class Head {
  /** @type {Element[]} */
  #shown = [...document.head.querySelectorAll(FOLLOWED)];
  #observer = new MutationObserver(() => this.#update());
  /** @type {Document | undefined} */
  #page;

  /** @param {Site} site */
  constructor(site) {
    this.site = site;
  }

  /** @param {Document} page the app's document */
  follow(page) {
    this.#page = page;
    this.#observer.disconnect();
    if (page.head) this.#observer.observe(page.head, { subtree: true, childList: true, attributes: true });
    this.#update();
  }

  #update() {
    const wanted = [...(this.#page?.head?.querySelectorAll(FOLLOWED) ?? [])].map(copy);
    if (!wanted.some((it) => it.matches("[rel~=icon]"))) wanted.push(this.#usualIcon());
    const same = wanted.map((it) => it.outerHTML).join() === this.#shown.map((it) => it.outerHTML).join();
    if (same) return; // an icon that is put there again is fetched again
    for (const element of this.#shown) element.remove();
    document.head.append(...wanted);
    this.#shown = wanted;
  }

  /** What a browser asks for when a document names none; only the app could answer it. */
  #usualIcon() {
    const icon = document.createElement("link");
    icon.rel = "icon";
    icon.href = new URL("favicon.ico", this.site.root).href;
    return icon;
  }
}

/** @param {Element} element */
function copy(element) {
  const made = document.createElement(element.localName);
  for (const { name, value } of element.attributes) made.setAttribute(name, value);
  // Resolved against the page, not the shell.
  if (element.hasAttribute("href")) made.setAttribute("href", /** @type {HTMLLinkElement} */ (element).href);
  return made;
}
