import assert from "node:assert/strict";
import { test } from "node:test";

import { admit, firstNonce } from "../../../src/tabcorn/runtime/sw/policy.js";

const URL = "https://example.org/_tabcorn/0/runtime/page.js";

/** @type {[before: string, after: string][]} */
const POLICIES = [
  ["img-src 'self'", "img-src 'self'"],
  ["frame-ancestors 'none'", ""],
  ["img-src 'self'; frame-ancestors 'none'", "img-src 'self'"],
  ["script-src 'nonce-abc'", "script-src 'nonce-abc'"],
  ["script-src 'nonce-xyz'", "script-src 'nonce-xyz' 'nonce-abc'"],
  ["script-src 'strict-dynamic' 'sha256-x'", "script-src 'strict-dynamic' 'sha256-x' 'nonce-abc'"],
  ["script-src 'self'", `script-src 'self' ${URL}`],
  ["script-src 'none'", `script-src ${URL}`],
  ["script-src", `script-src ${URL}`],
  ["script-src 'self' 'unsafe-inline'", `script-src 'self' 'unsafe-inline' ${URL}`],
  ["default-src 'self'", `default-src 'self'; script-src 'self' ${URL}`],
  ["default-src 'none'; script-src-elem 'self'", `default-src 'none'; script-src-elem 'self' ${URL}`],
  ["script-src 'self', default-src *", `script-src 'self' ${URL}, default-src *; script-src * ${URL}`],
  ["SCRIPT-SRC 'sha256-x'", `script-src 'sha256-x' ${URL}`],
];

for (const [before, after] of POLICIES) {
  test(before, () => assert.equal(admit(before, URL, "abc"), after));
}

test("without a script nothing but frame-ancestors goes", () => {
  assert.equal(admit("default-src 'none'; frame-ancestors 'self'", "", "abc"), "default-src 'none'");
});

test("the first nonce that lets scripts run", () => {
  assert.equal(firstNonce("img-src 'nonce-img', script-src 'self' 'nonce-abc'; style-src 'nonce-s'"), "abc");
  assert.equal(firstNonce("default-src 'nonce-d'"), "d");
  assert.equal(firstNonce("script-src 'self'"), "");
});
