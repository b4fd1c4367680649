/**
 * Put a tag first into an HTML document without touching one of its bytes.
 *
 * Pure. Only what may come before a script is read: byte order mark, comments, the doctype, and
 * the tags of `html` and `head` (HTML, 13.2.6.4.1 to 13.2.6.4.3); all else passes as it comes.
 */

/** A prologue longer than this is cut short there: the tag goes where reading has got to. */
const LIMIT = 64 * 1024;

/** In the order in which they may occur; each may be missing. */
const STAGES = [
  // before html: also the doctype, and XML's declaration
  /^(?:\s+|<!--(?:-?>|[^]*?--!?>)|<!(?!--)[^>]*>|<\?[^>]*>)/,
  /^(?:\s+|<!--(?:-?>|[^]*?--!?>)|<html(?=[\s>/])(?:[^>"']|"[^"]*"|'[^']*')*>)/i,
  /^(?:\s+|<!--(?:-?>|[^]*?--!?>)|<head(?=[\s>/])(?:[^>"']|"[^"]*"|'[^']*')*>)/i,
];

/** What may yet become one of the above when more bytes come. */
const UNFINISHED = /^(?:<(?:$|!|\?|h(?:$|t|e)))/i;

/**
 * Where a tag can be put.
 *
 * @param {string} text the document's start, one character a byte (or a UTF-16 unit)
 * @param {boolean} complete nothing follows
 * @returns {number | undefined} undefined: more is needed to tell
 */
export function prologueEnd(text, complete) {
  let at = 0;
  for (const stage of STAGES) {
    for (let match; (match = stage.exec(text.slice(at))); ) {
      at += match[0].length;
      if (/^<h/i.test(match[0])) break; // one html, one head
    }
  }
  const rest = text.slice(at);
  const undecided = rest === "" || (UNFINISHED.test(rest) && !isOtherTag(rest));
  return undecided && !complete && text.length < LIMIT ? undefined : at;
}

/** @param {string} rest begins like a tag */
function isOtherTag(rest) {
  const name = /^<([a-z0-9]+)[\s>/]/i.exec(rest)?.[1]?.toLowerCase();
  return name !== undefined && name !== "html" && name !== "head";
}

/**
 * A stream's transformation that puts `tag` at the end of the document's prologue.
 *
 * @param {string} tag ASCII only
 * @param {string} charset the transport's, or empty; a byte order mark goes before it
 * @returns {TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>}
 */
export function insertTag(tag, charset) {
  let held = new Uint8Array(0);
  let done = false;
  /**
   * @param {TransformStreamDefaultController<Uint8Array<ArrayBuffer>>} controller
   * @param {boolean} complete
   */
  const tryInsert = (controller, complete) => {
    const encoding = unitsOf(held, charset);
    const end = prologueEnd(encoding.decode(held), complete);
    if (end === undefined) return;
    const at = encoding.start + end * encoding.width;
    if (at > 0) controller.enqueue(held.slice(0, at));
    controller.enqueue(encoding.encode(tag));
    if (at < held.length) controller.enqueue(held.slice(at));
    done = true;
  };
  return new TransformStream({
    transform(chunk, controller) {
      if (done) return controller.enqueue(chunk);
      held = joined(held, chunk);
      tryInsert(controller, false);
    },
    flush(controller) {
      if (!done) tryInsert(controller, true);
    },
  });
}

/**
 * @typedef {object} Units how characters lie in bytes
 * @property {number} start bytes of the byte order mark
 * @property {number} width bytes of a unit
 * @property {(bytes: Uint8Array) => string} decode
 * @property {(text: string) => Uint8Array<ArrayBuffer>} encode
 */

/**
 * Every encoding of the web but UTF-16 has ASCII's bytes for ASCII's characters.
 *
 * @param {Uint8Array} bytes
 * @param {string} charset
 * @returns {Units}
 */
function unitsOf(bytes, charset) {
  const [a, b, c] = bytes;
  if (a === 0xff && b === 0xfe) return utf16(2, 0);
  if (a === 0xfe && b === 0xff) return utf16(2, 1);
  if (a === 0xef && b === 0xbb && c === 0xbf) return ascii(3);
  const name = charset.toLowerCase();
  if (name === "utf-16" || name === "utf-16le") return utf16(0, 0);
  if (name === "utf-16be") return utf16(0, 1);
  return ascii(0);
}

/**
 * @param {number} start
 * @returns {Units}
 */
function ascii(start) {
  return {
    start,
    width: 1,
    decode: (bytes) => new TextDecoder("latin1").decode(bytes.subarray(start)),
    encode: (text) => new TextEncoder().encode(text),
  };
}

/**
 * @param {number} start
 * @param {0 | 1} low which byte of a unit is the low one
 * @returns {Units}
 */
function utf16(start, low) {
  return {
    start,
    width: 2,
    decode: (bytes) => {
      let text = "";
      for (let i = start; i + 1 < bytes.length; i += 2) {
        const [one = 0, other = 0] = [bytes[i + low], bytes[i + 1 - low]];
        text += String.fromCharCode(one | (other << 8));
      }
      return text;
    },
    encode: (text) => {
      const bytes = new Uint8Array(text.length * 2);
      for (let i = 0; i < text.length; i++) bytes[i * 2 + low] = text.charCodeAt(i);
      return bytes;
    },
  };
}

/**
 * @param {Uint8Array<ArrayBuffer>} a
 * @param {Uint8Array<ArrayBuffer>} b
 */
function joined(a, b) {
  if (a.length === 0) return b;
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
