/**
 * The seed's service worker: everything but its own files is the app's, and goes to the worker by
 * way of the window.
 */

const sw = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (globalThis));

sw.addEventListener("install", () => void sw.skipWaiting());
sw.addEventListener("activate", (event) => event.waitUntil(sw.clients.claim()));
sw.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (origin !== sw.location.origin || pathname.startsWith("/seed/")) return;
  event.respondWith(answer(event.request));
});

/** @param {Request} request */
async function answer(request) {
  const windows = await sw.clients.matchAll({ type: "window", includeUncontrolled: true });
  const shell = windows.find(({ url }) => new URL(url).pathname === "/seed/");
  const body = new Uint8Array(await request.arrayBuffer());
  const { method, url } = request;
  const { port1, port2 } = new MessageChannel();
  const answered = new Promise((resolve) => (port1.onmessage = ({ data }) => resolve(data)));
  shell?.postMessage({ method, url, headers: [...request.headers], body }, [port2]);
  const response = await answered;
  const isEmpty = [204, 304].includes(response.status);
  return new Response(isEmpty ? null : response.body, response);
}

export {}; // a module
