/**
 * Look at a document's first bytes for what it is, and for the encoding that it declares.
 *
 * Pure. Browsers do this themselves; here it is known what they will find, since a tag that is put
 * before a declaration may push it out of what they look at, and since a document without a type
 * has to be told from other files.
 * Sources: HTML, 13.2.3.2 ("prescan a byte stream"); MIME Sniffing, 7.1.
 */

import { encodingOf } from "./encoding.js";

/** Browsers look for a declaration in so many bytes. */
export const PRESCANNED = 1024;

const SPACE = "[\\t\\n\\f\\r ]";
const ATTRIBUTE = new RegExp(
  `[\\t\\n\\f\\r /]*(?:>|([^\\t\\n\\f\\r />][^\\t\\n\\f\\r />=]*)(?:${SPACE}*=${SPACE}*(?:"([^"]*)"|'([^']*)'|([^\\t\\n\\f\\r >]*)))?)`,
  "y",
);
const TOKENS = new RegExp(`<!--|<meta(?=[\\t\\n\\f\\r /])|</?[a-z][^\\t\\n\\f\\r >]*|<[!/?][^>]*>`, "gi");
const CHARSET = new RegExp(`charset${SPACE}*=${SPACE}*(?:"([^"]*)"|'([^']*)'|([^\\t\\n\\f\\r ;"']+))`, "i");

/**
 * @param {string} text the document's beginning, one character a byte
 * @returns {{ encoding: string, end: number } | undefined} what a `meta` declares, and where it ends
 */
export function declaration(text) {
  TOKENS.lastIndex = 0;
  for (let match; (match = TOKENS.exec(text)); ) {
    if (match[0] === "<!--") {
      const end = text.indexOf("-->", match.index + 2);
      if (end < 0) return undefined;
      TOKENS.lastIndex = end + 3;
    } else if (/^<\/?[a-z]/i.test(match[0])) {
      const { attributes, end } = attributesAt(text, TOKENS.lastIndex);
      if (end === undefined) return undefined;
      const encoding = /^<meta$/i.test(match[0]) ? metaEncoding(attributes) : "";
      if (encoding) return { encoding, end };
      TOKENS.lastIndex = end;
    }
  }
  return undefined;
}

/**
 * @param {string} text
 * @param {number} at
 * @returns {{ attributes: Map<string, string>, end: number | undefined }} `end`: undefined when the
 *   tag does not end here
 */
function attributesAt(text, at) {
  const attributes = new Map();
  ATTRIBUTE.lastIndex = at;
  for (let match; (match = ATTRIBUTE.exec(text)); ) {
    const [all, name, double, single, plain] = match;
    if (name === undefined) return { attributes, end: all.endsWith(">") ? ATTRIBUTE.lastIndex : undefined };
    const key = name.toLowerCase();
    if (!attributes.has(key)) attributes.set(key, (double ?? single ?? plain ?? "").toLowerCase());
  }
  return { attributes, end: undefined };
}

/** @param {Map<string, string>} attributes of a `meta` */
function metaEncoding(attributes) {
  const pragma = attributes.get("http-equiv") === "content-type";
  const [, double, single, plain] = CHARSET.exec(attributes.get("content") ?? "") ?? [];
  const label = attributes.get("charset") ?? (pragma ? (double ?? single ?? plain) : undefined);
  if (label?.trim() === "x-user-defined") return "windows-1252";
  const encoding = label === undefined ? "" : encodingOf(label);
  return encoding.startsWith("utf-16") ? "utf-8" : encoding;
}

/** Each is followed by a space or ">"; a comment by either as well. */
const HTML =
  /^[\t\n\f\r ]*<(?:!doctype html|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p|!--)[ >]/i;
const XML = /^[\t\n\f\r ]*<\?xml/;
/** Other files that browsers show. */
const SIGNATURES = /** @type {[string, RegExp][]} */ ([
  ["text/html", HTML],
  ["text/xml", XML],
  ["application/pdf", /^%PDF-/],
  ["image/png", /^\x89PNG\r\n\x1a\n/],
  ["image/gif", /^GIF8[79]a/],
  ["image/jpeg", /^\xff\xd8\xff/],
  ["image/webp", /^RIFF[^]{4}WEBPVP/],
  ["text/plain", /^(?:\xfe\xff|\xff\xfe|\xef\xbb\xbf)/],
]);
/** What no text has (MIME Sniffing, "binary data byte"). */
const BINARY = /[\0-\x08\x0b\x0e-\x1a\x1c-\x1f]/;

/**
 * @param {string} text the beginning of a file without a type
 * @param {boolean} scriptable whether it may be one that runs scripts
 * @returns {string} its type
 */
export function sniffed(text, scriptable) {
  const known = scriptable ? SIGNATURES : SIGNATURES.slice(3);
  const [found] = known.find(([, signature]) => signature.test(text)) ?? [];
  return found ?? (BINARY.test(text) ? "application/octet-stream" : "text/plain");
}
