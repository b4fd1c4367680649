/**
 * Page script: what the app's documents show by `<embed>` and `<object>`.
 *
 * Runs in the app's own window. Browsers load both past the service worker (Fetch, "HTTP fetch":
 * their service-workers mode is "none"), so a static host would be asked for what only the app can
 * answer. It is fetched here, and shown from a blob; a document is shown in a frame, to keep its
 * address.
 */

(() => {
  /** @type {Record<string, string>} */
  const sources = { EMBED: "src", OBJECT: "data" };
  /** What is being fetched: what the element says meanwhile is not about it. */
  const pending = new WeakSet();
  /** What the app has no answer to either: they show their fallback. */
  const failed = new WeakSet();

  /** @param {string} url */
  const framed = (url) => {
    const frame = document.createElement("iframe");
    frame.src = url;
    frame.style.cssText = "position: fixed; inset: 0; width: 100%; height: 100%; border: 0";
    return new Blob([`<!doctype html>${frame.outerHTML}`], { type: "text/html" });
  };

  /** @param {string} url */
  const contentOf = async (url) => {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${response.status}`);
    const content = await response.blob();
    if (!/^(?:text\/html|application\/xhtml\+xml)\b/.test(content.type)) return content;
    // Firefox tells a service worker that a frame in there is the top of a tab.
    if (navigator.userAgent.includes("Firefox/")) throw new Error("no document");
    return framed(url);
  };

  /**
   * Chromium looks at an object's new address only when it is put into the document.
   *
   * @param {HTMLElement} node
   * @param {string} name
   * @param {string} shown
   */
  const renew = (node, name, shown) => {
    const { parentNode, nextSibling } = node;
    node.remove();
    node.setAttribute(name, shown);
    parentNode?.insertBefore(node, nextSibling);
  };

  /**
   * What was there before may have failed only now: Chromium then shows nothing in the element any
   * more, whatever its address is, and a copy of it takes its place.
   *
   * @param {HTMLElement} node
   * @param {string} name
   * @param {string} shown a document
   */
  const insist = async (node, name, shown) => {
    for (let tries = 0; tries < 4; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 250));
      if (!node.isConnected || node.getAttribute(name) !== shown) return;
      if (/** @type {HTMLObjectElement} */ (node).contentWindow !== null) continue;
      const copy = /** @type {HTMLElement} */ (node.cloneNode(true));
      node.replaceWith(copy);
      node = copy;
    }
  };

  /** @param {Node} node */
  const embed = async (node) => {
    const name = sources[node.nodeName];
    if (!name || !(node instanceof HTMLElement)) return;
    const written = node.getAttribute(name);
    if (!written || !URL.canParse(written, document.baseURI)) return;
    const url = new URL(written, document.baseURI);
    if (url.origin !== location.origin || !/^https?:$/.test(url.protocol)) return;
    pending.add(node);
    node.setAttribute(name, "about:blank");
    const content = await contentOf(insideSite(url, new URL(place.root)).href).catch(() => undefined);
    const shown = content ? URL.createObjectURL(content) : written;
    pending.delete(node);
    if (!content) failed.add(node);
    if (node.getAttribute(name) !== "about:blank") return; // the app wants something else by now
    renew(node, name, shown);
    if (node.nodeName === "OBJECT" && /html|xml/.test(content?.type ?? "")) await insist(node, name, shown);
  };
  for (const type of ["load", "error"]) {
    const hush = (/** @type {Event} */ event) => {
      if (pending.has(/** @type {Node} */ (event.target))) event.stopImmediatePropagation();
    };
    document.addEventListener(type, hush, true);
  }

  const look = (/** @type {Node} */ node) => void (failed.delete(node) || embed(node));
  new MutationObserver((records) => {
    for (const { type, target, addedNodes } of records) {
      if (type === "attributes") look(target);
      for (const node of addedNodes) {
        look(node);
        if (node instanceof Element) node.querySelectorAll("embed, object").forEach(look);
      }
    }
  }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["src", "data"] });
})();
