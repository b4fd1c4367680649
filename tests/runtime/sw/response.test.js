/** What the browser is given of an answer: redirects as it would have followed a server's. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

import { Site } from "../../../src/tabcorn/runtime/shared/site.js";
import { leadsApart, toResponse } from "../../../src/tabcorn/runtime/sw/response.js";

/** @param {string} userAgent */
const browse = (userAgent) =>
  Object.defineProperty(globalThis, "navigator", { value: { userAgent }, configurable: true });
browse("Chrome/1");

const site = new Site(new URL("https://example.org/some/path/"), "abc");
const asked = { url: new URL("https://example.org/some/path/a"), method: "GET", navigates: false };

/**
 * @param {number} status
 * @param {[string, string][]} headers
 * @param {Partial<typeof asked>} [how]
 */
async function answered(status, headers, how) {
  const seen = { read: "", cancelled: false };
  const chunks = ["one ", "two"].map((text) => Uint8Array.from(new TextEncoder().encode(text)));
  const left = [...chunks];
  /** @type {ReadableStream<Uint8Array<ArrayBuffer>>} */
  const body = new ReadableStream({
    pull(controller) {
      const chunk = left.shift();
      if (!chunk) return controller.close();
      seen.read += new TextDecoder().decode(chunk);
      controller.enqueue(chunk);
    },
    cancel() {
      seen.cancelled = true;
    },
  });
  const answer = { status, reason: "A Phrase", headers, cookies: undefined, body };
  const all = { ...asked, ...how, inWorker: /** @type {const} */ (""), eventSource: undefined };
  return { seen, chunks, response: await toResponse(answer, all, site) };
}

/**
 * As a browser reads it: node would keep all chunks until the end.
 *
 * @param {Response} response
 */
async function textOf(response) {
  const decoder = new TextDecoder();
  let text = "";
  const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) text += decoder.decode(part.value);
  return text;
}

test("a body that came whole is the same, however it is asked for", async () => {
  let whole = Uint8Array.from(new TextEncoder().encode("<p>all")).buffer;
  /** @param {Partial<typeof asked>} how */
  const response = (how, headers = [["content-type", "text/html; charset=utf-8"]]) =>
    toResponse(
      {
        ...{ status: 200, reason: "", cookies: undefined, whole },
        headers: /** @type {[string, string][]} */ (headers),
        get body() {
          return /** @type {ReadableStream<Uint8Array<ArrayBuffer>>} */ (new Response(whole).body);
        },
      },
      { ...asked, ...how, inWorker: "", eventSource: undefined },
      site,
    );
  assert.equal(await textOf(await response({})), "<p>all");
  assert.match(await textOf(await response({ navigates: true })), /^<script src.*<\/script><p>all$/);
  assert.equal((await response({ method: "HEAD" })).body, null);
  whole = new Uint8Array(gzipSync("<p>all")).buffer;
  assert.equal(await textOf(await response({}, [["content-encoding", "gzip"]])), "<p>all");
});

test("status and phrase are the app's", async () => {
  const { response } = await answered(418, [["x-a", "1"], ["x-a", "2"]]);
  assert.deepEqual([response.status, response.statusText], [418, "A Phrase"]);
  assert.equal(response.headers.get("x-a"), "1, 2");
  assert.equal(await textOf(response), "one two");
});

test("a chunk is freed when the next is read, but not one that is on its way to a document", async () => {
  const plain = await answered(200, [["content-type", "text/html"]]);
  await textOf(plain.response);
  assert.deepEqual(plain.chunks.map(({ byteLength }) => byteLength), [0, 0]);
  const shown = await answered(200, [["content-type", "text/html"]], { navigates: true });
  assert.match(await textOf(shown.response), /<script src=.*<\/script>one two$/);
  assert.deepEqual(shown.chunks.map(({ byteLength }) => byteLength), [4, 3]);
});

for (const [name, status, method] of /** @type {const} */ ([
  ["HEAD", 200, "HEAD"],
  ["204", 204, "GET"],
  ["205", 205, "GET"],
  ["a redirect", 302, "GET"],
])) {
  test(`the body of ${name} is read to its end and not cancelled: the page has not left`, async () => {
    const { response, seen } = await answered(status, [["location", "/b"]], { method });
    assert.equal(response.body, null);
    await new Promise((resolve) => setTimeout(resolve, 5));
    assert.deepEqual(seen, { read: "one two", cancelled: false });
  });
}

for (const [given, followed] of /** @type {const} */ ([
  ["b?c#d", "https://example.org/some/path/b?c#d"],
  ["/b", "https://example.org/some/path/b"],
  ["//elsewhere.example/b", "https://elsewhere.example/b"],
  ["?q", "https://example.org/some/path/a?q"],
  ["b c", "https://example.org/some/path/b%20c"],
  ["b?\xfc", "https://example.org/some/path/b?%FC"],
  ["b?\xc3\xbc", "https://example.org/some/path/b?%C3%BC"],
])) {
  test(`the Location ${JSON.stringify(given)}`, async () => {
    const { response } = await answered(302, [["location", given], ["location", given]]);
    assert.equal(response.headers.get("location"), followed);
  });
}

test("a Location that is no URL, or is empty, is left to the browser", async () => {
  for (const given of ["http://[", ""]) {
    const { response } = await answered(302, [["location", given]]);
    assert.equal(response.headers.get("location"), given);
  }
});

test("an answer that leads to several places leads nowhere, but in WebKit", () => {
  /** @param {string[]} targets */
  const apart = (targets, status = 302) =>
    leadsApart({ status, headers: targets.map((target) => ["location", target]) });
  for (const [userAgent, error] of /** @type {const} */ ([["Chrome/1", true], ["Safari/1", false]])) {
    browse(userAgent);
    assert.deepEqual([apart(["/a", "/b"]), apart(["/a", "/a"]), apart([])], [error, false, false]);
    assert.equal(apart(["/a", "/b"], 201), false);
  }
  browse("Chrome/1");
});
