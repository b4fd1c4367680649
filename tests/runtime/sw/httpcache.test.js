/**
 * The cache between the requests of pages and the app. The app and the clock are played here.
 */
import assert from "node:assert/strict";
import { test } from "node:test";

import { inside } from "../../../src/tabcorn/runtime/shared/inside.js";
import { after } from "../../../src/tabcorn/runtime/shared/promises.js";
import { wholeAnswer } from "../../../src/tabcorn/runtime/sw/exchange.js";
import { HttpCache } from "../../../src/tabcorn/runtime/sw/httpcache.js";

/** @typedef {import("../../../src/tabcorn/runtime/protocol.js").HeaderPairs} HeaderPairs */
/** @typedef {import("../../../src/tabcorn/runtime/sw/exchange.js").Answer} Answer */
/** @typedef {Omit<Partial<import("../../../src/tabcorn/runtime/sw/httpcache.js").Asked>, "url"> & { path?: string }} Given */

const NOW = Date.parse("Sun, 06 Nov 1994 08:49:37 GMT");
const ROOT = new URL("https://example.org/site/");
const MINUTE = { "cache-control": "max-age=60" };

/** @param {Record<string, string>} headers */
const pairs = (headers) => /** @type {HeaderPairs} */ (Object.entries(headers));

/**
 * @param {URL} url
 * @returns {import("../../../src/tabcorn/runtime/sw/httpcache.js").Asked}
 */
const plain = (url) => ({ method: "GET", headers: [], cache: "default", navigates: false, url });

/** A cache, and an app that answers what it is given, in turn; the last of it again and again. */
class Play {
  /** @type {HeaderPairs[]} what the app was asked with */
  asked = [];
  /** @type {string[]} */
  told = [];
  /** @type {Answer[]} */
  answers = [];
  now = NOW;
  cache = new HttpCache(
    (url) => inside(url, ROOT),
    (url) => this.told.push(url),
    () => this.now,
  );

  /** @param {Record<string, string>} headers  @param {string} text  @param {number} status */
  says(headers, text = "words", status = 200) {
    const start = { status, reason: "", headers: pairs(headers), cookies: undefined };
    this.answers.push(wholeAnswer(start, /** @type {ArrayBuffer} */ (new TextEncoder().encode(text).buffer)));
    return this;
  }

  /** @param {Given} given */
  async get({ path = "a", headers = [], method = "GET", cache = "default", navigates = false } = {}) {
    const answer = await this.cache.answer({ method, headers, cache, navigates, url: new URL(path, ROOT) }, async (more) => {
      this.asked.push(more);
      return /** @type {Answer} */ (this.answers.length > 1 ? this.answers.shift() : this.answers[0]);
    });
    return answer && { ...answer, text: await new Response(answer.whole ?? answer.body).text() };
  }

  get times() {
    return this.asked.length;
  }
}

test("what is fresh is not asked for again, and is the same", async () => {
  const play = new Play().says({ ...MINUTE, "x-a": "b" });
  const [one, two] = [await play.get(), await play.get({ path: "a#part" })];
  assert.deepEqual([play.times, two?.text, two?.headers], [1, "words", one?.headers]);
  play.now += 60_000;
  await play.get();
  assert.equal(play.times, 2);
  assert.deepEqual(play.told, ["https://example.org/site/a"]);
  assert.deepEqual(play.cache.urls, play.told);
});

test("what is not kept: other methods, documents, and what the page sees to itself", async () => {
  /** @type {Given[]} */
  const uncached = [
    { method: "HEAD" },
    { navigates: true },
    { cache: "no-store" },
    ...["if-none-match", "if-modified-since", "range", "if-range", "authorization"].map((name) => ({
      headers: pairs({ [name]: "x" }),
    })),
    { headers: pairs({ "cache-control": "no-store" }) },
  ];
  for (const given of uncached) {
    const play = new Play().says({ ...MINUTE, etag: '"a"' });
    await play.get(given);
    assert.deepEqual([play.cache.urls, play.asked], [[], [[]]], JSON.stringify(given));
    await play.get();
    await play.get(given);
    assert.deepEqual([play.times, play.asked[2]], [3, []], JSON.stringify(given));
  }
});

