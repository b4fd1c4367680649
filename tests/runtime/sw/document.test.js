/**
 * What becomes of an answer to a navigation: its type, its encoding, its bytes.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "parse5";

import { Site } from "../../../src/tabcorn/runtime/shared/site.js";
import { asDocument } from "../../../src/tabcorn/runtime/sw/document.js";
import { isDownload, mediaOf } from "../../../src/tabcorn/runtime/sw/media.js";
import { declaration, sniffed } from "../../../src/tabcorn/runtime/sw/prescan.js";

/** @typedef {[string, string][]} Pairs */

const site = new Site(new URL("https://example.org/a&lt;b/"), "0123abcd");
const HTML = "<!doctype html><title>x</title>";
const XHTML = '<html xmlns="http://www.w3.org/1999/xhtml"><head/></html>';

/**
 * @param {Pairs} headers
 * @param {string | Uint8Array<ArrayBuffer>} body
 * @param {{ status?: number, cookies?: any, policies?: string[] }} [more]
 */
async function shown(headers, body, { status = 200, cookies, policies = [] } = {}) {
  const stream = /** @type {any} */ (new Blob([body]).stream());
  const answer = { status, reason: "", headers, cookies, body: stream };
  const made = await asDocument(answer, stream, { policies }, site);
  const bytes = Buffer.from(await new Response(/** @type {any} */ (made.body)).arrayBuffer());
  const tag = /<script[^>]*_tabcorn[^>]*><\/script>/.exec(bytes.toString("latin1"))?.[0] ?? "";
  return { headers: new Map(made.headers), bytes, tag, type: mediaOf(made.headers).value };
}

const padded = (/** @type {number} */ length) => `<!doctype html><!--${"x".repeat(length)}-->`;

for (const [headers, body, type, hasTag] of /** @type {[Pairs, string, string, boolean][]} */ ([
  [[["content-type", "text/html"]], HTML, "text/html", true],
  [[["content-type", "TEXT/html ;Charset=UTF-8"]], HTML, "text/html; Charset=UTF-8", true],
  [[["content-type", "text/html, text/plain"]], HTML, "text/plain", false],
  [[["content-type", "text/plain"], ["content-type", "text/html;a=\"b,c\""]], HTML, 'text/html; a="b,c"', true],
  [[["content-type", "text/html; charset=x"], ["content-type", "text/html"]], HTML, "text/html; charset=x", true],
  [[["content-type", "text/plain"]], HTML, "text/plain", false],
  [[["content-type", "application/json"]], "{}", "application/json", false],
  [[], HTML, "text/html", true],
  [[["content-type", "nonsense"]], `  ${HTML}`, "text/html", true],
  [[["content-type", "*/*"]], "<!-- --><p>", "text/html", true],
  [[["x-content-type-options", "NoSniff"]], HTML, "text/plain", false],
  [[], "text <b>", "text/plain", false],
  [[], "<pre>", "text/plain", false],
  [[], `<?xml version="1.0"?>${XHTML}`, "text/xml", true],
  [[], "\x89PNG\r\n\x1a\n", "image/png", false],
  [[], "%PDF-1.7", "application/pdf", false],
  [[], "\0\x01\x02", "application/octet-stream", false],
  [[["content-type", "application/xhtml+xml"]], XHTML, "application/xhtml+xml", true],
  [[["content-type", "image/svg+xml"]], '<svg xmlns="http://www.w3.org/2000/svg"><g/></svg>', "image/svg+xml", true],
  [[["content-type", "application/rss+xml"]], "<rss><channel/></rss>", "application/rss+xml", false],
  [[["content-type", "text/html"], ["content-disposition", "attachment; filename=x.html"]], HTML, "text/html", false],
  [[["content-type", "text/html"], ["content-disposition", "inline; filename=x.html"]], HTML, "text/html", true],
  [[["content-type", "text/html"], ["content-security-policy", "sandbox allow-scripts"]], HTML, "text/html", false],
])) {
  test(`${JSON.stringify(headers)} ${JSON.stringify(body)}`, async () => {
    const answer = await shown([...headers, ["content-length", "99"]], Uint8Array.from(Buffer.from(body, "latin1")));
    assert.equal(answer.type, type);
    assert.equal(answer.tag !== "", hasTag);
    if (hasTag) assert.ok(!answer.headers.has("content-length"));
    assert.equal(answer.bytes.toString("latin1").replace(answer.tag, ""), body);
  });
}

test("a part of a document is left alone, a page that tells of an error is not", async () => {
  assert.equal((await shown([["content-type", "text/html"]], HTML, { status: 206 })).tag, "");
  for (const status of [404, 500]) assert.ok((await shown([["content-type", "text/html"]], HTML, { status })).tag);
});

