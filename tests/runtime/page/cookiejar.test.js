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

/** @param {string} name */
const read = (name) => JSON.parse(readFileSync(`tests/server/cookies/${name}.json`, "utf8"));
const vectors = read("vectors");
/** @type {[string, any][]} */
const steps = Object.entries(read("steps").steps);
const now = vectors.now * 1000;
const PAGE = "/folder/page";
const at = { host: "example.org", path: PAGE, now };
const DEFAULT = { domain: null, path: "/folder", expires: null, secure: false, sameSite: "default" };

/**
 * The vectors of one kind: the general ones, and those of each step.
 *
 * @param {string} kind
 * @returns {any[][]}
 */
const all = (kind) => [...(vectors[kind] ?? []), ...steps.flatMap(([, kinds]) => kinds[kind] ?? [])];

for (const [text, seconds] of all("dates")) {
  test(`date ${JSON.stringify(text)}`, () => {
    assert.equal(readCookieDate(text), seconds === null ? undefined : seconds * 1000);
  });
}

for (const [line, kept] of all("cookies")) {
  test(`cookie ${JSON.stringify(line)}`, () => {
    const cookie = readCookie(line, at);
    const cookies = cookie ? withCookie([], cookie, now) : [];
    const expires = kept?.expires ? kept.expires * 1000 : null;
    const expected = { name: "a", value: "b", ...DEFAULT, ...kept, expires };
    assert.deepEqual(cookies, kept === null ? [] : [expected]);
  });
}

for (const [line, character, count, kept] of all("long")) {
  test(`limit of ${line} and ${count}`, () => {
    assert.equal(readCookie(line + character.repeat(count), at) !== undefined, kept);
  });
}

/** @param {string} path  @param {any[]} cookies  @param {number} [when] */
const shown = (path, cookies, when = now) =>
  cookiesAt(cookies, path, when)
    .map((/** @type {any} */ { name, value }) => (name ? `${name}=${value}` : value))
    .join("; ");

for (const [step, { jar = [] }] of steps) {
  for (const { host = at.host, ops } of jar) {
    // A page script sees no others: they take a server, or another site.
    if (!ops.every((/** @type {string[]} */ [op]) => ["script", "see", "wait"].includes(String(op)))) continue;
    test(`step ${step}: ${JSON.stringify(ops)}`, () => {
      let [cookies, time] = [/** @type {any[]} */ ([]), now];
      for (const [op, argument, path = PAGE] of ops) {
        if (op === "wait") time += argument * 1000;
        else if (op === "see") assert.equal(shown(path, cookies, time), argument);
        else {
          const cookie = readCookie(argument, { host, path, now: time });
          if (cookie) cookies = withCookie(cookies, cookie, time);
        }
      }
    });
  }
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
