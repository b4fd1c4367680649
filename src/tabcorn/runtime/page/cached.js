/**
 * Page script: which addresses the service worker's cache has to do with.
 *
 * Runs in the app's own window. What the cache holds, or may keep of what the page has got by its own
 * port, is asked of the service worker from then on, by whatever method: so the cache answers it, and
 * sees what makes it void. Of what the page gets itself, the service worker is told.
 */

/** Addresses that are remembered; one that is forgotten is merely asked of the app. */
const MOST_CACHED = 2000;

/** Those asked for last at the end. @type {Set<string>} */
const cached = new Set();

/** @param {string} url */
const rememberCached = (url) => {
  cached.delete(url);
  cached.add(url);
  const [oldest] = cached;
  if (cached.size > MOST_CACHED && oldest !== undefined) cached.delete(oldest);
};

/** @type {BroadcastChannel | undefined} */
let cacheChannel;

/** Listen to what the cache holds; the service worker says all of it when a port is opened. */
const hearOfCache = () => {
  cacheChannel ??= new BroadcastChannel(`tabcorn ${place.root} ${place.build} kept`);
  cacheChannel.onmessage = ({ data }) => {
    for (const url of data.urls) rememberCached(url);
  };
};

/** @param {URL} url */
const isCached = ({ href }) => cached.has(href);

/**
 * What the cache has to know of an answer: that it may keep it, or what it makes void.
 *
 * @param {Portable} asked
 * @param {[string, string][]} sent the request's headers
 * @param {ResponseStart} start
 * @param {number} begun when it was asked for, in ms
 */
const tellCache = ({ request: { method, cache }, url }, sent, start, begun) => {
  const { status, reason, headers, body, more_body } = start;
  const keeps = method === "GET" && isKeepable(start);
  const voided = voidedBy(method, url, start);
  for (const each of voided) cached.delete(insideSite(each, siteRoot).href);
  if (keeps) rememberCached(url.href);
  if (!keeps && voided.length === 0 && !clearsCache(headers)) return;
  const copy = keeps && body && !more_body ? body.slice(0) : undefined;
  const answer = { status, reason, headers, body: copy };
  const times = { asked: begun, received: Date.now() };
  const message = { type: "tabcorn.page.answered", method, url: url.href, cache, sent, times, answer };
  navigator.serviceWorker.controller?.postMessage(message, copy ? [copy] : []);
};
