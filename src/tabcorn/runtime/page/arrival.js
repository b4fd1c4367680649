/**
 * Page script: the first document of a tab is as it would be had the browser itself opened it.
 *
 * Runs in the app's own window. The shell has navigated its frame, but the user came from another
 * page, or has reloaded the tab: `document.referrer`, and after a reload `history.state`, the type
 * of the navigation and the place that was scrolled to say so.
 */

(() => {
  const { arrival } = /** @type {HTMLScriptElement} */ (document.currentScript).dataset;
  if (arrival === undefined || !shell) return; // reached from inside the app: the browser knows
  /** @type {import("../protocol.js").Arrival} */
  const { referrer, again } = JSON.parse(arrival);
  replaceGetter(Document.prototype, "referrer", (native, it) => (it === document ? referrer : native()));
  if (!again) return;

  const { tabcorn } = shell.history.state ?? {};
  if (tabcorn?.href === location.href) history.replaceState(tabcorn.state, "");

  const [entry] = performance.getEntriesByType("navigation");
  if (entry) replaceGetter(PerformanceNavigationTiming.prototype, "type", () => again.type);
  if (window.PerformanceNavigation) {
    replaceGetter(PerformanceNavigation.prototype, "type", () => ({ reload: 1, back_forward: 2 })[again.type]);
  }

  const restore = () => {
    if (history.scrollRestoration === "auto") scrollTo(...again.scroll);
  };
  addEventListener("DOMContentLoaded", restore, { once: true });
  addEventListener("load", restore, { once: true });
})();
