import assert from "node:assert/strict";
import { test } from "node:test";

import { insertTag, prologueEnd } from "../../../src/tabcorn/runtime/sw/prologue.js";

const TAG = "<script src=x></script>";

/** Each "^" is where the tag belongs. */
const DOCUMENTS = [
  "<!doctype html><html><head>^<title>x</title>",
  "<!DOCTYPE html>\n<html lang=\"en\">\n<head>^\n<meta charset=utf-8>",
  "<!doctype html>^<title>no head</title>",
  "<!doctype html><html>^<body>no head",
  "^<p>no doctype",
  "^plain text",
  "",
  "<!-- a > b --><!doctype html><html><!-- <head> --><head>^<!-- c -->",
  "<!-->^<p>an empty comment</p>",
  "<html data-x=\"a>b\" data-y='<head>'><head id='>'>^<title>",
  "<?xml version=\"1.0\"?><!DOCTYPE html PUBLIC \"-//W3C\" \"x\">\n<html xmlns=\"y\"><head>^",
  "<!doctype html>^<header>not a head</header>",
  "<!doctype html>^<h1>not a head</h1>",
  "<!doctype html>^<htmlx>",
  "<!doctype html><HTML><HEAD>^<TITLE>",
  "<head>^<head>",
  "<!doctype html>  ^",
];

/**
 * @param {Uint8Array<ArrayBuffer>[]} chunks
 * @param {string} [charset]
 */
async function transformed(chunks, charset = "") {
  const source = new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
  return Buffer.from(await new Response(source.pipeThrough(insertTag(TAG, charset))).arrayBuffer());
}

/** @param {string} text */
const bytes = (text) => Uint8Array.from(Buffer.from(text, "latin1"));

for (const marked of DOCUMENTS) {
  const text = marked.replace("^", "");
  const expected = marked.includes("^") ? marked.replace("^", TAG) : TAG + marked;

  test(`whole: ${JSON.stringify(marked)}`, async () => {
    assert.equal((await transformed([bytes(text)])).toString("latin1"), expected);
  });

  test(`byte by byte: ${JSON.stringify(marked)}`, async () => {
    const chunks = [...bytes(text)].map((byte) => Uint8Array.of(byte));
    assert.equal((await transformed(chunks)).toString("latin1"), expected);
  });
}

test("not one byte of the app's is changed, whatever the encoding", async () => {
  const all = Uint8Array.from({ length: 256 }, (_, i) => i);
  const body = Uint8Array.from([...bytes("<!doctype html><p>"), ...all]);
  const out = await transformed([body]);
  assert.deepEqual(Buffer.from(out.toString("latin1").replace(TAG, ""), "latin1"), Buffer.from(body));
});

test("a byte order mark stays first", async () => {
  const out = await transformed([Uint8Array.of(0xef, 0xbb, 0xbf, ...bytes("<html><head><p>"))]);
  assert.equal(out.toString("utf8"), `\ufeff<html><head>${TAG}<p>`);
});

for (const [name, mark, swap] of /** @type {[string, string, boolean][]} */ ([
  ["utf-16", "\ufeff", false],
  ["utf-16be", "\ufeff", true],
  ["utf-16le", "", false],
  ["utf-16be", "", true],
])) {
  test(`${name}, ${mark ? "with" : "without"} a mark`, async () => {
    const encode = (/** @type {string} */ text) => {
      const units = Buffer.from(text, "utf16le");
      return Uint8Array.from(swap ? units.swap16() : units);
    };
    const out = await transformed([encode(`${mark}<!doctype html><head><p>ü`)], name);
    assert.deepEqual(out, Buffer.from(encode(`${mark}<!doctype html><head>${TAG}<p>ü`)));
  });
}

test("the first chunk that tells is passed on at once: streaming stays streaming", async () => {
  const { readable, writable } = insertTag(TAG, "");
  const writer = writable.getWriter();
  const reader = readable.getReader();
  void writer.write(bytes("<!doctype html><body>first"));
  let text = "";
  while (!text.includes("first")) {
    text += Buffer.from((await reader.read()).value ?? []).toString("latin1");
  }
  await reader.cancel();
});

test("an endless comment is not waited for", () => {
  assert.equal(prologueEnd(`<!--${" ".repeat(70_000)}`, false), 0);
});
