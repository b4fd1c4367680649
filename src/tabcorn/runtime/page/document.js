/**
 * Page script: tells the shell where the app's document is, and under which title.
 *
 * Runs in the app's own window, before anything of the app's, and leaves nothing behind that the
 * app could see: no globals, no element.
 */

(() => {
  if (!shell) return;
  const { form } = /** @type {HTMLScriptElement} */ (document.currentScript).dataset;

  let told = "";
  const report = (/** @type {Event | undefined} */ cause = undefined) => {
    const { href } = location;
    // A title that is yet to come is no title that is empty.
    const title = document.title || document.readyState !== "loading" ? document.title : undefined;
    if (told === `${href} ${title}` && !cause) return; // an event may tell of another state
    told = `${href} ${title}`;
    tellShell({ type: "tabcorn.page.moved", href, title, posted: form !== undefined });
  };

  /** pushState and replaceState fire no event, except where there is the Navigation API. */
  const { navigation } = /** @type {any} */ (window);
  const watchHistory = () => {
    if (navigation) return navigation.addEventListener("currententrychange", report);
    for (const name of ["pushState", "replaceState"]) {
      replaceMethod(History.prototype, name, (native, self, args) => {
        native.apply(self, args);
        report(new Event(name));
      });
    }
  };

  /** The form that this document answers, so that the tab can be reloaded. */
  const fetchForm = () => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => data.entry && tellShell({ type: "tabcorn.page.posted", entry: data.entry });
    navigator.serviceWorker.controller?.postMessage({ type: "tabcorn.entry.take", form, reply: port2 }, [port2]);
  };

  watchHistory();
  listen(window, "hashchange", report);
  listen(window, "popstate", report);
  listen(window, "pageshow", report);
  new MutationObserver(() => report()).observe(document, {
    subtree: true,
    childList: true,
    characterData: true,
  });
  report();
  if (form) fetchForm();
})();
