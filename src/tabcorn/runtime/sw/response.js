/**
 * Make of the app's answer the Response that the browser should see.
 *
 * Runs in the service worker. What a browser does to a server's response before a page sees it,
 * and does not do to a service worker's, is done here: null bodies, content codings, and the
 * headers that speak of framing, since the app's documents live in the shell's frame.
 */

import { first } from "../shared/headers.js";
import { isWebKit } from "../shared/request-headers.js";
import { pageScriptUrl } from "./pagescript.js";
import { admit, firstNonce } from "./policy.js";
import { insertTag } from "./prologue.js";
import { insertSockets } from "./workerscript.js";

/** @import { HeaderPairs } from "../protocol.js" */
/** @import { Site } from "../shared/site.js" */
/** @import { Answer } from "./exchange.js" */

/** Fetch, "null body status"; the constructor throws on a body with one of these. */
const NULL_BODY = new Set([101, 204, 205, 304]);
/** Fetch, "redirect status". */
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** Firefox shows no headers before a byte of the body: a comment is one (HTML, 9.2.6). */
const EVENT_STREAM_COMMENT = ":\n\n";

/**
 * @typedef {object} Asked what was asked for
 * @property {URL} url
 * @property {string} method
 * @property {boolean} navigates
 * @property {import("./workerscript.js").Place} inWorker
 */

/**
 * @param {Answer} answer
 * @param {Asked} asked
 * @param {Site} site
 * @returns {Response}
 */
export function toResponse(answer, asked, site) {
  const target = redirectTarget(answer, asked.url, site);
  if (target && asked.navigates && !site.contains(target)) {
    discard(answer.body);
    return leaveDocument(target);
  }
  const sent = target ? withLocation(answer.headers, target) : answer.headers;
  const media = mediaType(sent);
  const document = asked.navigates && isMarkup(media.type);
  const { headers, nonce } = asked.navigates
    ? framedHeaders(sent, document, site)
    : { headers: sent, nonce: "" };
  const policies = connectionPolicies(sent);
  const bodiless = target || asked.method === "HEAD" || NULL_BODY.has(answer.status);
  if (bodiless) discard(answer.body);

  let body = bodiless ? null : decoded(answer);
  if (body && document) {
    body = body.pipeThrough(insertTag(pageScriptTag(site, nonce, policies, answer.cookies), media.charset));
  }
  if (body && asked.inWorker) body = body.pipeThrough(insertSockets(site, asked.inWorker, policies));
  if (body && media.type === "text/event-stream" && waitsForByte()) body = withComment(body);
  const { status, reason: statusText } = answer;
  return new Response(body, { status, statusText, headers: toHeaders(headers, asked.inWorker !== "") });
}

/**
 * Read a body that no page will see. To cancel it would tell the app that the page has left.
 *
 * @param {ReadableStream<Uint8Array<ArrayBuffer>>} body
 */
function discard(body) {
  body.pipeTo(new WritableStream()).catch(() => {}); // broken or not, nobody reads it
}

/** @param {number} status */
export function isRedirect(status) {
  return REDIRECTS.has(status);
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
  return !/^\s*attachment/i.test(first(headers, "content-disposition"));
}

/**
 * Where a redirect leads; undefined for what is none. A path that knows nothing of the site's own
 * is inside the site.
 *
 * @param {Answer} answer
 * @param {URL} url
 * @param {Site} site
 */
function redirectTarget({ status, headers }, url, site) {
  const location = locationOf(headers);
  if (!REDIRECTS.has(status) || !location || !URL.canParse(location, url)) return undefined;
  return site.inside(new URL(location, url));
}

/**
 * What the headers say is a Location, its bytes beyond ASCII as they are, whatever they mean.
 * (WebKit takes each for a character.)
 *
 * @param {HeaderPairs} headers
 */
