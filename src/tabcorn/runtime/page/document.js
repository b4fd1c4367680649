/**
 * Page script: tells the shell where the app's document is, and keeps links that lead off the
 * site, or that mean the top of the tab, from doing in the frame what they were not made for.
 *
 * Runs in the app's own window, before anything of the app's, and leaves nothing behind that the
 * app could see: no globals, no element.
 */

(() => {
  const script = /** @type {HTMLScriptElement} */ (document.currentScript);
  const root = new URL("../../../", script.src);
  script.remove();
  if (window.frameElement?.id !== "tabcorn-app") return; // a frame of the app's own

  /** @param {import("../protocol.js").PageToShell} message */
  const tell = (message) => window.parent.postMessage(message, location.origin);

  /* ---- where the document is ----------------------------------------------------------- */

  let told = "";
  const report = () => {
    const { href } = location;
    const { title } = document;
    if (told === `${href} ${title}`) return;
    told = `${href} ${title}`;
    tell({ type: "tabcorn.page.moved", href, title });
  };

  /** pushState and replaceState fire no event, except where there is the Navigation API. */
  const { navigation } = /** @type {any} */ (window);
  const watchHistory = () => {
    if (navigation) return navigation.addEventListener("currententrychange", report);
    for (const name of /** @type {const} */ (["pushState", "replaceState"])) {
      const original = history[name];
      history[name] = {
        /** @this {History} @param {Parameters<History["pushState"]>} args */
        [name](...args) {
          original.apply(this, args);
          report();
        },
      }[name];
    }
  };

  watchHistory();
  addEventListener("hashchange", report);
  addEventListener("popstate", report);
  addEventListener("pageshow", report);
  new MutationObserver(report).observe(document.documentElement, {
    subtree: true,
    childList: true,
    characterData: true,
  });
  report();

  /* ---- where links and forms go --------------------------------------------------------- */

  /**
   * The target that a link or form should have, seen from inside the frame.
   *
   * @param {string} url
   * @param {string} target
   */
  const retarget = (url, target) => {
    if (!["", "_self", "_top", "_parent"].includes(target.toLowerCase())) return target;
    if (!/^https?:/.test(url)) return target;
    return url.startsWith(root.href) ? "_self" : "_top";
  };

  /**
   * The activation that follows the event reads the attribute; then it is put back.
   *
   * @param {Element} element
   * @param {string} attribute
   * @param {string} value
   */
  const setForNow = (element, attribute, value) => {
    const before = element.getAttribute(attribute);
    element.setAttribute(attribute, value);
    setTimeout(() => {
      if (before === null) element.removeAttribute(attribute);
      else element.setAttribute(attribute, before);
    });
  };

  addEventListener("click", (event) => {
    if (event.defaultPrevented) return;
    const isLink = (/** @type {EventTarget} */ node) =>
      node instanceof HTMLAnchorElement || node instanceof HTMLAreaElement;
    const link = /** @type {HTMLAnchorElement | undefined} */ (event.composedPath().find(isLink));
    if (!link?.href || link.hasAttribute("download")) return;
    const target = retarget(link.href, link.target);
    if (target !== link.target) setForNow(link, "target", target);
  });

  /** What script does (`location = …`) can be seen only where there is the Navigation API. */
  navigation?.addEventListener("navigate", (/** @type {any} */ event) => {
    const { url } = event.destination;
    const stays = !/^https?:/.test(url) || url.startsWith(root.href);
    if (stays || !event.cancelable || event.downloadRequest !== null) return;
    event.preventDefault();
    tell({ type: "tabcorn.page.leave", href: url, replace: event.navigationType === "replace" });
  });

  addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    const form = /** @type {HTMLFormElement} */ (event.target);
    const submitter = /** @type {HTMLButtonElement | null} */ (event.submitter);
    const overridden = submitter?.hasAttribute("formtarget") ? submitter : undefined;
    const action = submitter?.getAttribute("formaction") ?? form.getAttribute("action") ?? "";
    const url = new URL(action, document.baseURI).href;
    const before = overridden ? overridden.formTarget : (form.getAttribute("target") ?? "");
    const target = retarget(url, before);
    if (target === before) return;
    if (overridden) setForNow(overridden, "formtarget", target);
    else setForNow(form, "target", target);
  });
})();
