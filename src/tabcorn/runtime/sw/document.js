/**
 * Make of the app's answer to a navigation what the browser shows: its own bytes, with the page
 * script first where scripts can run.
 *
 * Runs in the service worker. Not touched are downloads, parts (206), what is no markup, and
 * documents whose own policy lets no script run.
 */

import { first } from "../shared/headers.js";
import { beginning } from "./encoding.js";
import { framedHeaders, runsScripts } from "./framing.js";
import { insertTag } from "./injection.js";
import { declaredEncoding, isDownload, isHtml, isXml, mediaOf } from "./media.js";
import { pageScriptUrl } from "./pagescript.js";
import { leavesRequestsAlone } from "./restrictions.js";
import { peeked } from "./peek.js";
import { PRESCANNED, declaration, sniffed } from "./prescan.js";
import { Prologue } from "./prologue.js";
import { XmlPrologue } from "./xmlprologue.js";

/** @import { Arrival, HeaderPairs } from "../protocol.js" */
/** @import { Site } from "../shared/site.js" */
/** @import { Answer } from "./exchange.js" */
/** @import { Body } from "./peek.js" */

/**
 * @typedef {object} Shown
 * @property {HeaderPairs} headers
 * @property {Body | null} body without content codings
 */

/**
 * @typedef {object} Told what the page script has to know
 * @property {string[]} policies those that may forbid a connection
 * @property {Arrival | undefined} [arrival] how the user came to the tab, for its first document
 * @property {string | undefined} [form] by which the document takes the form that it answers
 * @property {boolean} [port] its requests may take the page's own port
 */

/** MIME Sniffing, "unknown MIME type"; empty is one that is missing or cannot be read. */
const UNKNOWN = new Set(["", "unknown/unknown", "application/unknown"]);

/**
 * @param {Answer} answer
 * @param {Body | null} decoded
 * @param {Told} told
 * @param {Site} site
 * @returns {Promise<Shown>}
 */
export async function asDocument({ status, headers: sent, cookies }, decoded, told, site) {
  const { headers, body } = await withType({ headers: sent, body: decoded });
  const { type } = mediaOf(headers);
  const isScripted = (isHtml(type) || isXml(type)) && status !== 206 && !isDownload(headers) && runsScripts(headers);
  if (!body || !isScripted) return { headers: framedHeaders(headers, site, "").headers, body };
  const framed = framedHeaders(headers, site, pageScriptUrl(site));
  const tag = tagOf(site, framed.nonce, { ...told, cookies, port: leavesRequestsAlone(sent) }, isXml(type));
  const shown = { headers: framed.headers.filter(([name]) => name !== "content-length"), body };
  return isXml(type) ? tagged(shown, tag, new XmlPrologue()) : tagged(await withEncoding(shown, tag), tag, new Prologue());
}

/**
 * @param {Shown} shown
 * @param {string} tag
 * @param {Prologue | XmlPrologue} place
 * @returns {Shown}
 */
function tagged({ headers, body }, tag, place) {
  return { headers, body: body && body.pipeThrough(insertTag(tag, place, declaredEncoding(mediaOf(headers)))) };
}

/**
 * One readable type; of a document without one, what browsers would find.
 *
 * @param {Shown} shown
 * @returns {Promise<Shown>}
 */
async function withType({ headers, body }) {
  const { type, value } = mediaOf(headers);
  if (!UNKNOWN.has(type)) return { headers: retyped(headers, value), body };
  if (!body) return { headers, body };
  const { bytes, body: whole } = await peeked(body, (bytes) => bytes.length >= PRESCANNED);
  const scriptable = first(headers, "x-content-type-options").trim().toLowerCase() !== "nosniff";
  return { headers: retyped(headers, sniffed(latin1(bytes), scriptable)), body: whole };
}

/**
 * The encoding that the document declares, as a header, where the tag would push the declaration
 * out of what browsers look at.
 *
 * @param {Shown & { body: Body }} shown
 * @param {string} tag
 * @returns {Promise<Shown>}
 */
async function withEncoding({ headers, body }, tag) {
  const media = mediaOf(headers);
  if (declaredEncoding(media)) return { headers, body };
  const look = (/** @type {Uint8Array} */ bytes) => {
    const { mark = 0 } = beginning(bytes, "", true) ?? {};
    return mark > 0 ? undefined : declaration(latin1(bytes.subarray(0, PRESCANNED)));
  };
  const { bytes, body: whole } = await peeked(body, (bytes) => bytes.length >= PRESCANNED || look(bytes) !== undefined);
  const found = look(bytes);
  const isPushed = found && (found.end + tag.length > PRESCANNED || found.encoding === "iso-2022-jp");
  return { headers: isPushed ? retyped(headers, `${media.type}; charset=${found.encoding}`) : headers, body: whole };
}

/**
 * @param {HeaderPairs} headers
 * @param {string} value
 * @returns {HeaderPairs}
 */
function retyped(headers, value) {
  return [...headers.filter(([name]) => name !== "content-type"), ["content-type", value]];
}

/** @param {Uint8Array} bytes */
const latin1 = (bytes) => [...bytes].map((byte) => String.fromCharCode(byte)).join("");

/**
 * @param {Site} site
 * @param {string} nonce
 * @param {Told & Pick<Answer, "cookies">} told
 * @param {boolean} xml
 */
function tagOf(site, nonce, { policies, cookies, arrival, form, port }, xml) {
  /** @type {[string, string][]} */
  const attributes = [["src", pageScriptUrl(site)]];
  if (xml) attributes.unshift(["xmlns", "http://www.w3.org/1999/xhtml"]);
  if (nonce) attributes.push(["nonce", nonce]);
  if (policies.length > 0) attributes.push(["data-policies", json(policies)]);
  if (cookies) attributes.push(["data-cookies", json(cookies)]);
  if (arrival) attributes.push(["data-arrival", json(arrival)]);
  if (form) attributes.push(["data-form", form]);
  if (port) attributes.push(["data-port", ""]);
  const written = attributes.map(([name, value]) => ` ${name}="${escaped(value)}"`);
  return `<script${written.join("")}></script>`;
}

/** ASCII, whatever the document's encoding. @param {unknown} value */
const json = (value) =>
  JSON.stringify(value).replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** For HTML and XML. @param {string} value */
const escaped = (value) => value.replace(/[&"<>]/g, (character) => `&#${character.charCodeAt(0)};`);
