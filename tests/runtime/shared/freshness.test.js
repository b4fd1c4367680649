import assert from "node:assert/strict";
import { test } from "node:test";

import {
  ageOf,
  cacheDirectives,
  clearsCache,
  conditions,
  isFresh,
  isKeepable,
  lifetime,
  variant,
  voidedBy,
} from "../../../src/tabcorn/runtime/shared/freshness.js";

/** @typedef {import("../../../src/tabcorn/runtime/protocol.js").HeaderPairs} HeaderPairs */

const NOW = Date.parse("Sun, 06 Nov 1994 08:49:37 GMT");
const DAY = 24 * 3600 * 1000;
const at = (/** @type {number} */ ms) => new Date(NOW + ms).toUTCString();

/** @param {Record<string, string>} headers  @param {number} [status] */
const head = (headers, status = 200) => ({ status, headers: /** @type {HeaderPairs} */ (Object.entries(headers)) });

/** @param {Record<string, string>} headers  @param {number} [status] */
const seconds = (headers, status) => lifetime(head(headers, status), NOW) / 1000;

test("Cache-Control: names in any case, values in quotes, the first of each, over several lines", () => {
  const found = cacheDirectives([
    ["cache-control", 'Max-Age=60, private="a, no-store",  s-maxage = "5"'],
    ["other", "no-cache"],
    ["cache-control", "max-age=1, immutable"],
  ]);
  assert.deepEqual([...found], [["max-age", "60"], ["private", "a, no-store"], ["s-maxage", "5"], ["immutable", ""]]);
});

test("how long an answer is fresh", () => {
  assert.equal(seconds({ "cache-control": "max-age=60" }), 60);
  assert.equal(seconds({ "cache-control": "public, max-age=60", expires: at(-DAY) }), 60);
  assert.equal(seconds({ expires: at(5000) }), 5);
  assert.equal(seconds({ expires: at(5000), date: at(2000) }), 3);
  assert.equal(seconds({}), 0);
});

test("what says it wrongly, or says to ask, is stale at once", () => {
  for (const value of ["max-age=-1", "max-age=a", "max-age", "no-cache, max-age=60", 'no-cache="a"']) {
    assert.equal(seconds({ "cache-control": value, "last-modified": at(-DAY) }), 0, value);
  }
  assert.equal(seconds({ pragma: "no-cache", expires: at(DAY) }), 0);
  assert.equal(seconds({ pragma: "no-cache", "cache-control": "max-age=1" }), 1);
  for (const date of ["0", "-1", "tomorrow", "Sunday, 06-Nov-94 08:49:37 GMT", at(DAY).replace("GMT", "CET")]) {
    assert.equal(seconds({ expires: date, "last-modified": at(-DAY) }), 0, date);
  }
});

test("a tenth of its age is guessed, and no more than a week", () => {
  assert.equal(seconds({ "last-modified": at(-DAY) }), 8640);
  assert.equal(seconds({ "last-modified": at(-DAY), date: at(DAY) }), 2 * 8640);
  assert.equal(seconds({ "last-modified": at(-DAY) }, 404), 8640);
  assert.equal(seconds({ "last-modified": at(-1000 * DAY) }), 7 * 24 * 3600);
  assert.equal(seconds({ "last-modified": at(DAY) }), 0);
  assert.equal(seconds({ "last-modified": at(-DAY) }, 302), 0);
  assert.equal(seconds({ "last-modified": at(-DAY), "cache-control": "must-revalidate" }), 0);
  assert.equal(seconds({ "last-modified": "Sun, 06 Nov 1993" }), 0);
});

