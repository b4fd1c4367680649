/**
 * Page script: tells the shell where the app's document is, and under which title.
 *
 * Runs in the app's own window, before anything of the app's, and leaves nothing behind that the
 * app could see: no globals, no element.
 */

(() => {
  if (!inShell) return;

  /** @param {import("../protocol.js").PageToShell} message */
  const tell = (message) => window.parent.postMessage(message, location.origin);

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
    for (const name of ["pushState", "replaceState"]) {
      replaceMethod(History.prototype, name, (native, self, args) => {
        native.apply(self, args);
        report();
      });
    }
  };

  watchHistory();
  listen(window, "hashchange", report);
  listen(window, "popstate", report);
  listen(window, "pageshow", report);
  new MutationObserver(report).observe(document, {
    subtree: true,
    childList: true,
    characterData: true,
  });
  report();
})();