test("the tag says the same in HTML and XML, whatever is in it", async () => {
  const cookies = { version: 1, sight: '{"a":"<é日&quot;\\">"}' };
  const policies = ["connect-src 'self' \"&<é"];
  const { tag } = await shown([["content-type", "text/html"]], "", { cookies, policies });
  const { tag: xml } = await shown([["content-type", "image/svg+xml"]], XHTML, { cookies, policies });
  assert.match(tag, /^[ -~]*$/);
  assert.doesNotMatch(tag.slice(1, -10), /</);
  assert.equal(xml.replace(' xmlns="http://www.w3.org/1999/xhtml"', ""), tag);
  const [script] = /** @type {any} */ (parse(tag)).childNodes[0].childNodes[0].childNodes;
  const attributes = Object.fromEntries(script.attrs.map((/** @type {any} */ { name, value }) => [name, value]));
  assert.equal(attributes["src"], "https://example.org/a&lt;b/_tabcorn/0123abcd/runtime/page.js");
  assert.deepEqual(JSON.parse(attributes["data-cookies"]), cookies);
  assert.deepEqual(JSON.parse(attributes["data-policies"]), policies);
});

/* ---- encodings --------------------------------------------------------------------------------- */

test("a declaration that the tag would push out of sight becomes a header", async () => {
  const at = async (/** @type {number} */ length, /** @type {string} */ type = "text/html") =>
    (await shown([["content-type", type]], `${padded(length)}<meta charset=Shift_JIS><p>x`)).type;
  assert.equal(await at(100), "text/html");
  assert.equal(await at(940), "text/html; charset=shift_jis");
  assert.equal(await at(940, "text/html; charset=bogus"), "text/html; charset=shift_jis");
  assert.equal(await at(940, "text/html; charset=utf-8"), "text/html; charset=utf-8");
  assert.equal(await at(2000), "text/html");
});

test("a long tag pushes any declaration", async () => {
  const cookies = { version: 1, sight: "x".repeat(1000) };
  assert.equal((await shown([["content-type", "text/html"]], "<meta charset=gbk>", { cookies })).type, "text/html; charset=gbk");
  const marked = await shown([["content-type", "text/html"]], "\ufeff<meta charset=gbk>", { cookies });
  assert.equal(marked.type, "text/html");
  assert.equal(marked.bytes.toString().replace(marked.tag, ""), "\ufeff<meta charset=gbk>");
});

test("ISO-2022-JP that only a declaration tells of", async () => {
  // Two of these characters have the bytes of "-->".
  const body = Buffer.from("<!-- \x1b$B-->!\x1b(B --><meta charset=iso-2022-jp>", "latin1");
  const { bytes, tag } = await shown([["content-type", "text/html"]], Uint8Array.from(body));
  assert.equal(bytes.toString("latin1").indexOf(tag), body.indexOf("<meta"));
});

test("a document that says nothing for long is not waited for", async () => {
  /** @type {any} */
  const stream = new ReadableStream({ start: (controller) => controller.enqueue(Buffer.from("<p>a")) });
  const made = await asDocument({ status: 200, reason: "", headers: [["content-type", "text/html"]], body: stream, cookies: undefined }, stream, { policies: [] }, site);
  const reader = /** @type {ReadableStream} */ (made.body).getReader();
  assert.match(Buffer.from((await reader.read()).value).toString(), /^<script/);
  assert.equal(Buffer.from((await reader.read()).value).toString(), "<p>a");
});

for (const [text, encoding] of /** @type {[string, string | undefined][]} */ ([
  ["<meta charset=utf-8>", "utf-8"],
  ["<META/CHARSET = 'Latin1' >", "windows-1252"],
  ["<meta charset=utf-16le>", "utf-8"],
  ["<meta charset=x-user-defined>", "windows-1252"],
  ["<meta charset=bogus><meta charset=gbk>", "gbk"],
  ["<meta http-equiv=Content-Type content='text/html; charset=\"koi8-r\"'>", "koi8-r"],
  ["<meta content='text/html; charset=koi8-r' http-equiv='content-type'>", "koi8-r"],
  ["<meta content='text/html; charset=koi8-r'>", undefined],
  ["<!-- <meta charset=gbk> --><p title='<meta charset=gbk>'><x a=b/><meta charset=big5>", "big5"],
  ["<!--><meta charset=gbk>-->", "gbk"],
  ["</p <meta charset=gbk>", undefined],
  ["<? <meta charset=gbk>", undefined],
  ["<metax charset=gbk>", undefined],
  ["<meta charset=gbk", undefined],
  ["<!-- <meta charset=gbk>", undefined],
])) {
  test(`declares ${encoding}: ${text}`, () => assert.equal(declaration(text)?.encoding, encoding));
}

test("downloads are told as browsers tell them", () => {
  const told = (/** @type {string} */ value) => isDownload([["content-disposition", value]]);
  assert.ok(["attachment", "ATTACHMENT; filename=x", "form-data", "x"].every(told));
  assert.ok(!["inline", "", "Inline; filename=x", "filename=x", ";filename=x", '"attachment"'].some(told));
});

test("a file without a type is told by its first bytes", () => {
  assert.equal(sniffed("\n <HTML>", true), "text/html");
  assert.equal(sniffed("<htmlx>", true), "text/plain");
  assert.equal(sniffed("\xff\xfe\0\x01", true), "text/plain");
});
