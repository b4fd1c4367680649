/**
 * What a browser's own cache does with an answer: may it be kept, for how long is it fresh, what asks
 * whether it still holds, and which others does it make void.
 *
 * Pure. Runs in the service worker and, as its own text, in the page script, whose files are no
 * modules: so it imports nothing. Times are in ms. Sources: RFC 9111; RFC 9110, 15.1 and 5.6.7.
 */

/** @import { HeaderPairs } from "../protocol.js" */

/** @typedef {{ status: number, headers: HeaderPairs }} Head of an answer */

/**
 * @typedef {object} Times when it was asked for, and when it began
 * @property {number} asked
 * @property {number} received
 */

/** RFC 9110, 15.1: those for which a cache may guess how long they are fresh. */
const GUESSED_STATUS = new Set([200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501]);
/** A part of an answer, or the word that another one holds. */
const UNKEPT_STATUS = new Set([206, 304]);
/** No cache here sees what they say. */
const UNSEEN = ["*", "cookie", "authorization"];
/** Of its age since it was last modified (RFC 9111, 4.2.2), and no more than a week, as in Firefox. */
const GUESSED_SHARE = 0.1;
const MOST_GUESSED = 7 * 24 * 3600 * 1000;

/** RFC 9110, 9.2.1. */
const SAFE = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);

/** The only form of dates that is still made. */
const HTTP_DATE = /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/;
/** A name, and perhaps a value, bare or in quotes. */
const DIRECTIVE = /([^\s,="]+)(?:\s*=\s*(?:"([^"]*)"|([^\s,"]*)))?/g;

/**
 * All values of a header as one, or undefined.
 *
 * @param {HeaderPairs} headers
 * @param {string} name
 */
function combined(headers, name) {
  const values = headers.filter(([key]) => key === name).map(([, value]) => value);
  return values.length > 0 ? values.join(", ") : undefined;
}

/**
 * What Cache-Control says: of each directive the first.
 *
 * @param {HeaderPairs} headers
 * @returns {Map<string, string>}
 */
export function cacheDirectives(headers) {
  /** @type {Map<string, string>} */
  const found = new Map();
  for (const [, name = "", quoted, bare = ""] of (combined(headers, "cache-control") ?? "").matchAll(DIRECTIVE)) {
    const key = name.toLowerCase();
    if (!found.has(key)) found.set(key, quoted ?? bare);
  }
  return found;
}

/**
 * @param {HeaderPairs} headers
 * @param {string} name
 * @returns {number | undefined} undefined also where it is no date
 */
function timeIn(headers, name) {
  const value = combined(headers, name)?.trim() ?? "";
  return HTTP_DATE.test(value) ? Date.parse(value) : undefined;
}

/**
 * How long an answer is fresh from when the app made it. What says it wrongly is stale.
 *
 * @param {Head} head
 * @param {number} received
 */
export function lifetime({ status, headers }, received) {
  const directives = cacheDirectives(headers);
  if (directives.has("no-cache") || (!combined(headers, "cache-control") && isUncached(headers))) return 0;
  const maxAge = directives.get("max-age");
  if (maxAge !== undefined) return /^\d+$/.test(maxAge) ? Number(maxAge) * 1000 : 0;
  const date = timeIn(headers, "date") ?? received;
  if (combined(headers, "expires") !== undefined) return Math.max(0, (timeIn(headers, "expires") ?? 0) - date);
  const modified = timeIn(headers, "last-modified");
  if (modified === undefined || !GUESSED_STATUS.has(status) || directives.has("must-revalidate")) return 0;
  return Math.min(Math.max(0, (date - modified) * GUESSED_SHARE), MOST_GUESSED);
}

/** @param {HeaderPairs} headers */
function isUncached(headers) {
  return /\bno-cache\b/i.test(combined(headers, "pragma") ?? "");
}

/**
 * How old an answer is by now (RFC 9111, 4.2.3).
 *
 * @param {HeaderPairs} headers
 * @param {Times} times
 * @param {number} now
 */
export function ageOf(headers, { asked, received }, now) {
  const told = combined(headers, "age") ?? "";
  const corrected = (/^\d+$/.test(told) ? Number(told) * 1000 : 0) + received - asked;
  const apparent = Math.max(0, received - (timeIn(headers, "date") ?? received));
  return Math.max(apparent, corrected) + now - received;
}

/**
 * @param {Head} head
 * @param {Times} times
 * @param {number} now
 */
export function isFresh(head, times, now) {
  return lifetime(head, times.received) > ageOf(head.headers, times, now);
}

/**
 * Whether the answer to a GET may be kept, and it is of use: without a time or something to ask by,
 * it would only be for who takes what is stale.
 *
 * @param {Head} head
 * @param {number} [received]
 */
export function isKeepable(head, received = Date.now()) {
  const { status, headers } = head;
  const directives = cacheDirectives(headers);
  if (UNKEPT_STATUS.has(status) || directives.has("no-store")) return false;
  if (variedBy(headers).some((name) => UNSEEN.includes(name))) return false;
  const timed = directives.has("max-age") || combined(headers, "expires") !== undefined;
  if (!timed && !GUESSED_STATUS.has(status)) return false;
  return conditions(headers).length > 0 || lifetime(head, received) > 0;
}

/**
 * The request headers that another request must have alike.
 *
 * @param {HeaderPairs} headers
 */
function variedBy(headers) {
  const names = (combined(headers, "vary") ?? "").toLowerCase().split(",");
  return names.map((name) => name.trim()).filter((name) => name !== "");
}

/**
 * What of a request's headers the answer stands for (RFC 9111, 4.1): alike for alike requests.
 *
 * @param {HeaderPairs} headers of the answer
 * @param {HeaderPairs} sent
 */
export function variant(headers, sent) {
  return JSON.stringify(variedBy(headers).map((name) => [name, combined(sent, name) ?? null]));
}

/**
 * The request headers that ask whether an answer still holds (RFC 9111, 4.3.1).
 *
 * @param {HeaderPairs} headers of the answer
 * @returns {HeaderPairs}
 */
export function conditions(headers) {
  const etag = combined(headers, "etag");
  const modified = combined(headers, "last-modified");
  /** @type {HeaderPairs} */
  const found = [];
  if (etag) found.push(["if-none-match", etag]);
  if (modified) found.push(["if-modified-since", modified]);
  return found;
}

/**
 * The addresses whose answers are void after this one (RFC 9111, 4.4), for it has changed them.
 *
 * @param {string} method
 * @param {URL} url
 * @param {Head} head
 * @returns {URL[]} perhaps of other origins
 */
export function voidedBy(method, url, { status, headers }) {
  if (SAFE.has(method) || status < 200 || status >= 400) return [];
  const named = ["location", "content-location"].map((name) => combined(headers, name));
  const others = named.filter((written) => written !== undefined && URL.canParse(written, url));
  return [url, ...others.map((written) => new URL(/** @type {string} */ (written), url))];
}

/**
 * Whether the app empties the cache (Clear Site Data).
 *
 * @param {HeaderPairs} headers
 */
export function clearsCache(headers) {
  return /"(?:cache|\*)"/.test(combined(headers, "clear-site-data") ?? "");
}
