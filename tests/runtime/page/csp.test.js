/**
 * Which policies let a WebSocket connect: rows of CSP Level 3, 6.7.2.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import vm from "node:vm";

const file = new URL("../../../src/tabcorn/runtime/page/csp.js", import.meta.url);
const source = readFileSync(file, "utf8");

/**
 * @param {string} root
 * @param {string[]} policies
 * @param {string} url
 * @returns {boolean}
 */
function mayConnect(root, policies, url) {
  const place = { root, build: "0", policies };
  return vm.runInNewContext(`${source}\nmayConnect(new URL(url))`, { place, url, URL });
}

/** @type {[string, boolean][]} */
const ROWS = [
  ["", true],
  ["script-src 'none'", true],
  ["connect-src 'none'", false],
  ["connect-src", false],
  ["CONNECT-SRC 'SELF'", true],
  ["default-src 'self'", true],
  ["default-src 'none'", false],
  ["default-src 'none'; connect-src *", true],
  ["connect-src 'self', connect-src 'none'", false],
  ["connect-src ws:", true],
  ["connect-src wss:", false],
  ["connect-src http:", false],
  ["connect-src data: blob:", false],
  ["connect-src example.org:8000", true],
  ["connect-src example.org", false],
  ["connect-src example.org:*", true],
  ["connect-src ws://example.org:8000/", true],
  ["connect-src ws://example.org:8000/ws", true],
  ["connect-src ws://example.org:8000/w", false],
  ["connect-src ws://example.org:8000/w/", false],
  ["connect-src ws://*.org:8000", true],
  ["connect-src https://example.org:8000", false],
  ["connect-src elsewhere.org", false],
];

for (const [policy, allowed] of ROWS) {
  test(`${policy || "no policy"}: ${allowed}`, () => {
    const found = mayConnect("http://example.org:8000/", [policy], "ws://example.org:8000/ws");
    assert.equal(found, allowed);
  });
}

test("on a secure site, ws: lets wss in", () => {
  for (const policy of ["connect-src ws:", "connect-src example.org", "connect-src 'self'"]) {
    assert.equal(mayConnect("https://example.org/", [policy], "wss://example.org/ws"), true);
  }
});
