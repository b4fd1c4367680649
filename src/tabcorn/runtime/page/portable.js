/**
 * Page script: which of the page's requests may go straight to the host, past the service worker.
 *
 * Runs in the app's own window. The rule: if and only if nothing observable changes. What a script
 * hands over is looked at only where looking cannot be observed: plain data, and the browser's own
 * objects of this window. Everything else takes the service worker's way, decided before anything
 * is sent. docs/architecture.md has the table.
 */

/** Of `fetch`'s options. What is not known here may mean anything. */
const OPTIONS = new Set([
  ...["method", "headers", "body", "mode", "credentials", "cache", "redirect", "referrer", "referrerPolicy"],
  ...["integrity", "keepalive", "signal", "priority"],
]);
/** By these a page of the app gives the app its whole address (Referrer Policy, 8.3). */
const TELLING_POLICIES = new Set([
  ...["", "no-referrer-when-downgrade", "origin-when-cross-origin", "same-origin"],
  ...["strict-origin-when-cross-origin", "unsafe-url"],
]);
/** Longer ones are cut to the origin (Referrer Policy, 8.3). */
const LONGEST_REFERRER = 4096;
/** What goes along with the request itself; more takes the way that has credit. */
const LARGEST_BODY = 256 * 1024;

/** @typedef {string | URLSearchParams | ArrayBuffer | ArrayBufferView<ArrayBuffer> | FormData} PortableBody */

/** Engines ask their cache differently for these. */
const CONDITIONS = ["if-match", "if-modified-since", "if-none-match", "if-range", "if-unmodified-since"];

/**
 * A request that may take the port.
 *
 * @typedef {object} Portable
 * @property {Request} request
 * @property {URL} url without its fragment, inside the site
 * @property {PortableBody | undefined} body
 * @property {AbortSignal | undefined} signal
 */

/** @param {unknown} value */
const isPrimitive = (value) => (typeof value !== "object" || value === null) && !["function", "symbol"].includes(typeof value);

/**
 * Whether an object is data alone, so that it can be read twice.
 *
 * @param {any} value
 * @param {(value: any, key: string) => boolean} isGood
 */
const isData = (value, isGood) => {
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  return Reflect.ownKeys(value).every((key) => {
    const property = Object.getOwnPropertyDescriptor(value, key);
    return typeof key === "string" && property !== undefined && "value" in property && isGood(property.value, key);
  });
};

/**
 * Whether it is the browser's own object of such a class of this window, with nothing added.
 *
 * @param {any} value
 * @param {Function[]} classes
 */
const isNative = (value, ...classes) => {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return classes.some((each) => prototype === each.prototype) && Object.getOwnPropertySymbols(value).length === 0;
};

/** @param {any} value */
const isPair = (value) => Array.isArray(value) && value.length === 2 && value.every(isPrimitive);

/** @param {any} value */
const areHeaders = (value) => {
  if (value === undefined || isNative(value, Headers)) return true;
  if (Array.isArray(value)) return value.every(isPair);
  return typeof value === "object" && value !== null && isData(value, isPrimitive);
};

/**
 * Blobs may lie on disk, or be gone from it, and engines read them their own way.
 *
 * @param {any} value
 */
const isBody = (value) => {
  if (value === undefined || value === null || typeof value === "string") return true;
  if (ArrayBuffer.isView(value)) return isNative(value.buffer, ArrayBuffer);
  if (isNative(value, FormData)) return [...value.values()].every((each) => typeof each === "string");
  return isNative(value, ArrayBuffer, URLSearchParams);
};

/** @type {Record<string, (value: any) => boolean>} */
const OBJECTS = {
  headers: areHeaders,
  body: isBody,
  signal: (value) => value === undefined || value === null || isNative(value, AbortSignal),
};

/** @param {any} init */
const areOptions = (init) => {
  if (init === undefined || init === null) return true;
  const isGood = (/** @type {any} */ value, /** @type {string} */ key) =>
    OPTIONS.has(key) && (OBJECTS[key] ?? isPrimitive)(value);
  return typeof init === "object" && isData(init, isGood);
};

/**
 * A Request with a body would be used up; those of GET and HEAD have none.
 *
 * @param {any} input
 */
const isInput = (input) => {
  if (typeof input === "string" || isNative(input, URL)) return true;
  return isNative(input, Request) && (input.method === "GET" || input.method === "HEAD");
};

/** @param {PortableBody | undefined} body */
const isSmall = (body) => {
  if (body === undefined || body instanceof URLSearchParams) return true;
  if (typeof body === "string") return body.length <= LARGEST_BODY / 3;
  if (!(body instanceof FormData)) return body.byteLength <= LARGEST_BODY;
  return [...body].flat().join("").length <= LARGEST_BODY / 3;
};

const siteRoot = new URL(place.root);

/**
 * @param {string} address
 * @returns {URL | undefined} inside the site; undefined when it is not the app's
 */
const appUrl = (address) => {
  const url = insideSite(new URL(address), siteRoot);
  if (url.origin !== siteRoot.origin) return undefined;
  const path = url.pathname.slice(siteRoot.pathname.length);
  url.hash = "";
  return path.startsWith("_tabcorn/") || path === "sw.js" ? undefined : url;
};

/**
 * @param {any} input
 * @param {any} init
 * @returns {Portable | undefined}
 */
const portable = (input, init) => {
  if (!isInput(input) || !areOptions(init)) return undefined;
  const signal = init?.signal ?? (input instanceof Request ? input.signal : undefined);
  if (signal?.aborted || !isSmall(init?.body ?? undefined)) return undefined;
  const request = asRequest(input, init);
  const url = request && isPortable(request) ? appUrl(request.url) : undefined;
  return request && url && { request, url, body: init?.body ?? undefined, signal };
};

/**
 * What is wrong with it, the browser's own `fetch` says.
 *
 * @param {any} input
 * @param {any} init
 */
const asRequest = (input, init) => {
  try {
    return new Request(input, init);
  } catch {
    return undefined;
  }
};

/** @param {Request} request */
const isPortable = ({ mode, cache, headers, referrer, referrerPolicy, integrity, keepalive, url }) =>
  (mode === "cors" || mode === "same-origin") &&
  cache !== "only-if-cached" &&
  !CONDITIONS.some((name) => headers.has(name)) &&
  referrer === "about:client" &&
  TELLING_POLICIES.has(referrerPolicy) &&
  !integrity &&
  !keepalive &&
  !url.includes("#tabcorn-");

/* ---- what the document says ------------------------------------------------------------------- */

/** The document's own elements, as they come and go. */
const metas = document.getElementsByTagName("meta");

/** Whether the document has elements that say which requests it may make, or what they tell. */
const isRestricted = () => {
  for (const { name, httpEquiv } of metas) {
    if (name.toLowerCase() === "referrer" || /^content-security/i.test(httpEquiv)) return true;
  }
  return false;
};

/** Whether the requests of this document, as it is now, are those that the service worker would see. */
const isDocumentPortable = () =>
  document.defaultView === window &&
  navigator.serviceWorker.controller?.scriptURL === `${place.root}sw.js` &&
  location.href.length <= LONGEST_REFERRER &&
  !looksAtTiming &&
  !isRestricted();
