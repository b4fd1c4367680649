import assert from "node:assert/strict";
import { test } from "node:test";

import { leavesRequestsAlone } from "../../../src/tabcorn/runtime/sw/restrictions.js";

/** @param {string} name @param {string} value */
const leaves = (name, value) => leavesRequestsAlone([["content-type", "text/html"], [name, value]]);

test("policies that let a document of the site connect to it", () => {
  for (const value of ["script-src 'none'", "default-src 'self'", "connect-src *", "default-src 'none'; connect-src 'self'", "frame-ancestors 'none'"]) {
    assert.ok(leaves("content-security-policy", value), value);
    assert.ok(leaves("content-security-policy-report-only", value), value);
  }
});

test("policies that refuse or report a connection, or change it", () => {
  for (const value of ["default-src 'none'", "connect-src https:", "default-src 'self', connect-src 'none'", "upgrade-insecure-requests", "sandbox allow-scripts"]) {
    assert.ok(!leaves("content-security-policy", value), value);
    assert.ok(!leaves("content-security-policy-report-only", value), value);
  }
});

test("referrer policies by which the app is told the whole address", () => {
  for (const value of ["same-origin", "unsafe-url, Strict-Origin-When-Cross-Origin"]) assert.ok(leaves("referrer-policy", value), value);
  for (const value of ["no-referrer", "origin", "strict-origin", "same-origin, origin", "", "odd"]) assert.ok(!leaves("referrer-policy", value), value);
});
