/**
 * Page script: `fetch` by the page's own port.
 *
 * Runs in the app's own window. What cannot be told in a response that a script makes (a redirect, a
 * network error) is handed to the service worker: the browser asks it for the same once more, and it
 * gives the answer that the fragment of the address holds (sw/handed.js).
 */

const { userAgent, languages, userAgentData: hints } = /** @type {any} */ (navigator);
/** @type {import("../shared/request-headers.js").Browser} */
const browserValues = { userAgent, languages, hints: hints && { brands: hints.brands, mobile: hints.mobile, platform: hints.platform } };

/** Fetch, "redirect status". */
const REDIRECT_STATUS = new Set([301, 302, 303, 307, 308]);

/** @param {Portable} asked @returns {Promise<ArrayBuffer> | ArrayBuffer | undefined} */
const bytesOf = ({ request, body }) => {
  if (body === undefined) return undefined;
  if (body instanceof FormData) return request.arrayBuffer();
  if (typeof body === "string" || body instanceof URLSearchParams) return new TextEncoder().encode(`${body}`).buffer;
  if (ArrayBuffer.isView(body)) return body.buffer.slice(body.byteOffset, body.byteOffset + body.byteLength);
  return body.slice(0);
};

/**
 * What the service worker would see of it.
 *
 * @param {Portable} asked
 * @param {ArrayBuffer | undefined} body
 */
const headersOf = ({ request, url }, body) =>
  requestHeaders(
    {
      ...{ url, method: request.method, headers: seenHeaders(request), mode: request.mode, destination: "" },
      ...{ referrer: location.href, referrerPolicy: request.referrerPolicy, initiator: "page", knownOrigin: "" },
      ...{ hidden: false, own: false, through: "", cache: request.cache, inWorker: false },
      ...{ length: body?.byteLength ?? 0, given: body !== undefined },
    },
    browserValues,
  );

/**
 * What engines show a service worker besides the page's own.
 *
 * @param {Request} request
 * @returns {[string, string][]}
 */
const seenHeaders = ({ headers: given }) => {
  const headers = new Headers(given);
  const add = (/** @type {string} */ name, /** @type {string} */ value) => headers.has(name) || headers.set(name, value);
  add("accept", "*/*");
  if (isFirefox) add("accept-language", acceptLanguage(languages) ?? "");
  if (isChromium) add("user-agent", userAgent);
  return [...headers];
};

/**
 * The same request by the service worker's way.
 *
 * @param {Function} native
 * @param {Portable} asked
 * @param {ArrayBuffer | undefined} body
 * @param {string} fragment
 */
const askAgain = (native, { request, signal }, body, fragment) => {
  const { method, headers, mode, credentials, cache, redirect, referrerPolicy } = request;
  const init = { method, headers, mode, credentials, cache, redirect, referrerPolicy };
  return Reflect.apply(native, window, [request.url + fragment, { ...init, ...(body && { body }), ...(signal && { signal }) }]);
};

/** @param {{ status: number, headers: [string, string][], echoed?: string }} answer see sw/handed.js */
const handedOver = ({ status, headers, echoed }) =>
  `#tabcorn-answer:${encodeURIComponent(JSON.stringify({ status, headers, echoed }))}`;

/** A network error. @type {{ status: number, headers: [string, string][] }} */
const BROKEN = { status: 0, headers: [] };

/**
 * @param {ResponseStart} start
 * @param {Transfer} transfer
 * @param {Portable} asked
 * @returns {Response | undefined} undefined when no browser would take such a head
 */
const madeOf = (start, transfer, asked) => {
  try {
    return toResponse(start, transfer, asked);
  } catch {
    return undefined;
  }
};

/**
 * Whether the browser may follow it. Chromium does not follow what is empty.
 *
 * @param {ResponseStart} start
 */
const leads = ({ status, headers }) => {
  const locations = headers.filter(([name]) => name === "location");
  return REDIRECT_STATUS.has(status) && locations.some(([, value]) => value !== "" || !isChromium);
};

/**
 * WebKit says why only of what was given up before it was asked.
 *
 * @param {AbortSignal | undefined} signal
 */
const errorOf = (signal) => (isWebKit(userAgent) ? new DOMException("Fetch is aborted", "AbortError") : signal?.reason);

const { addEventListener: addTo, removeEventListener: takeFrom } = EventTarget.prototype;

/**
 * @param {Function} native
 * @param {Port} port
 * @param {Portable} asked
 * @param {ArrayBuffer | undefined} body
 * @returns {Promise<Response>}
 */
const transferred = (native, port, asked, body) =>
  new Promise((resolve, reject) => {
    const { request, url, signal } = asked;
    const headers = headersOf(asked, body);
    const begun = Date.now();
    const giveUp = () => {
      const error = errorOf(signal);
      transfer.abort(error);
      reject(error);
    };
    const closed = () => void (signal && Reflect.apply(takeFrom, signal, ["abort", giveUp]));
    const handOver = (/** @type {string} */ fragment) => {
      closed();
      resolve(askAgain(native, asked, body, fragment));
    };
    const started = (/** @type {ResponseStart} */ start) => {
      if (start.cookies) place.onCookies?.(start.cookies); // scripts see them when they see the answer
      // What other redirects make void, the service worker sees: they are handed to it.
      if (!leads(start) || request.method === "GET") tellCache(asked, headers, start, begun);
      const response = leads(start) ? undefined : madeOf(start, transfer, asked);
      if (response) return resolve(response);
      transfer.discard();
      handOver(handedOver(leads(start) ? start : BROKEN));
    };
    const failed = (/** @type {boolean} */ acknowledged) => handOver(acknowledged ? handedOver(BROKEN) : "");
    const transfer = new Transfer(port, { started, failed, closed }, signal !== undefined);
    if (signal) Reflect.apply(addTo, signal, ["abort", giveUp]);
    pageCookies.sendBy((message) => port.send(message));
    transfer.open({
      ...{ method: request.method, path: url.pathname, query: url.search.slice(1) },
      ...{ headers, port: 0, credentials: request.credentials !== "omit", body },
    });
  });

/** @param {Function} native @param {any} self @param {any[]} args */
const fetchByPort = (native, self, args) => {
  const mine = self === undefined || self === window;
  const port = mine && isDocumentPortable() ? openPort() : undefined;
  const asked = port && args.length > 0 ? portable(args[0], args[1]) : undefined;
  if (!port || !asked || isCached(asked.url)) return Reflect.apply(native, self, args);
  const body = bytesOf(asked);
  if (!(body instanceof Promise)) return transferred(native, port, asked, body);
  return body.then((bytes) => transferred(native, port, asked, bytes));
};

if (/** @type {HTMLScriptElement} */ (document.currentScript).dataset["port"] !== undefined) {
  installAnswers();
  installWatches(window.fetch);
  wrap(window, "fetch", "value", fetchByPort);
}
