/**
 * Make of the app's answer the Response that the browser should see.
 *
 * Runs in the service worker. What a browser does to a server's response before a page sees it,
 * and does not do to a service worker's, is done here: null bodies, content codings, and the
 * headers that speak of framing, since the app's documents live in the shell's frame.
 */

import { released } from "../shared/release.js";
import { isWebKit } from "../shared/request-headers.js";
import { decoder } from "./codings.js";
import { asDocument } from "./document.js";
import { discard } from "./exchange.js";
import { isDownload, mediaOf } from "./media.js";
import { insertSockets } from "./workerscript.js";

/** @import { Arrival, HeaderPairs } from "../protocol.js" */
/** @import { Site } from "../shared/site.js" */
/** @import { Answer } from "./exchange.js" */

/** Fetch, "null body status"; the constructor throws on a body with one of these. */
const NULL_BODY = new Set([101, 204, 205, 304]);
/** Fetch, "redirect status". */
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** The delay, the address, and what may follow it. */
const REFRESH = /^(\s*[\d.]+\s*[;,]\s*(?:url\s*=\s*)?['"]?)([^'"]+)(.*)$/i;

/**
 * @typedef {object} Asked what was asked for
 * @property {URL} url
 * @property {string} method
 * @property {boolean} navigates
 * @property {import("./workerscript.js").Place} inWorker
 * @property {Arrival | undefined} [arrival] how the user came to the tab, of its first document
 * @property {string | undefined} [form] by which the document takes the form that it answers
 * @property {ReturnType<import("./events.js").EventSources["find"]>} [eventSource] that asks
 */

/**
 * @param {Answer} answer
 * @param {Asked} asked
 * @param {Site} site
 * @returns {Promise<Response>}
 */
export async function toResponse(answer, asked, site) {
  const target = redirectTarget(answer, asked.url, site);
  if (target && asked.navigates && !site.contains(target)) {
    discard(answer);
    return leaveDocument(target);
  }
  const sent = target ? withLocation(answer.headers, target) : withRefresh(answer.headers, asked.url, site);
  const policies = connectionPolicies(sent);
  const bodiless = target || asked.method === "HEAD" || NULL_BODY.has(answer.status);
  if (bodiless) discard(answer);
  else if (answer.whole && isAsItIs(sent, asked)) return wholeResponse(answer, answer.whole, sent);

  let headers = sent;
  const undo = bodiless ? undefined : decoder(sent);
  let body = undo?.(answer.body) ?? null;
  const plain = body;
  if (asked.navigates) ({ headers, body } = await asDocument({ ...answer, headers }, body, { ...asked, policies }, site));
  if (!undo && !bodiless) body = answer.body; // nobody here can read it
  if (body && asked.inWorker) body = body.pipeThrough(insertSockets(site, asked.inWorker, policies));
  if (body && answer.status === 200 && isEventStream(headers) && asked.eventSource) {
    body = asked.eventSource.through(body);
  }
  if (body && body === plain) body = released(body);
  const { status, reason: statusText } = answer;
  return new Response(body, { status, statusText, headers: toHeaders(headers, asked.inWorker !== "") });
}

/**
 * Whether a page gets the very bytes that the app has sent.
 *
 * @param {HeaderPairs} headers
 * @param {Asked} asked
 */
function isAsItIs(headers, { navigates, inWorker, eventSource }) {
  return !navigates && !inWorker && !eventSource && !headers.some(([name]) => name === "content-encoding");
}

/**
 * Most answers. Chromium hands bytes over as a Blob, which takes longer than a stream of one chunk.
 *
 * @param {Answer} answer
 * @param {ArrayBuffer} whole
 * @param {HeaderPairs} headers
 */
function wholeResponse({ status, reason }, whole, headers) {
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new Uint8Array(whole));
      controller.close();
    },
  });
  return new Response(body, { status, statusText: reason, headers: toHeaders(headers, false) });
}

/** @param {number} status */
export function isRedirect(status) {
  return REDIRECTS.has(status);
}

/**
 * The method that a redirect leaves a request (Fetch, "HTTP-redirect fetch", step 12).
 *
 * @param {number} status
 * @param {string} method
 */
export function methodAfter(status, method) {
  const changes = status === 303 ? method !== "HEAD" : status < 303 && method === "POST";
  return changes ? "GET" : method;
}

/**
 * What a navigation shows whose answer broke off before its start.
 *
 * @param {string} reason
 */
