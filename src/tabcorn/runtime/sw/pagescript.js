/**
 * The page script: what is first in every HTML document of the app, as one file.
 *
 * Runs in the service worker, which puts the files of page/ together as they are: a document then
 * waits for one answer and not for several.
 */

import { Assets } from "../shared/assets.js";
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

/**
 * Inside one function of their own, for documents: they patch `fetch`. Those of other folders are
 * modules, and are put in without what makes them one.
 */
const REQUESTS = [
  ...["../shared/request-headers", "../shared/freshness", "../sw/codings"],
  ...["line", "portable", "cached", "port", "transfer", "answered", "watched", "requests"],
];

/** Of these the function keeps the browser's own, whatever a page (a fake clock) puts there later. */
const NATIVES = [
  ...["ArrayBuffer", "Blob", "BroadcastChannel", "CloseEvent", "DOMException", "Event"],
  ...["MessageChannel", "MessageEvent", "TextDecoder", "TextEncoder", "URL"],
  ...["clearTimeout", "setTimeout"],
];

/** And of these the other one. */
const REQUEST_NATIVES = [
  ...["AbortSignal", "ArrayBuffer", "BroadcastChannel", "DOMException", "Date", "EventTarget", "FinalizationRegistry"],
  ...["FormData"],
  ...["Headers", "MessageChannel", "Promise", "ReadableStream", "Request", "Response", "TextEncoder"],
  ...["TransformStream", "TypeError", "URL", "URLSearchParams", "clearTimeout", "setTimeout"],
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
  const requests = (await new Assets(site).manifest()).page_port ? await requestsFunction(site) : "";
  const entry = `${await file(site, ENTRY)}\nif (!hasOrigin) return;\nconst insideSite = ${inside};`;
  return `(() => {\n${entry}\n${own}\n${sockets}\n${requests}\n})();\n`;
}

/** @param {Site} site */
async function requestsFunction(site) {
  const files = (await Promise.all(REQUESTS.map((name) => file(site, name)))).map(withoutModule);
  return `(() => {\n"use strict";\nconst { ${REQUEST_NATIVES.join(", ")} } = globalThis;\n${files.join("\n")}\n})();`;
}

/** @param {string} text of a module that imports types alone */
function withoutModule(text) {
  return text.replace(/^export /gm, "");
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
