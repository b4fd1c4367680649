/**
 * The page script: what is first in every HTML document of the app, as one file.
 *
 * Runs in the service worker, which puts the files of page/ together as they are: a document then
 * waits for one answer and not for several.
 */

/** @import { Site } from "../shared/site.js" */

/** In this order, inside one function: they share what `native` declares, and leak nothing. */
const FILES = ["native", "document", "links", "aborts"];

/** @param {Site} site */
export function pageScriptUrl(site) {
  return new URL("runtime/page.js", site.base).href;
}

/**
 * @param {string} url
 * @param {Site} site
 */
export function isPageScript(url, site) {
  return url === pageScriptUrl(site);
}

/** @type {Promise<string> | undefined} */
let text;

/** @param {Site} site */
export async function pageScript(site) {
  text ??= joined(site);
  return new Response(await text, { headers: { "content-type": "text/javascript; charset=utf-8" } });
}

/** @param {Site} site */
async function joined(site) {
  const files = FILES.map(async (name) => {
    const url = new URL(`runtime/page/${name}.js`, site.base).href;
    return ((await caches.match(url)) ?? (await fetch(url))).text();
  });
  return `(() => {\n${(await Promise.all(files)).join("\n")}})();\n`;
}