export function brokenDocument(reason) {
  const text = reason.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  const html =
    '<!doctype html><html lang="en"><meta name="color-scheme" content="light dark"><title>No answer</title>' +
    `<h1>The app gave no answer</h1><p>${text}</p><p>The browser's console has the app's log.</p>`;
  return new Response(html, {
    status: 502,
    headers: { "content-type": "text/html; charset=utf-8" },
  });
}

/**
 * Whether a document, or the like of it, comes of this answer; else no load event follows.
 *
 * @param {{ status: number, headers: HeaderPairs }} answer
 */
export function opensDocument({ status, headers }) {
  if (status === 204 || status === 205) return false;
  return !isDownload(headers);
}

/**
 * Where a redirect leads; undefined for what is none. A path that knows nothing of the site's own
 * is inside the site.
 *
 * @param {Answer} answer
 * @param {URL} url
 * @param {Site} site
 */
export function redirectTarget({ status, headers }, url, site) {
  const location = locationOf(headers);
  if (!REDIRECTS.has(status) || !location || !URL.canParse(location, url)) return undefined;
  return site.inside(new URL(location, url));
}

/**
 * Addresses to which no server can lead (HTML, "create navigation params by fetching"): as a script's
 * they would run or show what the app's users have written.
 *
 * @param {URL} target
 */
export function isForbidden({ protocol }) {
  return ["about:", "blob:", "data:", "file:", "filesystem:", "javascript:"].includes(protocol);
}

/**
 * What the headers say is a Location, its bytes beyond ASCII as they are, whatever they mean.
 * (WebKit takes each for a character.)
 *
 * @param {HeaderPairs} headers
 */
function locationOf(headers) {
  const written = locationsOf(headers);
  if (isWebKit(navigator.userAgent)) return written.join(", "); // also when they are alike
  return [...new Set(written)].join(", ").replace(/[\x80-\xff]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** @param {HeaderPairs} headers */
function locationsOf(headers) {
  return headers.filter(([name]) => name === "location").map(([, value]) => value);
}

/**
 * Whether an answer leads to several places at once: a network error, but to WebKit.
 *
 * @param {Pick<Answer, "status" | "headers">} answer
 */
export function leadsApart({ status, headers }) {
  return REDIRECTS.has(status) && new Set(locationsOf(headers)).size > 1 && !isWebKit(navigator.userAgent);
}

/**
 * @param {HeaderPairs} headers
 * @param {URL} target
 * @returns {HeaderPairs}
 */
function withLocation(headers, target) {
  return [...headers.filter(([name]) => name !== "location"), ["location", target.href]];
}

/**
 * A Refresh header's address is inside the site, too. (HTML, "shared declarative refresh steps")
 *
 * @param {HeaderPairs} headers
 * @param {URL} url
 * @param {Site} site
 * @returns {HeaderPairs}
 */
function withRefresh(headers, url, site) {
  return headers.map(([name, value]) => {
    const [, before = "", target = "", after = ""] = (name === "refresh" && REFRESH.exec(value)) || [];
    if (target === "" || !URL.canParse(target, url)) return [name, value];
    const meant = site.inside(new URL(target, url)).href;
    return [name, meant === new URL(target, url).href ? value : before + meant + after];
  });
}

/**
 * The frame must not follow a redirect off the site: most sites refuse to be framed.
 *
 * @param {URL} target
 */
function leaveDocument(target) {
  const href = JSON.stringify(target.href).replaceAll("<", "\\u003c");
  const script =
    `const href = ${href};` +
    'if (frameElement?.id === "tabcorn-app")' +
    ' parent.postMessage({ type: "tabcorn.page.leave", href, replace: true }, location.origin);' +
    "else location.replace(href);";
  return new Response(`<!doctype html><script>${script}</script>`, {
    headers: { "content-type": "text/html; charset=utf-8" },
  });
}

/**
 * The policies that may forbid a connection: the page script obeys them for its WebSockets.
 *
 * @param {HeaderPairs} headers
 */
function connectionPolicies(headers) {
  const policies = headers.filter(([name]) => name === "content-security-policy");
  return policies.map(([, value]) => value).filter((value) => /connect-src|default-src|trusted-types/i.test(value));
}

/** @param {HeaderPairs} headers */
function isEventStream(headers) {
  return mediaOf(headers).type === "text/event-stream";
}

/**
 * @param {HeaderPairs} pairs
 * @param {boolean} longer the body is not as long as they say
 */
function toHeaders(pairs, longer) {
  const headers = new Headers();
  for (const [name, value] of pairs) headers.append(name, value);
  if (longer) headers.delete("content-length");
  return headers;
}
