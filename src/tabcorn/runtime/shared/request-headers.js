/**
 * Make the request headers that a server would have received from this browser.
 *
 * Pure; runs in the service worker. It sees neither Host nor Origin, Referer or Sec-Fetch-*, and a
 * page must not be able to choose them: they are made here, and nothing may look more trusted than
 * it is. Sources: Fetch (append a request Origin header), Fetch Metadata, RFC 9110.
 */

/** @import { HeaderPairs } from "../protocol.js" */

/**
 * What is known of a request.
 *
 * @typedef {object} Facts
 * @property {URL} url
 * @property {string} method
 * @property {HeaderPairs} headers as the service worker sees them
 * @property {string} mode
 * @property {string} destination
 * @property {string} referrer after the referrer policy was applied; may be empty
 * @property {string} referrerPolicy
 * @property {Initiator} initiator
 * @property {string} knownOrigin the Origin that the engine did show, or empty
 * @property {boolean} hidden an entry that some page began which does not want to be named
 * @property {boolean} own an entry that the app itself began, and hides
 * @property {string} through the origin that has redirected back to the app, or empty
 * @property {number | undefined} length of the body in bytes; undefined when it streams
 * @property {boolean} given there is a body, though perhaps an empty one
 * @property {RequestCache} cache how the browser's HTTP cache was to be used
 * @property {boolean} inWorker a worker asks, or its script is asked for
 */

/**
 * Who started it, as far as can be known.
 *
 * - `page`: a document or worker of this site
 * - `entry`: it came to the top of the tab, from anywhere: the referrer tells, or nothing does
 *
 * @typedef {"page" | "entry"} Initiator
 */

/**
 * The browser's own values.
 *
 * @typedef {object} Browser
 * @property {string} userAgent
 * @property {readonly string[]} languages
 * @property {ClientHints | undefined} hints Chromium's `navigator.userAgentData`
 *
 * @typedef {{ brands: { brand: string, version: string }[], mobile: boolean, platform: string }} ClientHints
 */

/** Never taken from the page: made here, or by the cookie jar, or not sent at all. */
const OURS = new Set([
  "accept-encoding",
  "connection",
  "content-length",
  "cookie",
  "host",
  "origin",
  "referer",
  "transfer-encoding",
]);

/** Chromium shows these when it would send them; no page can set them (Fetch, "forbidden"). */
const SHOWN = new Set(["origin", "sec-purpose"]);

const SAFE_METHODS = new Set(["GET", "HEAD"]);

/**
 * @param {Facts} facts
 * @param {Browser} browser
 * @returns {HeaderPairs}
 */
export function requestHeaders(facts, browser) {
  const sent = facts.headers
    .filter(([name]) => !OURS.has(name) && !name.startsWith("sec-"))
    .map(([name, value]) => /** @type {[string, string]} */ ([name, inBytes(value)]));
  const has = (/** @type {string} */ name) => sent.some(([key]) => key === name);
  const navigates = facts.mode === "navigate";

  /** @type {[string, string | undefined][]} */
  const made = [
    ["host", facts.url.host],
    ["connection", "keep-alive"],
    ...framing(facts),
    ...cacheControl(facts.cache, has, navigates && browser.userAgent.includes("Firefox/")),
    ...(facts.inWorker ? [] : clientHints(browser.hints)),
    ["user-agent", has("user-agent") ? undefined : browser.userAgent],
    ["accept", has("accept") ? undefined : "*/*"],
    ["accept-language", has("accept-language") ? undefined : acceptLanguage(browser.languages)],
    ["content-type", has("ping-to") && !has("content-type") ? "text/ping" : undefined],
    ["origin", originHeader(facts, browser.userAgent)],
    ["sec-purpose", shown(facts, "sec-purpose")],
    ["sec-fetch-site", fetchSite(facts)],
    ["sec-fetch-mode", facts.mode],
    ["sec-fetch-dest", facts.destination || "empty"],
    ["upgrade-insecure-requests", navigates && !has("upgrade-insecure-requests") ? "1" : undefined],
    ["referer", refererHeader(facts)],
  ];
  return [...made.filter(isPresent), ...sent];
}

/**
 * The headers of a WebSocket's opening handshake (RFC 6455, 4.1). Chromium sends no Sec-Fetch-*.
 *
 * @param {{ url: URL, origin: string, protocols: string[] }} socket
 * @param {{ userAgent: string, languages: readonly string[] }} browser
 * @returns {HeaderPairs}
 */
export function socketHeaders({ url, origin, protocols }, { userAgent, languages }) {
  const key = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
  const metadata = !userAgent.includes("Chrome/");
  const isFirefox = userAgent.includes("Firefox/");
  const target = isFirefox ? "empty" : "websocket";
  /** @type {[string, string | undefined][]} */
  const made = [
    ["host", url.host],
    ["connection", "Upgrade"],
    ["pragma", "no-cache"],
    ["cache-control", "no-cache"],
    ["user-agent", userAgent],
    ["upgrade", "websocket"],
    ["origin", origin],
    ["sec-websocket-version", "13"],
    ["accept", isFirefox ? "*/*" : undefined],
    ["accept-language", acceptLanguage(languages)],
    ["sec-websocket-key", key],
    ["sec-websocket-protocol", protocols.length > 0 ? protocols.join(", ") : undefined],
    ["sec-fetch-dest", metadata ? target : undefined],
    ["sec-fetch-mode", metadata ? "websocket" : undefined],
    ["sec-fetch-site", metadata ? "same-origin" : undefined],
  ];
  return made.filter(isPresent);
}

