/**
 * Page script: what the service worker has written into the script's tag.
 *
 * Runs in the app's own window. In a worker of the app, the service worker writes it down itself.
 */

/** @type {Place} */
const place = (() => {
  const { src, dataset } = /** @type {HTMLScriptElement} */ (document.currentScript);
  const [, root = "", build = ""] = /^(.*\/)_tabcorn\/([0-9a-f]+)\//.exec(src) ?? [];
  return { root, build, policies: JSON.parse(dataset["policies"] ?? "[]") };
})();