test("what is stale is asked for with a condition; a 304 says that it holds", async () => {
  const headers = { etag: '"1"', "last-modified": "once", "cache-control": "max-age=60", "x-a": "1", "content-type": "text/x" };
  const play = new Play().says(headers, "kept").says({ "cache-control": "max-age=90", "content-type": "text/y", date: "d" }, "", 304);
  await play.get();
  play.now += 60_000;
  const answer = await play.get();
  assert.deepEqual(play.asked[1], [["if-none-match", '"1"'], ["if-modified-since", "once"]]);
  assert.deepEqual([answer?.status, answer?.text], [200, "kept"]);
  assert.deepEqual(Object.fromEntries(answer?.headers ?? []), { ...headers, "cache-control": "max-age=90", date: "d" });
  play.now += 89_000;
  await play.get();
  assert.equal(play.times, 2);
});

test("the cookies that come with a 304 are told, those of what is kept are not again", async () => {
  const play = new Play().says({ etag: '"1"' }).says({}, "", 304);
  const cookies = { version: 2, sight: "{}", written: undefined };
  for (const answer of play.answers) answer.cookies = cookies;
  await play.get();
  assert.equal((await play.get())?.cookies, cookies);
  assert.equal((await play.get({ cache: "force-cache" }))?.cookies, undefined);
});

test("another answer takes the place of what was kept, and nothing does of an error", async () => {
  const play = new Play().says({ etag: '"1"' }, "one").says({}, "down", 503).says({ etag: '"2"' }, "two");
  await play.get();
  assert.equal((await play.get())?.text, "down");
  assert.equal((await play.get({ cache: "force-cache" }))?.text, "one");
  assert.equal((await play.get())?.text, "two");
  await play.get();
  assert.deepEqual(play.asked.flat().map(([, value]) => value), ['"1"', '"1"', '"2"']);
  play.answers = [];
  play.says({ "cache-control": "no-store" }, "three");
  await play.get();
  assert.deepEqual(play.cache.urls, []);
});

test("a 304 without a condition of the cache is the app's own", async () => {
  const play = new Play().says(MINUTE).says({}, "", 304);
  await play.get();
  play.now += 60_000;
  assert.equal((await play.get())?.status, 304);
});

test("cache modes", async () => {
  const play = new Play().says({ ...MINUTE, etag: '"1"' });
  assert.equal(await play.get({ cache: "only-if-cached" }), undefined);
  assert.equal(play.times, 0);
  await play.get({ cache: "force-cache" });
  play.now += 90_000;
  for (const cache of /** @type {const} */ (["force-cache", "only-if-cached"])) {
    assert.equal((await play.get({ cache }))?.text, "words");
  }
  assert.equal(play.times, 1);
  await play.get({ cache: "reload" });
  await play.get({ cache: "no-cache" });
  await play.get();
  assert.deepEqual(play.asked, [[], [], [["if-none-match", '"1"']]]);
});

test("a page's own Cache-Control is heeded", async () => {
  const play = new Play().says({ ...MINUTE, etag: '"1"' });
  await play.get();
  await play.get({ headers: pairs({ "cache-control": "no-cache" }) });
  await play.get({ headers: pairs({ pragma: "no-cache" }) });
  await play.get({ headers: pairs({ "cache-control": "max-age=0" }) });
  await play.get({ headers: pairs({ "cache-control": "max-age=5" }) });
  assert.deepEqual(play.asked, [[], [], [], [["if-none-match", '"1"']]]);
});

test("Vary: only requests that are alike get it", async () => {
  const play = new Play().says({ ...MINUTE, etag: '"1"', vary: "x-a" });
  await play.get({ headers: pairs({ "x-a": "1" }) });
  await play.get({ headers: pairs({ "x-a": "1", "x-b": "2" }) });
  await play.get({ headers: pairs({ "x-a": "2" }) });
  await play.get({ headers: pairs({ "x-a": "2" }) });
  await play.get({ headers: pairs({ "x-a": "1" }) });
  assert.deepEqual(play.asked, [[], [], []]);
});

