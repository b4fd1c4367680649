/**
 * Who answers a request: the table that the service worker stands on.
 *
 * Pure. Asked for every request of every document that this service worker controls.
 */

/** @import { Site } from "../shared/site.js" */

/**
 * - `network`: not ours; the browser goes on as if there were no service worker
 * - `file`: one of the site's own files, from this build's cache
 * - `shell`: the tab's top document
 * - `frame`: a document of the app, in the shell's frame or in a frame of the app's own
 * - `app`: any other request to the app
 *
 * @typedef {"network" | "file" | "shell" | "frame" | "app"} Route
 */

/** Destinations of navigations below the top of a tab (Fetch, "request destination"). */
const NESTED = new Set(["iframe", "frame", "embed", "object"]);

/**
 * @param {{ url: string, mode: string, destination: string, referrer: string }} request
 * @param {Site} site
 * @returns {Route}
 */
export function route(request, site) {
  const url = new URL(request.url);
  if (url.origin !== site.root.origin) return "network";
  // Only documents and workers of the app are controlled: what they ask for, they ask of the app.
  if (!site.contains(url)) return "app";
  if (site.isReserved(url)) return site.isKept(url) ? "file" : "network";
  if (request.mode !== "navigate") return "app";
  if (!NESTED.has(request.destination)) return "shell";
  return comesFromOutside(request.referrer, site) ? "shell" : "frame";
}

/**
 * A page elsewhere that embeds this site gets a shell in its frame. A frame whose referrer is
 * hidden may be either; `main.js` then looks whether there is a shell that could have made it.
 *
 * @param {string} referrer
 * @param {Site} site
 */
function comesFromOutside(referrer, site) {
  return referrer !== "" && referrer !== "about:client" && !site.contains(new URL(referrer));
}

/**
 * Whether the browser navigates by itself, in its history or for a reload, to where it has been.
 * (HTML, "create navigation params by fetching": such requests have a cache mode of their own.
 * WebKit gives them none.)
 *
 * @param {Request} request a navigation
 */
export function isRepeated(request) {
  return request.cache !== "default";
}
