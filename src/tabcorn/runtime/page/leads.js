/**
 * Page script: tells the service worker where this document is about to lead.
 *
 * Runs in the app's own window. A navigation without a referrer could have been begun by anybody: by
 * a page that embeds the app, or one that is embedded in it. What this document begins it says
 * before, so that a link that hides its page is still the app's own, and what another site redirects
 * back is not.
 */

(() => {
  const { navigation } = /** @type {any} */ (window);

  /**
   * @param {string} method
   * @param {unknown} address
   */
  const lead = (method, address) => {
    const written = `${address}`;
    const url = URL.canParse(written, document.baseURI) && insideSite(new URL(written, document.baseURI), new URL(place.root));
    if (!url || !/^https?:$/.test(url.protocol)) return;
    navigator.serviceWorker?.controller?.postMessage({ type: "tabcorn.page.leads", method, url: url.href });
  };

  const isLink = (/** @type {EventTarget} */ node) => node instanceof HTMLAnchorElement || node instanceof HTMLAreaElement;

  /** @param {Event} event */
  const followed = (event) => {
    const link = /** @type {HTMLAnchorElement | undefined} */ (event.composedPath().find(isLink));
    if (link?.hasAttribute("href") && !event.defaultPrevented) lead("GET", link.href);
  };
  listen(window, "click", followed);
  listen(window, "auxclick", followed);

  /**
   * @param {HTMLFormElement} form
   * @param {HTMLElement | null} submitter
   */
  const sent = (form, submitter) => {
    const of = (/** @type {string} */ name) => submitter?.getAttribute(`form${name}`) ?? form.getAttribute(name);
    lead(/^post$/i.test(of("method") ?? "") ? "POST" : "GET", of("action") || document.URL);
  };
  listen(window, "submit", (/** @type {SubmitEvent} */ event) => {
    if (!event.defaultPrevented) sent(/** @type {HTMLFormElement} */ (event.target), event.submitter);
  });
  replaceMethod(HTMLFormElement.prototype, "submit", (native, form, args) => {
    sent(form, null);
    native.apply(form, args);
  });
  replaceMethod(window, "open", (native, self, args) => {
    if (args[0]) lead("GET", args[0]);
    return native.apply(self, args);
  });

  /** What script navigates to; where there is no Navigation API nothing shows it. */
  navigation?.addEventListener("navigate", (/** @type {any} */ { destination, formData, hashChange, navigationType }) => {
    if (!hashChange && ["push", "replace"].includes(navigationType)) lead(formData ? "POST" : "GET", destination.url);
  });
})();
