import assert from "node:assert/strict";
import { test } from "node:test";

import { admit } from "../../../src/tabcorn/runtime/sw/policy.js";

const URL = "https://example.org/_tabcorn/0/runtime/page.js";

/** @type {[before: string, after: string, nonce: string][]} */
const POLICIES = [
  ["img-src 'self'", "img-src 'self'", ""],
  ["frame-ancestors 'none'", "", ""],
  ["img-src 'self'; frame-ancestors 'none'", "img-src 'self'", ""],
  ["script-src 'nonce-abc'", "script-src 'nonce-abc'", "abc"],
  ["script-src 'self'", `script-src 'self' ${URL}`, ""],
  ["script-src 'none'", `script-src ${URL}`, ""],
  ["script-src", `script-src ${URL}`, ""],
  ["script-src 'self' 'unsafe-inline'", `script-src 'self' 'unsafe-inline' ${URL}`, ""],
  ["default-src 'self'", `default-src 'self'; script-src 'self' ${URL}`, ""],
  ["default-src 'none'; script-src-elem 'self'", `default-src 'none'; script-src-elem 'self' ${URL}`, ""],
  ["script-src 'self', default-src *", `script-src 'self' ${URL}, default-src *; script-src * ${URL}`, ""],
  ["SCRIPT-SRC 'sha256-x'", `script-src 'sha256-x' ${URL}`, ""],
];

for (const [before, after, nonce] of POLICIES) {
  test(before, () => assert.deepEqual(admit(before, URL), { header: after, nonce }));
}

test("strict-dynamic knows no addresses: a nonce of our own", () => {
  const { header, nonce } = admit("script-src 'strict-dynamic' 'sha256-x'", URL);
  assert.notEqual(nonce, "");
  assert.equal(header, `script-src 'strict-dynamic' 'sha256-x' 'nonce-${nonce}'`);
});
