/**
 * Page script: keeps what the app's document navigates to where the app means it.
 *
 * Runs in the app's own window. Three things are not as they would be on a server: what lies off
 * the site must open in the tab and not in the frame; the frame stands for the tab, so `_top` means
 * the frame; and on a site below a path, `/about` means the app's own `/about`. (Subresources need
 * nothing of this: the service worker sees them all.)
 */

(() => {
  const { src } = /** @type {HTMLScriptElement} */ (document.currentScript);
  const root = new URL("../../../", src);
  const { navigation } = /** @type {any} */ (window);

  /**
   * @param {string | URL} url
   * @returns {string} absolute, and inside the site if it is of this origin
   */
  const inside = (url) => insideSite(new URL(url, document.baseURI), root).href;
  const isWeb = (/** @type {string} */ url) => /^https?:/.test(url);
  const isMoved = (/** @type {string | URL} */ url) => inside(url) !== new URL(url, document.baseURI).href;

  /**
   * The target that a link or form should have, seen from inside the frame.
   *
   * @param {string} url
   * @param {string | null | undefined} own the element's
   * @returns {string | undefined} undefined: it may stay as it is
   */
  const retarget = (url, own) => {
    const target = (own ?? document.querySelector("base[target]")?.getAttribute("target") ?? "").toLowerCase();
    if (!shell || !isWeb(url) || !["", "_self", "_top", "_parent"].includes(target)) return undefined;
    if (!url.startsWith(root.href)) return target === "_top" ? undefined : "_top";
    return target === "_top" || target === "_parent" ? "_self" : undefined;
  };

  /* ---- links and forms: changed for the moment of their activation -------------------------- */

  /**
   * @param {Element} element
   * @param {Record<string, string>} attributes
   * @returns {() => void} puts back what was there
   */
  const setForNow = (element, attributes) => {
    const before = Object.keys(attributes).map((name) => /** @type {const} */ ([name, element.getAttribute(name)]));
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return () => {
      for (const [name, value] of before) {
        if (value === null) element.removeAttribute(name);
        else element.setAttribute(name, value);
      }
    };
  };

  const isLink = (/** @type {EventTarget} */ node) =>
    node instanceof HTMLAnchorElement || node instanceof HTMLAreaElement || node instanceof SVGAElement;

  /** @param {Event} event */
  const followed = (event) => {
    const link = /** @type {Element | undefined} */ (event.composedPath().find(isLink));
    const name = link?.hasAttribute("href") ? "href" : "xlink:href";
    const written = link?.getAttribute(name);
    if (!link || written == null || event.defaultPrevented || !URL.canParse(written, document.baseURI)) return;
    const url = inside(written);
    const target = link.hasAttribute("download") ? undefined : retarget(url, link.getAttribute("target"));
    /** @type {Record<string, string>} */
    const changes = {};
    if (isMoved(written)) changes[name] = url;
    if (target) changes["target"] = target;
    if (Object.keys(changes).length > 0) setTimeout(setForNow(link, changes));
  };
  listen(window, "click", followed);
  listen(window, "auxclick", followed);

  /**
   * @param {HTMLFormElement} form
   * @param {HTMLElement | null} submitter
   * @returns {() => void}
   */
  const sendInside = (form, submitter) => {
    const of = (/** @type {string} */ name) =>
      submitter?.hasAttribute(`form${name}`)
        ? { element: submitter, attribute: `form${name}` }
        : { element: form, attribute: name };
    const action = of("action");
    const target = of("target");
    const written = action.element.getAttribute(action.attribute) || document.URL;
    if (!URL.canParse(written, document.baseURI)) return () => {};
    const url = inside(written);
    const meant = retarget(url, target.element.getAttribute(target.attribute));
    const restore = [
      isMoved(written) ? setForNow(action.element, { [action.attribute]: url }) : undefined,
      meant ? setForNow(target.element, { [target.attribute]: meant }) : undefined,
    ];
    return () => restore.forEach((each) => each?.());
  };

  listen(window, "submit", (/** @type {SubmitEvent} */ event) => {
    if (event.defaultPrevented) return;
    setTimeout(sendInside(/** @type {HTMLFormElement} */ (event.target), event.submitter));
  });

  /* ---- what script does --------------------------------------------------------------------- */

  /**
   * The same arguments, with the address among them inside the site.
   *
   * @param {any[]} args
   * @param {number} at
   */
  const moved = (args, at) => {
    const url = args[at];
    if (url == null || !URL.canParse(url, document.baseURI) || !isMoved(url)) return args;
    return args.map((arg, i) => (i === at ? inside(url) : arg));
  };

  replaceMethod(HTMLFormElement.prototype, "submit", (native, form, args) => {
    const restore = sendInside(form, null);
    native.apply(form, args);
    restore();
  });
  replaceMethod(window, "open", (native, self, args) => native.apply(self, moved(args, 0)));
  for (const name of ["pushState", "replaceState"]) {
    replaceMethod(History.prototype, name, (native, self, args) => native.apply(self, moved(args, 2)));
  }

  /** `location = …` can be seen only where there is the Navigation API. */
  navigation?.addEventListener("navigate", (/** @type {any} */ event) => {
    const { url } = event.destination;
    if (!isWeb(url) || !event.cancelable || event.downloadRequest !== null || event.formData) return;
    const replace = event.navigationType === "replace";
    const meant = inside(url);
    if (meant !== url) {
      event.preventDefault();
      if (replace) location.replace(meant);
      else location.assign(meant);
    } else if (shell && !url.startsWith(root.href)) {
      event.preventDefault();
      tellShell({ type: "tabcorn.page.leave", href: url, replace });
    }
  });

  /* ---- what the browser fetches past the service worker --------------------------------------- */

  if (root.pathname === "/") return; // everything is inside

  /** @type {Record<string, string>} */
  const sources = { IFRAME: "src", FRAME: "src" };

  /** @param {Node} node */
  const moveSource = (node) => {
    const name = sources[node.nodeName];
    if (!name || !(node instanceof Element)) return;
    const url = node.getAttribute(name);
    if (url && URL.canParse(url, document.baseURI) && isMoved(url)) node.setAttribute(name, inside(url));
  };

  /** Where no Navigation API shows where `<meta http-equiv=refresh>` goes, WebKit heeds a second one. */
  const moveRefresh = (/** @type {Node} */ node) => {
    if (navigation || !(node instanceof HTMLMetaElement) || !/^refresh$/i.test(node.httpEquiv)) return;
    const [, before = "", url = "", after = ""] = /^(.*?url\s*=\s*['"]?)([^'"]*)(.*)$/i.exec(node.content) ?? [];
    if (url && URL.canParse(url, document.baseURI) && isMoved(url)) node.content = before + inside(url) + after;
  };

  /** Firefox may go on with the address that the parser saw: look again when it is there. */
  const look = (/** @type {Event} */ { target }) => {
    if (!(target instanceof Element) || !sources[target.nodeName]) return;
    try {
      const { location } = /** @type {any} */ (target).contentWindow;
      if (isWeb(location.href) && isMoved(location.href)) location.replace(inside(location.href));
    } catch {
      // a document of another origin
    }
  };
  listen(document, "load", look, true); // load events never reach the window

  new MutationObserver((records) => {
    for (const { type, target, addedNodes } of records) {
      if (type === "attributes") moveSource(target);
      for (const node of addedNodes) {
        moveSource(node);
        moveRefresh(node);
        if (node instanceof Element) node.querySelectorAll("iframe, frame").forEach(moveSource);
      }
    }
  }).observe(document, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ["src"],
  });

  for (const name of /** @type {const} */ (["Worker", "SharedWorker"])) {
    const Native = /** @type {any} */ (window)[name];
    if (!Native) continue;
    const Moved = new Proxy(Native, {
      construct: (target, args, newTarget) => Reflect.construct(target, moved(args, 0), newTarget),
    });
    Native.prototype.constructor = Moved;
    Object.defineProperty(window, name, { value: Moved, writable: true, configurable: true, enumerable: false });
  }
})();
