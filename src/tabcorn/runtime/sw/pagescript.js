/**
 * The page script: what is first in every HTML document of the app, as one file.
 *
 * Runs in the service worker, which puts the files of page/ together as they are: a document then
 * waits for one answer and not for several.
 */

import { inside } from "../shared/inside.js";

/** @import { Site } from "../shared/site.js" */

/** Before all others, and says whether they follow. */
const ENTRY = "entry";

/** In this order, inside one function: they share what `native` declares, and leak nothing. */
const FILES = [
  ...["native", "place", "window", "arrival", "document", "links", "leads", "popups", "embedded", "autofocus"],
  ...["aborts", "redirects"],
  ...["cookiejar", "cookies", "cookieorder", "cookiestore"],
];

/**
 * Inside one function of their own, whose text also goes into workers: they patch `WebSocket` and
 * `EventSource`.
 */
const SOCKETS = [
  ...["engine", "convert", "handlers", "csp"],
  ...["line", "socket", "websocket", "events", "blobworker"],
];

/** Of these the function keeps the browser's own, whatever a page (a fake clock) puts there later. */
const NATIVES = [
  ...["ArrayBuffer", "Blob", "BroadcastChannel", "CloseEvent", "DOMException", "Event"],
  ...["MessageChannel", "MessageEvent", "TextDecoder", "TextEncoder", "URL"],
  ...["clearTimeout", "setTimeout"],
];

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
  const own = (await Promise.all(FILES.map((name) => file(site, name)))).join("\n");
  const sockets = `const installSockets = ${await socketsFunction(site)};\ninstallSockets(place);`;
  const entry = `${await file(site, ENTRY)}\nif (!hasOrigin) return;\nconst insideSite = ${inside};`;
  return `(() => {\n${entry}\n${own}\n${sockets}\n})();\n`;
}

/** @type {Promise<string> | undefined} */
let sockets;

/**
 * The function that gives a document or worker its `WebSocket`; it takes a `Place`.
 *
 * @param {Site} site
 */
export function socketsFunction(site) {
  sockets ??= Promise.all(SOCKETS.map((name) => file(site, name))).then(
    (files) =>
      `function installSockets(place) {\n"use strict";\n` +
      `const { ${NATIVES.join(", ")} } = globalThis;\n${files.join("\n")}\n}`,
  );
  return sockets;
}

/**
 * @param {Site} site
 * @param {string} name
 */
async function file(site, name) {
  const url = new URL(`runtime/page/${name}.js`, site.base).href;
  return ((await caches.match(url)) ?? (await fetch(url))).text();
}
