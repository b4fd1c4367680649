/**
 * The scripts of the app's own workers: what gives them their `WebSocket` is put before them.
 *
 * Runs in the service worker. A script that begins a worker may be a module or not, which nothing
 * tells: it gets text that runs as either. What a module imports runs before the module itself,
 * and imports the same first. `importScripts` comes later and needs nothing.
 */

import { socketsFunction } from "./pagescript.js";

/** @import { Site } from "../shared/site.js" */

const WORKERS = new Set(["worker", "sharedworker"]);
/** What may come before a directive, and the directive that must stay the first statement. */
const STRICT = /^\uFEFF?(?:\s|\/\/[^\n]*\n|\/\*[^]*?\*\/)*(["'])use strict\1/;
/** A licence may be long. */
const LOOKED_AT = 4096;

/** @typedef {"" | "worker" | "import"} Place of a script: at the beginning of a worker, or after */

/**
 * @param {{ destination: string, mode: string }} request
 * @returns {Place}
 */
export function placeInWorker({ destination, mode }) {
  if (!WORKERS.has(destination)) return "";
  return mode === "same-origin" ? "worker" : "import";
}

/** @param {Site} site */
export function workerScriptUrl(site) {
  return new URL("runtime/worker.js", site.base).href;
}

/**
 * The module that modules import.
 *
 * @param {Site} site
 */
export async function workerScript(site) {
  const text = await installing(site, []);
  return new Response(text, { headers: { "content-type": "text/javascript; charset=utf-8" } });
}

/**
 * @param {Site} site
 * @param {Place} at
 * @param {string[]} policies the response's Content-Security-Policy headers
 * @returns {TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>}
 */
export function insertSockets(site, at, policies) {
  /** @type {Uint8Array<ArrayBuffer>[]} */
  let head = [];
  let size = 0;
  let begun = false;
  const begin = async (/** @type {TransformStreamDefaultController} */ controller) => {
    begun = true;
    const text = await new Blob(head).text();
    const prefix =
      at === "import" ? `import "${workerScriptUrl(site)}";` : await installing(site, policies);
    const strict = at === "worker" && STRICT.test(text) ? '"use strict";' : "";
    controller.enqueue(new TextEncoder().encode(strict + prefix));
    for (const chunk of head) controller.enqueue(chunk);
    head = [];
  };
  return new TransformStream({
    async transform(chunk, controller) {
      if (begun) return controller.enqueue(chunk);
      head.push(chunk);
      size += chunk.byteLength;
      if (size >= LOOKED_AT) await begin(controller);
    },
    async flush(controller) {
      if (!begun) await begin(controller);
    },
  });
}

/**
 * @param {Site} site
 * @param {string[]} policies
 */
async function installing(site, policies) {
  const place = { root: site.root.href, build: site.build, policies };
  return `(${await socketsFunction(site)})(${JSON.stringify(place)});`;
}
