/** A redirected request keeps its body: who gets it, and who does not. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { RequestBody } from "../../../src/tabcorn/runtime/sw/body.js";
import { Redirected } from "../../../src/tabcorn/runtime/sw/redirected.js";

const FROM = "https://example.org/from";
const body = new RequestBody(new ArrayBuffer(3), 3);

/** @param {number} status  @param {string} method  @param {string} [location] */
function after(status, method, location = "/to#part") {
  const redirected = new Redirected();
  redirected.hold("client", { method, url: FROM }, { status, location }, body);
  return redirected;
}

/** @type {[number, string, string][]} status, method before and after */
const METHODS = [
  [301, "POST", "GET"],
  [301, "PUT", "PUT"],
  [302, "POST", "GET"],
  [302, "DELETE", "DELETE"],
  [303, "PUT", "GET"],
  [303, "HEAD", "HEAD"],
  [307, "POST", "POST"],
  [308, "PATCH", "PATCH"],
];
for (const [status, before, method] of METHODS) {
  test(`${before} and ${status} is ${method}`, () => {
    const redirected = after(status, before);
    assert.equal(redirected.take("client", { method, url: "https://example.org/to" }), body);
    assert.equal(redirected.take("client", { method, url: "https://example.org/to" }), undefined);
  });
}

test("another document, method or address gets nothing", () => {
  const redirected = after(307, "POST");
  const url = "https://example.org/to";
  assert.equal(redirected.take("other", { method: "POST", url }), undefined);
  assert.equal(redirected.take("client", { method: "GET", url }), undefined);
  assert.equal(redirected.take("client", { method: "POST", url: FROM }), undefined);
});

test("a request without a body, or to nowhere, leaves nothing", () => {
  const redirected = new Redirected();
  const asked = { method: "POST", url: FROM };
  redirected.hold("client", asked, { status: 307, location: "/to" }, RequestBody.none());
  redirected.hold("client", asked, { status: 307, location: "http://" }, body);
  assert.equal(redirected.take("client", { method: "POST", url: "https://example.org/to" }), undefined);
});
