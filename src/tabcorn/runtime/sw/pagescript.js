/**
 * The page script, which build/pagescript.py puts together, and the part of it that workers get.
 *
 * Runs in the service worker.
 */

/** @import { Site } from "../shared/site.js" */

/** @param {Site} site */
export function pageScriptUrl(site) {
  return new URL("runtime/page.js", site.base).href;
}

/** @type {Promise<string> | undefined} */
let sockets;

/**
 * The function that gives a document or worker its `WebSocket`; it takes a `Place`.
 *
 * @param {Site} site
 */
export function socketsFunction(site) {
  sockets ??= text(new URL("runtime/sockets.js", site.base).href);
  return sockets;
}

/** @param {string} url */
async function text(url) {
  return ((await caches.match(url)) ?? (await fetch(url))).text();
}
