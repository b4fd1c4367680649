/**
 * Where the tag belongs, and that nothing waits for it longer than it must.
 */
import assert from "node:assert/strict";
import { test } from "node:test";

import { insertTag } from "../../../src/tabcorn/runtime/sw/injection.js";
import { Prologue } from "../../../src/tabcorn/runtime/sw/prologue.js";
import { XmlPrologue } from "../../../src/tabcorn/runtime/sw/xmlprologue.js";

const TAG = "<script src=x></script>";
const XHTML = 'xmlns="http://www.w3.org/1999/xhtml"';
const SVG = 'xmlns:svg = "http://www.w3.org/2000/svg"';

/** Each "^" is where the tag belongs; without one there is no tag. */
const DOCUMENTS = [
  "<!doctype html><html><head>^<title>x</title>",
  "<!DOCTYPE html>\n<html lang=\"en\">\n<head>^\n<meta charset=utf-8>",
  "<!doctype html>^<title>no head</title>",
  "<!doctype html><html>^<body>no head",
  "^<p>no doctype",
  "^plain text",
  "^",
  "<!-- a > b --><!doctype html><html><!-- <head> --><head>^<!-- c -->",
  "<!-->^<p>an empty comment</p>",
  "<html data-x=\"a>b\" data-y='<head>'><head id='>'>^<title>",
  "<html a\"b>^<p>a quote in a name\">",
  "<?xml version=\"1.0\"?><!DOCTYPE html PUBLIC \"-//W3C\" \"x\">\n<html xmlns=\"y\"><head>^",
  "<!doctype html>^<header>not a head</header>",
  "<!doctype html>^<htmlx>",
  "<!doctype html><HTML><HEAD>^<TITLE>",
  "<head>^<head>",
  "<!doctype html>  ^",
  "</p><!-- c --></div a='>'>^</body>",
  "^\u00a0a space of another kind is text",
  "<!-- never ends",
  "<html lang='never ends>",
  "<!doctype html>^<ht",
];

const XML = [
  `<html ${XHTML}>^<head/></html>`,
  `<?xml version="1.0"?>\n<!-- > --><?pi a > b?><!DOCTYPE html [ <!ENTITY a "]>"><!-- ' --><?x "?> ]><html ${XHTML} a='>'>^\n`,
  `<!-->--><a ${SVG}>^<b/></a>`,
  `<!--->--><h:html xmlns:h='http://www.w3.org/1999/xhtml'>^<h:head/>`,
  `<svg ${SVG}/>`,
  `<rss version="2.0"><channel/></rss>`,
  `<?xml-stylesheet type="text/xsl" href="x.xsl"?><html ${XHTML}></html>`,
  `<?xml-stylesheet type="text/css" href="x.css"?><html ${XHTML}>^</html>`,
  "no XML at all",
];

/**
 * @param {Uint8Array<ArrayBuffer>[]} chunks
 * @param {Prologue | XmlPrologue} place
 * @param {string} [charset]
 */
async function transformed(chunks, place, charset = "") {
  const { readable, writable } = insertTag(TAG, place, charset);
  const writer = writable.getWriter();
  for (const chunk of chunks) void writer.write(chunk);
  void writer.close();
  return Buffer.from(await new Response(readable).arrayBuffer());
}

/** @param {string} text */
const bytes = (text) => Uint8Array.from(Buffer.from(text, "latin1"));

for (const [documents, Place] of /** @type {const} */ ([
  [DOCUMENTS, Prologue],
  [XML, XmlPrologue],
])) {
  for (const marked of documents) {
    const whole = bytes(marked.replace("^", ""));
    const expected = marked.replace("^", TAG);

    test(`whole: ${JSON.stringify(marked)}`, async () => {
      assert.equal((await transformed([whole], new Place())).toString("latin1"), expected);
    });

    test(`byte by byte: ${JSON.stringify(marked)}`, async () => {
      const chunks = [...whole].map((byte) => Uint8Array.of(byte));
      assert.equal((await transformed(chunks, new Place())).toString("latin1"), expected);
    });
  }
}

test("not one byte of the app's is changed, whatever the encoding", async () => {
  const all = Uint8Array.from({ length: 256 }, (_, i) => i);
  const body = Uint8Array.from([...bytes("<!doctype html><p>"), ...all]);
  const out = await transformed([body], new Prologue());
  assert.deepEqual(Buffer.from(out.toString("latin1").replace(TAG, ""), "latin1"), Buffer.from(body));
});

test("XML in UTF-16 without a mark or a header is told by its declaration", async () => {
  const encode = (/** @type {string} */ text) => Uint8Array.from(Buffer.from(text, "utf16le"));
  const [head, tail] = [`<?xml version='1.0'?><html ${XHTML}>`, "<head/></html>"];
  const out = await transformed([encode(head + tail)], new XmlPrologue());
  assert.deepEqual(out, Buffer.from(encode(head + TAG + tail)));
});

/* ---- streaming ------------------------------------------------------------------------------- */

/**
 * @param {string[]} chunks
 * @returns {Promise<string[]>} what has come out after each of them
 */
async function streamed(chunks) {
  const { readable, writable } = insertTag(TAG, new Prologue(), "");
  const [writer, reader] = [writable.getWriter(), readable.getReader()];
  let out = "";
  void (async () => {
    for (let read; !(read = await reader.read()).done; ) out += Buffer.from(read.value).toString("latin1");
  })();
  const seen = [];
  for (const chunk of chunks) {
    await writer.write(bytes(chunk));
    await new Promise((resolve) => setTimeout(resolve));
    seen.push(out);
  }
  return seen;
}

test("what is known to come before the tag passes at once, and so does all that follows", async () => {
  assert.deepEqual(await streamed(["<!doctype html><!-- a ", " b", " --> <ht", "ml lang=", "en><he", "ad>", "<p>first", " second"]), [
    "<!doctype html><!-- a ",
    "<!doctype html><!-- a  b",
    "<!doctype html><!-- a  b --> ",
    "<!doctype html><!-- a  b --> <html lang=",
    "<!doctype html><!-- a  b --> <html lang=en>",
    `<!doctype html><!-- a  b --> <html lang=en><head>${TAG}`,
    `<!doctype html><!-- a  b --> <html lang=en><head>${TAG}<p>first`,
    `<!doctype html><!-- a  b --> <html lang=en><head>${TAG}<p>first second`,
  ]);
});

test("50 MB pass chunk by chunk, none copied", async () => {
  const { readable, writable } = insertTag(TAG, new Prologue(), "");
  const [writer, reader] = [writable.getWriter(), readable.getReader()];
  const chunk = bytes(`<p>${"x".repeat(1_000_000)}`);
  void writer.write(chunk);
  await reader.read(); // the tag
  assert.equal((await reader.read()).value?.buffer, chunk.buffer);
  for (let i = 0; i < 50; i++) {
    void writer.write(chunk);
    assert.equal((await reader.read()).value, chunk);
  }
});

test("a document that breaks off breaks off behind the tag as well", async () => {
  const { readable, writable } = insertTag(TAG, new Prologue(), "");
  const [writer, reader] = [writable.getWriter(), readable.getReader()];
  void writer.write(bytes("<p>a"));
  assert.equal(Buffer.from((await reader.read()).value ?? []).toString(), TAG);
  assert.equal(Buffer.from((await reader.read()).value ?? []).toString(), "<p>a");
  void writer.abort(new Error("broken")).catch(() => {});
  await assert.rejects(reader.read(), /broken/);
});