test("age: by Date, by Age and how long the answer took, and by what has passed since", () => {
  const times = { asked: NOW, received: NOW + 2000 };
  assert.equal(ageOf([], times, NOW + 5000), 5000);
  assert.equal(ageOf([["age", "10"]], times, NOW + 5000), 15_000);
  assert.equal(ageOf([["date", at(-60_000)]], times, NOW + 5000), 65_000);
  assert.equal(ageOf([["date", at(60_000)], ["age", "x"]], times, NOW + 5000), 5000);
  const minute = head({ "cache-control": "max-age=60" });
  assert.ok(isFresh(minute, times, NOW + 59_999));
  assert.ok(!isFresh(minute, times, NOW + 60_000));
});

test("what may be kept, and is worth it", () => {
  const good = { "cache-control": "max-age=60" };
  const kept = (/** @type {Record<string, string>} */ headers, status = 200) => isKeepable(head(headers, status), NOW);
  assert.ok(kept(good));
  assert.ok(kept({ etag: '"a"' }));
  assert.ok(kept({ "last-modified": at(-DAY) }));
  assert.ok(kept({ etag: '"a"', "cache-control": "no-cache" }));
  assert.ok(kept({ ...good, vary: "Accept, accept-encoding" }));
  for (const status of [301, 302, 403, 404, 500]) assert.ok(kept(good, status), `${status}`);
  assert.ok(!kept({}));
  assert.ok(!kept({ "cache-control": "max-age=0" }));
  assert.ok(!kept({ etag: '"a"', "cache-control": "max-age=60, no-store" }));
  for (const vary of ["*", "Cookie", "accept, COOKIE", "authorization"]) assert.ok(!kept({ ...good, vary }), vary);
  for (const status of [206, 304]) assert.ok(!kept(good, status), `${status}`);
  for (const status of [302, 403, 500]) assert.ok(!kept({ etag: '"a"' }, status), `${status}`);
});

test("Vary: requests whose headers of these names are alike", () => {
  /** @type {HeaderPairs} */
  const headers = [["vary", "Accept, X-A"], ["vary", "x-b"]];
  const one = variant(headers, [["accept", "a"], ["x-b", "1"], ["x-b", "2"], ["x-c", "1"]]);
  assert.equal(one, variant(headers, [["x-b", "1, 2"], ["accept", "a"]]));
  assert.notEqual(one, variant(headers, [["accept", "a"], ["x-b", "1"]]));
  assert.notEqual(variant(headers, [["x-a", ""]]), variant(headers, []));
  assert.equal(variant([], [["accept", "a"]]), variant([], []));
});

test("what asks whether an answer still holds", () => {
  assert.deepEqual(conditions([["etag", 'W/"a"'], ["last-modified", "once"]]), [["if-none-match", 'W/"a"'], ["if-modified-since", "once"]]);
  assert.deepEqual(conditions([["last-modified", "once"]]), [["if-modified-since", "once"]]);
  assert.deepEqual(conditions([["etag", ""]]), []);
});

test("what a change makes void", () => {
  const url = new URL("https://example.org/a");
  const voided = (/** @type {string} */ method, status = 200, headers = {}) =>
    voidedBy(method, url, head(headers, status)).map(({ pathname }) => pathname);
  for (const method of ["POST", "PUT", "DELETE", "PATCH", "LINK"]) assert.deepEqual(voided(method), ["/a"], method);
  for (const method of ["GET", "HEAD", "OPTIONS", "TRACE"]) assert.deepEqual(voided(method), [], method);
  for (const status of [400, 404, 500]) assert.deepEqual(voided("POST", status), [], `${status}`);
  assert.deepEqual(voided("POST", 303, { location: "b", "content-location": "/c" }), ["/a", "/b", "/c"]);
  assert.deepEqual(voided("POST", 303, { location: "http://[" }), ["/a"]);
});

test("Clear-Site-Data", () => {
  assert.ok(clearsCache([["clear-site-data", '"cookies", "cache"']]));
  assert.ok(clearsCache([["clear-site-data", '"*"']]));
  assert.ok(!clearsCache([["clear-site-data", '"cookies"'], ["x", '"cache"']]));
});
