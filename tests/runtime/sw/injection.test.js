/**
 * The tag in documents of every kind, with parse5 to say what a browser makes of them: as if it
 * had never been there, and before every other script.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "parse5";

import { insertTag } from "../../../src/tabcorn/runtime/sw/injection.js";
import { Prologue } from "../../../src/tabcorn/runtime/sw/prologue.js";
import { CHUNKINGS, ENCODINGS, SHORT, encode, random, randomDocument } from "./documents.js";

/** @typedef {any} Node of parse5's tree */

const TAG = '<script src="/page.js" data-ours></script>';

/**
 * @param {Uint8Array<ArrayBuffer>[]} chunks
 * @param {string} charset
 */
async function injected(chunks, charset) {
  const { readable, writable } = insertTag(TAG, new Prologue(), charset);
  const writer = writable.getWriter();
  for (const chunk of chunks) void writer.write(chunk);
  void writer.close();
  return new Uint8Array(await new Response(readable).arrayBuffer());
}

/** @param {Node} node @returns {Node[]} in document order */
const all = (node) => [node, ...(node.childNodes ?? []).flatMap(all), ...(node.content ? all(node.content) : [])];
/** @param {Node} node */
const isOurs = (node) => node.attrs?.some((/** @type {any} */ { name }) => name === "data-ours");

/**
 * The script removes itself before the parser goes on: what text follows joins what is before it.
 *
 * @param {Node} document
 */
function withoutOurs(document) {
  const ours = all(document).find(isOurs);
  if (!ours) return;
  const siblings = ours.parentNode.childNodes;
  const at = siblings.indexOf(ours);
  siblings.splice(at, 1);
  const [before, after] = [siblings[at - 1], siblings[at]];
  if (before?.nodeName !== "#text" || after?.nodeName !== "#text") return;
  before.value += after.value;
  siblings.splice(at, 1);
}

/** @param {Node} node @returns {unknown} */
const plain = ({ nodeName, namespaceURI, attrs, value, data, name, publicId, systemId, mode, childNodes, content }) => [
  [nodeName, namespaceURI, attrs, value ?? data, name, publicId, systemId, mode],
  ...(childNodes ?? []).map(plain),
  ...(content ? [plain(content)] : []),
];

/**
 * @param {Uint8Array} bytes
 * @param {Uint8Array} out
 * @param {string} encoding
 */
function compare(bytes, out, encoding) {
  const decode = (/** @type {Uint8Array} */ given) => new TextDecoder(encoding).decode(given);
  const [expected, seen] = [parse(decode(bytes)), parse(decode(out))];
  const [first] = all(seen).filter(({ nodeName }) => nodeName === "script");
  const tagged = out.length > bytes.length;
  if (tagged) assert.ok(isOurs(first), "ours is the first");
  else assert.equal(first, undefined, "nothing can run in it");
  withoutOurs(seen);
  assert.deepEqual(plain(seen), plain(expected));
  return tagged;
}

/**
 * @param {Uint8Array} bytes
 * @param {Uint8Array} out
 * @param {Uint8Array} tag
 */
function sameBytes(bytes, out, tag) {
  if (out.length === bytes.length) return assert.deepEqual(out, bytes);
  const at = Buffer.from(out).indexOf(tag);
  assert.ok(at >= 0);
  const kept = Buffer.concat([out.subarray(0, at), out.subarray(at + tag.length)]);
  assert.deepEqual(kept, Buffer.from(bytes));
}

/**
 * @param {string} text
 * @param {string} encoding
 * @param {string} chunking
 */
async function check(text, encoding, chunking) {
  const [name = "", mark] = encoding.split(" ");
  const bytes = encode(text, encoding);
  const chunks = CHUNKINGS[chunking]?.(bytes, random(bytes.length)) ?? [];
  const out = await injected(chunks, mark ? "" : name);
  const label = `${JSON.stringify(text)} in ${encoding}, ${chunking}`;
  try {
    sameBytes(bytes, out, encode(TAG, name));
    return compare(bytes, out, name);
  } catch (error) {
    throw new Error(label, { cause: error });
  }
}

for (const chunking of Object.keys(CHUNKINGS)) {
  test(`short documents, ${chunking}`, async () => {
    for (const text of SHORT) await check(text, "utf-8", chunking);
  });
}

for (const encoding of ENCODINGS) {
  test(`documents in ${encoding}`, async () => {
    const next = random(ENCODINGS.indexOf(encoding) + 1);
    let tagged = 0;
    for (let i = 0; i < 100; i++) {
      for (const chunking of Object.keys(CHUNKINGS)) tagged += Number(await check(randomDocument(next), encoding, chunking));
    }
    assert.ok(tagged > 200, `${tagged} of 300 have the tag`);
  });
}