function locationOf(headers) {
  const text = [...locationsOf(headers)].join(", ");
  if (isWebKit(navigator.userAgent)) return text;
  return text.replace(/[\x80-\xff]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** @param {HeaderPairs} headers */
function locationsOf(headers) {
  return new Set(headers.filter(([name]) => name === "location").map(([, value]) => value));
}

/**
 * Whether an answer leads to several places at once: a network error, but to WebKit.
 *
 * @param {Pick<Answer, "status" | "headers">} answer
 */
export function leadsApart({ status, headers }) {
  return REDIRECTS.has(status) && locationsOf(headers).size > 1 && !isWebKit(navigator.userAgent);
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
 * What a navigation shows lies in the shell's frame: nothing may forbid that. A document's policy
 * also has to let the page script in.
 *
 * @param {HeaderPairs} pairs
 * @param {boolean} document
 * @param {Site} site
 */
function framedHeaders(pairs, document, site) {
  const policies = pairs.filter(([name]) => name.startsWith("content-security-policy"));
  const nonce = policies.map(([, value]) => firstNonce(value)).find(Boolean) || crypto.randomUUID();
  /** @type {HeaderPairs} */
  const headers = [];
  for (const [name, value] of pairs) {
    if (name === "x-frame-options" || (document && name === "content-length")) continue;
    const policy = name.startsWith("content-security-policy");
    const admitted = policy ? admit(value, document ? pageScriptUrl(site) : "", nonce) : value;
    if (admitted) headers.push([name, admitted]);
  }
  return { headers, nonce: policies.length > 0 ? nonce : "" };
}

/**
 * The policies that may forbid a connection: the page script obeys them for its WebSockets.
 *
 * @param {HeaderPairs} headers
 */
function connectionPolicies(headers) {
  const policies = headers.filter(([name]) => name === "content-security-policy");
  return policies.map(([, value]) => value).filter((value) => /connect-src|default-src/i.test(value));
}

/**
 * @param {Site} site
 * @param {string} nonce
 * @param {string[]} policies
 * @param {Answer["cookies"]} cookies
 */
function pageScriptTag(site, nonce, policies, cookies) {
  const escaped = (/** @type {string} */ value) =>
    value.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replace(/[^ -~]/g, "");
  const admitted = nonce ? ` nonce="${escaped(nonce)}"` : "";
  const known = policies.length > 0 ? ` data-policies="${escaped(JSON.stringify(policies))}"` : "";
  const seen = cookies ? ` data-cookies="${escaped(JSON.stringify(cookies))}"` : "";
  return `<script src="${pageScriptUrl(site)}"${admitted}${known}${seen}></script>`;
}

/**
 * A service worker's Content-Encoding is not decoded by the browser.
 *
 * @param {Answer} answer
 * @returns {ReadableStream<Uint8Array<ArrayBuffer>>}
 */
function decoded({ headers, body }) {
  const codings = first(headers, "content-encoding").toLowerCase().split(",").reverse();
  return codings.reduce((stream, coding) => {
    const name = coding.trim().replace(/^x-/, "");
    if (name !== "gzip" && name !== "deflate") return stream;
    return stream.pipeThrough(new DecompressionStream(name));
  }, body);
}

/** @param {HeaderPairs} headers */
function mediaType(headers) {
  const value = first(headers, "content-type");
  const type = (value.split(";", 1)[0] ?? "").trim().toLowerCase();
  const charset = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(value)?.[1] ?? "";
  return { type, charset };
}

/** @param {string} type */
function isMarkup(type) {
  return type === "text/html" || type === "application/xhtml+xml";
}

/** Only Firefox does. */
function waitsForByte() {
  return navigator.userAgent.includes("Firefox/");
}

/** @param {ReadableStream<Uint8Array<ArrayBuffer>>} body */
function withComment(body) {
  return body.pipeThrough(
    new TransformStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode(EVENT_STREAM_COMMENT)),
    }),
  );
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