test("a change makes its address void, and those that it names", async () => {
  const play = new Play().says({ ...MINUTE, location: "/b", "content-location": "c" });
  const keep = async () => {
    for (const path of ["a", "b", "c", "d"]) await play.get({ path });
  };
  await keep();
  play.now += 1;
  await play.get({ method: "POST" });
  const names = () => play.cache.urls.map((url) => url.at(-1)).join("");
  assert.equal(names(), "d");
  play.now += 1;
  await keep();
  await play.get({ method: "PUT", navigates: true });
  assert.equal(names(), "d");
  play.cache.passed("DELETE", new URL("d", ROOT), { status: 404, headers: [] });
  assert.equal(names(), "d");
  play.cache.passed("GET", new URL("e", ROOT), { status: 200, headers: [["clear-site-data", '"cache"']] });
  assert.equal(names(), "");
});

/** @param {Play} play  @param {Record<string, string>} headers  @param {ReadableStream} body */
function streams(play, headers, body) {
  play.answers = [{ status: 200, reason: "", headers: pairs(headers), cookies: undefined, body }];
}

/** @param {string[]} parts */
const streamOf = (...parts) => new Blob(parts).stream();

test("a stream is kept when it has come to its end, as long as it was said to be", async () => {
  const play = new Play();
  streams(play, { ...MINUTE, "content-length": "10" }, streamOf("hello", "world"));
  assert.equal((await play.get())?.text, "helloworld");
  await after(0);
  assert.equal((await play.get())?.text, "helloworld");
  assert.equal(play.times, 1);
  streams(play, { ...MINUTE, "content-length": "11" }, streamOf("hello", "world"));
  await play.get({ path: "short" });
  streams(play, MINUTE, streamOf(...Array(3).fill("x".repeat(1024 * 1024))));
  await play.get({ path: "large" });
  streams(play, { ...MINUTE, "content-length": "3000000" }, streamOf("x"));
  await play.get({ path: "said-to-be-large" });
  await after(0);
  assert.deepEqual(play.cache.urls, ["https://example.org/site/a"]);
});

test("what is given up or breaks off is not kept, and the app knows", async () => {
  const play = new Play();
  let cancelled;
  const body = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(9)), cancel: (why) => (cancelled = why) });
  streams(play, MINUTE, body);
  const asked = plain(ROOT);
  const answer = await play.cache.answer(asked, async () => /** @type {Answer} */ (play.answers[0]));
  await answer?.body.cancel("enough");
  await after(0);
  assert.deepEqual([cancelled, play.cache.urls], ["enough", []]);
  const broken = new ReadableStream({ pull: (controller) => controller.error(new Error("broken")) });
  streams(play, MINUTE, broken);
  await assert.rejects(play.get(), /broken/);
  await assert.rejects(play.cache.answer(asked, () => Promise.reject(new Error("no host"))), /no host/);
  assert.deepEqual(play.cache.urls, []);
});

test("what was asked for before a change is not kept after it", async () => {
  const play = new Play().says(MINUTE);
  const url = new URL("a", ROOT);
  await play.cache.answer(plain(url), async () => {
    play.cache.passed("POST", url, { status: 200, headers: [] });
    return /** @type {Answer} */ (play.answers[0]);
  });
  assert.deepEqual(play.cache.urls, []);
});

test("what a page has got by its own port is kept, or its address remembered", async () => {
  const play = new Play().says(MINUTE, "by port");
  const times = { asked: NOW, received: NOW };
  play.cache.take(plain(new URL("a", ROOT)), /** @type {Answer} */ (play.answers[0]), times);
  play.cache.take({ ...plain(new URL("b", ROOT)), cache: "no-store" }, /** @type {Answer} */ (play.answers[0]), times);
  assert.deepEqual([(await play.get())?.text, play.times], ["by port", 0]);
  for (let i = 0; i <= 500; i++) play.cache.miss(new URL(`${i}#part`, ROOT));
  const [kept, first] = play.cache.urls;
  assert.deepEqual([kept, first, play.cache.urls.length], ["https://example.org/site/a", "https://example.org/site/1", 501]);
});
