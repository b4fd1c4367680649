/**
 * What a response says that it is, read as browsers read it.
 *
 * Pure. Several Content-Type headers count as one list, of which the last that can be read is meant
 * (Fetch, "extract a MIME type").
 */

import { encodingOf } from "./encoding.js";

/** @import { HeaderPairs } from "../protocol.js" */

const TYPE = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+\/[!#$%&'*+\-.^_`|~0-9A-Za-z]+)[\t ]*(?:;([^]*))?$/;
const PARAMETER = /(?:^|;)[\t\n\r ]*([^\s;="]+)=(?:"((?:[^"\\]|\\[^])*)"?[^;]*|([^;]*))/g;

/**
 * @typedef {object} Media
 * @property {string} type in lower case; empty when nothing can be read
 * @property {string} charset the label, or empty
 */

/**
 * @param {HeaderPairs} headers
 * @returns {Media & { value: string }} `value`: the one header that says the same
 */
export function mediaOf(headers) {
  let media = { type: "", charset: "", value: "" };
  for (const value of headers.filter(([name]) => name === "content-type").flatMap(([, text]) => elements(text))) {
    const [, essence = "", parameters = ""] = TYPE.exec(value.trim()) ?? [];
    const type = essence.toLowerCase();
    if (!type || type === "*/*") continue;
    const charset = charsetOf(parameters);
    const written = parameters.trim() ? `${type}; ${parameters.trim()}` : type;
    if (charset || type !== media.type) media = { type, charset, value: written };
  }
  return media;
}

/**
 * @param {Media} media
 * @returns {string} the encoding's name, or empty
 */
export const declaredEncoding = ({ charset }) => (charset ? encodingOf(charset) : "");

/**
 * @param {string} text
 * @returns {string[]} of a list whose commas may be within quotes
 */
function elements(text) {
  return text.match(/(?:[^,"]|"(?:[^"\\]|\\[^])*"?)+/g) ?? [];
}

/** @param {string} parameters the first of a name counts */
function charsetOf(parameters) {
  for (const [, name = "", quoted, plain = ""] of parameters.matchAll(PARAMETER)) {
    if (name.toLowerCase() !== "charset") continue;
    return quoted === undefined ? plain.trim() : quoted.replaceAll(/\\([^])/g, "$1");
  }
  return "";
}

/** @param {string} type */
export const isHtml = (type) => type === "text/html";

/** @param {string} type */
export const isXml = (type) => type === "text/xml" || type === "application/xml" || type.endsWith("+xml");

/**
 * Whether the browser saves it instead of showing it: whatever is not `inline`. What begins with a
 * parameter names no type.
 *
 * @param {HeaderPairs} headers
 */
export function isDownload(headers) {
  const [, value = ""] = headers.find(([name]) => name === "content-disposition") ?? [];
  const [type = ""] = value.split(";", 1);
  return /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(type.trim()) && type.trim().toLowerCase() !== "inline";
}