/**
 * @param {[string, string | undefined]} pair
 * @returns {pair is [string, string]}
 */
function isPresent(pair) {
  return pair[1] !== undefined;
}

/**
 * A header's value as one character a byte. WebKit shows an event source's last id as text.
 *
 * @param {string} value
 */
function inBytes(value) {
  if (!/[^\0-\xff]/.test(value)) return value;
  return String.fromCharCode(...new TextEncoder().encode(value));
}

/**
 * @param {Facts} facts
 * @returns {[string, string | undefined][]}
 */
function framing({ length, given, method }) {
  if (length === undefined) return [["transfer-encoding", "chunked"]];
  if (length === 0 && !given && !["POST", "PUT"].includes(method)) return [];
  return [["content-length", String(length)]];
}

/**
 * Fetch, "HTTP-network-or-cache fetch": what goes past the cache says so to the caches on the way.
 *
 * @param {RequestCache} cache
 * @param {(name: string) => boolean} has what the page has set itself
 * @param {boolean} quiet a reload in Firefox, which only asks its own cache to look again
 * @returns {[string, string | undefined][]}
 */
function cacheControl(cache, has, quiet) {
  const passes = cache === "no-store" || cache === "reload";
  const value = passes ? "no-cache" : cache === "no-cache" && !quiet ? "max-age=0" : undefined;
  return [
    ["pragma", passes && !has("pragma") ? "no-cache" : undefined],
    ["cache-control", has("cache-control") ? undefined : value],
  ];
}

/**
 * @param {Facts} facts
 * @param {string} name
 */
function shown({ headers, initiator }, name) {
  if (!SHOWN.has(name) || initiator !== "page") return undefined;
  return headers.find(([key]) => key === name)?.[1];
}

/**
 * @param {ClientHints | undefined} hints
 * @returns {[string, string | undefined][]}
 */
function clientHints(hints) {
  if (!hints) return [];
  const brands = hints.brands.map(({ brand, version }) => `"${brand}";v="${version}"`).join(", ");
  return [
    ["sec-ch-ua", brands],
    ["sec-ch-ua-mobile", hints.mobile ? "?1" : "?0"],
    ["sec-ch-ua-platform", `"${hints.platform}"`],
  ];
}

/**
 * "de, en;q=0.9": falling weights, as browsers send them.
 *
 * @param {readonly string[]} languages
 */
export function acceptLanguage(languages) {
  if (languages.length === 0) return undefined;
  return languages
    .map((tag, i) => (i === 0 ? tag : `${tag};q=${Math.max(0.1, 1 - i / 10).toFixed(1)}`))
    .join(",");
}

/**
 * An entry without referrer was typed, or is a link that hides where it is: a browser would have
 * said `none` to the one and `cross-site` to the other. Where that could matter, which is on
 * anything but GET and HEAD, it counts as foreign; else nothing is said.
 *
 * @param {Facts} facts
 */
export function fetchSite({ url, method, initiator, referrer, knownOrigin, hidden, own, through }) {
  if (own || (initiator === "page" && referrer === "")) return "same-origin";
  const from = through || knownOrigin || referrer;
  if (from === "") return SAFE_METHODS.has(method) && !hidden ? undefined : "cross-site";
  if (from === "null") return "cross-site";
  const source = new URL(from);
  if (source.origin === url.origin) return "same-origin";
  // Whether two different hosts are one site takes the public suffix list: they count as foreign.
  const sameSite = source.hostname === url.hostname && source.protocol === url.protocol;
  return sameSite ? "same-site" : "cross-site";
}

/**
 * Fetch, "append a request Origin header": for all but GET and HEAD. Requests that reach this
 * service worker are same-origin, so that a script's GET carries none; what a document asks for by
 * `crossorigin`, a module or a font, does in Chromium, which shows it, and in WebKit, which does not.
 *
 * @param {Facts} facts
 * @param {string} userAgent
 */
function originHeader(facts, userAgent) {
  const { method, initiator, mode, destination, url } = facts;
  if (SAFE_METHODS.has(method)) {
    const ofElement = isWebKit(userAgent) && mode === "cors" && destination !== "";
    return ofElement || shown(facts, "origin") === url.origin ? url.origin : undefined;
  }
  if (facts.through) return "null"; // Fetch, "HTTP-redirect fetch": the origin is tainted
  if (initiator === "entry") {
    return facts.knownOrigin || (facts.referrer ? new URL(facts.referrer).origin : "null");
  }
  const navigates = mode === "navigate";
  // Chromium names the origin of all but navigations; WebKit does not show the policy of those.
  if (userAgent.includes("Chrome/") && !navigates) return url.origin;
  if (isWebKit(userAgent) && navigates) return facts.referrer === "" ? "null" : url.origin;
  return mode !== "cors" && facts.referrerPolicy === "no-referrer" ? "null" : url.origin;
}

/** @param {string} userAgent */
export function isWebKit(userAgent) {
  return !/(?:Chrome|Firefox)\//.test(userAgent);
}

/** @param {Facts} facts */
function refererHeader({ referrer }) {
  if (referrer === "" || referrer === "about:client") return undefined;
  return referrer.split("#", 1)[0];
}
