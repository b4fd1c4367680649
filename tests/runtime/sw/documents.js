/**
 * Documents to put a tag into: made by a small grammar from a seed, in all encodings of the web.
 */

/** Everything that a parser may meet before or instead of the content of `head`. */
const PIECES = /** @type {const} */ ([
  ...[" ", "\n", "\r\n", "\t", "\f", "  \n "],
  ...["<!doctype html>", "<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.01 Transitional//EN\">", "<!doctype html SYSTEM 'about:legacy-compat'>"],
  ...["<!DOCTYPE html PUBLIC \"a>b\" 'c'>", "<!doctype>", "<!doctype html [ <!ENTITY x \"y\"> ]>", "<!DOCTYPE svg>"],
  ...["<!-- c -->", "<!-->", "<!--->", "<!---->", "<!-- a > b -->", "<!-- a --!>", "<!-- <!-- -->", "<!-- a --- b -->", "<!--->--><!--x-->"],
  ...["<!-- <head> -->", "<!-- <script>1</script> -->", "<!>", "<!->", "<!x>", "<![CDATA[ x > y ]]>", "<!--\u0000-->", `<!--${"-x".repeat(500)}-->`],
  ...["<?xml version=\"1.0\" encoding='x'?>", "<?php a > b ?>", "<?>"],
  ...["<html>", "<HTML LANG=en>", "<html lang='a>b' data-x=\"<head>\">", "<html a\"b>", "<html \"a'>", "<html a=b\"c>", "<html a = 'b' c>", "<html/>"],
  ...["<html / x=/y>", "<html x=>", "<html =x='>'>", "<html\nmanifest=x\n>", "<html data-t=\"日本\" title='é\"ü'>", "<htmlx>", "<html\u0000>"],
  ...["<head>", "<HEAD\tprofile='>'>", "<head/>", "<head id=\"a\"b='c'>", "<header>", "<h1>", "<headx/>", "<head\u0000>"],
  ...["</p>", "</div a='>'>", "</>", "</ x>", "</3>", "</head>", "</body>", "</html>", "</br>", "</htmlx>", "</brr>", "</HEAD >", "</template>"],
  ...["<title>t</title>", "<meta charset=utf-8>", "<base href=/>", "<link rel=x>", "<style>a{}</style>", "<noscript><p>n</noscript>"],
  ...["<script>1</script>", "<SCRIPT src=y></SCRIPT>", "<template><script>2</script></template>", "<body onload=x>", "<frameset><frame>"],
  ...["<svg><script>3</script></svg>", "<math><mi>x</mi></math>", "<plaintext>", "<table>", "<select>", "<p>para", "<a href=x>link</a>"],
  ...["text", "<", "< x", "<3", "&amp;", "\u0000", "é日本", "\u00a0", "\u000b", "<%x%>", "a<b>"],
]);

/** What a document may end within. */
const ENDS = ["", "", "", "<", "<!", "<!-", "<!-- x", "<!-- x --", "<!doctype", "<!doctype html", "<?", "</", "</p", "</p x", "<h", "<ht", "<html", "<html a='", "<head x", "<hea", "<di", "<div a=\""];

/** @param {number} seed */
export function random(seed) {
  return () => {
    seed = (seed * 1103515245 + 12345) & 0x7fffffff;
    return seed / 0x7fffffff;
  };
}

/**
 * @template T
 * @param {() => number} next
 * @param {readonly T[]} list
 */
export const pick = (next, list) => /** @type {T} */ (list[Math.floor(next() * list.length) % list.length]);

/** @param {() => number} next */
export function randomDocument(next) {
  const length = Math.floor(next() * 8);
  const pieces = Array.from({ length }, () => pick(next, PIECES));
  return pieces.join("") + pick(next, ENDS);
}

/** Each of the pieces alone, and behind a beginning as most documents have. */
export const SHORT = PIECES.flatMap((piece) => [piece, `${piece}<p>x`, `<!doctype html><html>${piece}<title>x</title>`, `<!--a--><html>${piece}<!--b--><body>`]);

/* ---- encodings -------------------------------------------------------------------------------- */

export const ENCODINGS = [
  "utf-8", "utf-8 mark", "utf-16le", "utf-16be", "utf-16le mark", "utf-16be mark", "iso-2022-jp", "shift_jis",
  "euc-jp", "euc-kr", "gbk", "gb18030", "big5", "windows-1252", "windows-1251", "windows-1254", "koi8-r", "macintosh",
];

/** @type {Map<string, Map<string, number[]>>} */
const tables = new Map();

/** @param {string} encoding */
function tableOf(encoding) {
  const known = tables.get(encoding);
  if (known) return known;
  /** @type {Map<string, number[]>} */
  const table = new Map();
  const decoder = new TextDecoder(encoding);
  const add = (/** @type {number[]} */ bytes) => {
    const text = decoder.decode(Uint8Array.from(bytes));
    if ([...text].length === 1 && text !== "\ufffd" && !table.has(text)) table.set(text, bytes);
  };
  for (let one = 0; one < 256; one++) add([one]);
  for (let one = 0x80; one < 256; one++) for (let two = 0x30; two < 256; two++) add([one, two]);
  tables.set(encoding, table);
  return table;
}

/** @param {string} text @param {boolean} swap */
function utf16(text, swap) {
  const units = Buffer.from(text, "utf16le");
  return [...(swap ? units.swap16() : units)];
}

/**
 * @param {string} text characters that the encoding lacks become "?"
 * @param {string} encoding one of ENCODINGS
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function encode(text, encoding) {
  const [name = "", mark] = encoding.split(" ");
  const marked = mark ? `\ufeff${text}` : text;
  if (name === "utf-8") return Uint8Array.from(Buffer.from(marked));
  if (name.startsWith("utf-16")) return Uint8Array.from(utf16(marked, name === "utf-16be"));
  if (name !== "iso-2022-jp") return Uint8Array.from([...text].flatMap((c) => tableOf(name).get(c) ?? [0x3f]));
  return Uint8Array.from([...text].flatMap(iso2022jp));
}

/** @param {string} character */
function iso2022jp(character) {
  const bytes = tableOf("euc-jp").get(character) ?? [0x3f];
  if (bytes.length === 1) return (bytes[0] ?? 0) > 0x7f ? [0x3f] : bytes;
  return [0x1b, 0x24, 0x42, ...bytes.map((byte) => byte & 0x7f), 0x1b, 0x28, 0x42];
}

/* ---- chunkings -------------------------------------------------------------------------------- */

/** @type {Record<string, (bytes: Uint8Array<ArrayBuffer>, next: () => number) => Uint8Array<ArrayBuffer>[]>} */
export const CHUNKINGS = {
  whole: (bytes) => [bytes],
  bytes: (bytes) => [...bytes].map((byte) => Uint8Array.of(byte)),
  random: (bytes, next) => {
    const chunks = [];
    for (let at = 0; at < bytes.length; ) {
      const length = Math.floor(next() * 12); // 0 as well
      chunks.push(bytes.slice(at, at + length));
      at += length;
    }
    return chunks;
  },
};
