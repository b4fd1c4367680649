/**
 * How a document's characters lie in its bytes, as far as its markup goes.
 *
 * Pure. Nearly every encoding of the web has ASCII's bytes for ASCII's characters, and none of them
 * within other characters that could be taken for markup; not so UTF-16, nor ISO-2022-JP after one
 * of its escapes (Encoding Standard, 12.2 and 14.2).
 */

/** @typedef {(byte: number) => string} Reader of one byte: a character, or nothing while it is not complete */

/** First bytes, and the encoding that they decide whatever a header says (Encoding, "decode"). */
const MARKS = /** @type {[string, number[]][]} */ ([
  ["utf-8", [0xef, 0xbb, 0xbf]],
  ["utf-16le", [0xff, 0xfe]],
  ["utf-16be", [0xfe, 0xff]],
]);

/** "<?x", which decides where no header does (HTML, "prescan a byte stream"; XML 1.0, F.1). */
const DECLARATIONS = /** @type {[string, number[]][]} */ ([
  ["utf-16le", [0x3c, 0, 0x3f, 0, 0x78, 0]],
  ["utf-16be", [0, 0x3c, 0, 0x3f, 0, 0x78]],
]);

/**
 * @param {string} label as headers have it
 * @returns {string} the encoding's name in lower case, empty when there is none
 */
export function encodingOf(label) {
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return "";
  }
}

/**
 * How a document begins.
 *
 * @param {Uint8Array} bytes its first ones
 * @param {string} declared the transport's encoding, or empty
 * @param {boolean} complete nothing follows
 * @returns {{ encoding: string, mark: number } | undefined} `mark`: bytes of the byte order mark;
 *   undefined: more bytes are needed to tell
 */
export function beginning(bytes, declared, complete) {
  const known = declared ? MARKS : [...MARKS, ...DECLARATIONS];
  const agrees = (/** @type {number[]} */ signature) => signature.every((byte, i) => i >= bytes.length || bytes[i] === byte);
  const [found] = known.filter(([, signature]) => agrees(signature));
  if (!found) return { encoding: declared, mark: 0 };
  const [encoding, signature] = found;
  if (bytes.length < signature.length) return complete ? { encoding: declared, mark: 0 } : undefined;
  return { encoding, mark: MARKS.includes(found) ? signature.length : 0 };
}

/**
 * @param {string} encoding
 * @returns {Reader}
 */
export function readerOf(encoding) {
  if (encoding === "utf-16le") return utf16(0);
  if (encoding === "utf-16be") return utf16(1);
  return encoding === "iso-2022-jp" ? iso2022jp() : String.fromCharCode;
}

/**
 * @param {string} text ASCII only
 * @param {string} encoding
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function encoded(text, encoding) {
  const units = [...text].map((character) => character.charCodeAt(0));
  if (encoding === "utf-16le") return Uint8Array.from(units.flatMap((unit) => [unit, 0]));
  if (encoding === "utf-16be") return Uint8Array.from(units.flatMap((unit) => [0, unit]));
  return Uint8Array.from(units);
}

/**
 * @param {0 | 1} low which byte of a unit is the low one
 * @returns {Reader}
 */
function utf16(low) {
  /** @type {number[]} */
  let unit = [];
  return (byte) => {
    unit.push(byte);
    if (unit.length < 2) return "";
    const [one = 0, other = 0] = low === 0 ? unit : unit.toReversed();
    unit = [];
    return String.fromCharCode(one | (other << 8));
  };
}

/** @returns {Reader} */
function iso2022jp() {
  const ESCAPE = "\x1b";
  let escape = "";
  let isAscii = true;
  return (byte) => {
    const character = String.fromCharCode(byte);
    if (character === ESCAPE) escape = ESCAPE;
    else if (escape) escape += character;
    if (!escape) return isAscii ? character : "\ufffd";
    if (escape.length < 3) return "";
    isAscii = escape === `${ESCAPE}(B` || escape === `${ESCAPE}(J`;
    escape = "";
    return "";
  };
}
