/**
 * Put before the site's service worker, in the same worker: `/bench-constant?size=N` is answered
 * with N bytes that are already there, and all else goes on to the service worker.
 */

const sw = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (globalThis));

/** @type {Map<number, Uint8Array<ArrayBuffer>>} */
const bodies = new Map();

sw.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (url.pathname !== "/bench-constant") return;
  event.stopImmediatePropagation();
  const size = Number(url.searchParams.get("size"));
  const body = bodies.get(size) ?? new Uint8Array(size);
  bodies.set(size, body);
  const headers = { "content-type": "application/octet-stream", "content-length": String(size) };
  event.respondWith(new Response(body, { headers }));
});

export {}; // a module
