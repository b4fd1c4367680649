/**
 * The cookies that a script sees, by the vectors that the jar in Python shares.
 */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const NAMES = ["readCookieDate", "readCookie", "cookieHash", "withCookie", "cookiesAt"];
const script = readFileSync("src/tabcorn/runtime/page/cookiejar.js", "utf8");
const { readCookieDate, readCookie, cookieHash, withCookie, cookiesAt } = new Function(
  `${script}\nreturn { ${NAMES} };`,
)();

const vectors = JSON.parse(readFileSync("tests/server/cookies/vectors.json", "utf8"));
const now = vectors.now * 1000;
const at = { host: "example.org", path: "/folder/page", now };
const DEFAULT = { domain: null, path: "/folder", expires: null, secure: false, sameSite: "default" };

for (const [text, seconds] of vectors.dates) {
  test(`date ${JSON.stringify(text)}`, () => {
    assert.equal(readCookieDate(text), seconds === null ? undefined : seconds * 1000);
  });
}

for (const [line, kept] of vectors.cookies) {
  test(`cookie ${JSON.stringify(line)}`, () => {
    const cookie = readCookie(line, at);
    const cookies = cookie ? withCookie([], cookie, now) : [];
    const expires = kept?.expires ? kept.expires * 1000 : null;
    const expected = { name: "a", value: "b", ...DEFAULT, ...kept, expires };
    assert.deepEqual(cookies, kept === null ? [] : [expected]);
  });
}

test("limits count octets", () => {
  assert.ok(readCookie(`a=${"x".repeat(4095)}`, at));
  assert.equal(readCookie(`a=${"x".repeat(4096)}`, at), undefined);
  assert.equal(readCookie(`a=${"ü".repeat(2048)}`, at), undefined);
  assert.equal(readCookie(`a=1; path=/${"x".repeat(1023)}`, at).path.length, 1024);
  assert.equal(readCookie(`a=1; path=/${"x".repeat(1024)}`, at).path, "/folder");
});

test("a script sets nothing HttpOnly", () => {
  assert.equal(readCookie("a=b; HttpOnly", at), undefined);
  assert.equal(readCookie("__Http-a=b; Secure; HttpOnly", at), undefined);
});

test("default paths", () => {
  const path = (/** @type {string} */ of) => readCookie("a=b", { ...at, path: of }).path;
  assert.deepEqual(["/", "/x", "/x/", "/x/y/z"].map(path), ["/", "/", "/x", "/x/y"]);
});

/**
 * @param {string[]} lines
 * @returns {any[]}
 */
const setAll = (...lines) =>
  lines.reduce((cookies, line) => withCookie(cookies, readCookie(line, at), now), []);

/** @param {string} path  @param {any[]} cookies */
const shown = (path, cookies) =>
  cookiesAt(cookies, path, now).map((/** @type {any} */ { name, value }) => `${name}=${value}`).join("; ");

test("longer paths come first, then older cookies; a replaced one keeps its place", () => {
  const cookies = setAll("a=1; path=/", "b=1; path=/x", "c=1; path=/", "d=1; path=/x", "a=2; path=/");
  assert.equal(shown("/x", cookies), "b=1; d=1; a=2; c=1");
  assert.equal(shown("/xy", cookies), "a=2; c=1");
});

test("deleted by a date in the past, and gone when the time has come", () => {
  assert.equal(shown("/", setAll("a=1; path=/", "a=; path=/; max-age=0")), "");
  const cookies = setAll("a=1; path=/; max-age=1");
  assert.equal(cookiesAt(cookies, "/", now + 999).length, 1);
  assert.equal(cookiesAt(cookies, "/", now + 1000).length, 0);
});

test("the hash of a place in the jar is the server's", () => {
  const place = { name: "secret", value: "", domain: null, path: "/x" };
  assert.equal(cookieHash(place), 3627470086); // tests/server/cookies/test_exchange.py has the same
});
