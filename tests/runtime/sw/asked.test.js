import assert from "node:assert/strict";
import { test } from "node:test";

import { Site } from "../../../src/tabcorn/runtime/shared/site.js";
import { entryFactsOf, factsOf, portOf } from "../../../src/tabcorn/runtime/sw/asked.js";

const site = new Site(new URL("https://example.org/site/"), "0123abcd");

test("what a request shows; what lies outside the site is the app's own", () => {
  const request = new Request("https://example.org/a?b", { method: "PUT", headers: { "x-a": "b" }, cache: "reload", credentials: "omit" });
  const { url, method, headers, cache, credentials, initiator } = factsOf(request, site);
  const seen = [url.href, method, headers, cache, credentials, initiator];
  assert.deepEqual(seen, ["https://example.org/site/a?b", "PUT", [["x-a", "b"]], "reload", "omit", "page"]);
});

test("the shell's frame is what the tab shows", () => {
  const request = /** @type {Request} */ (/** @type {unknown} */ ({ url: site.root.href, headers: [], destination: "iframe" }));
  assert.equal(factsOf(request, site).destination, "document");
});

test("a frame's first navigation is what brought the user here", () => {
  /** @type {import("../../../src/tabcorn/runtime/protocol.js").Entry} */
  const entry = {
    ...{ url: site.root.href, method: "POST", referrer: "https://elsewhere.org/", origin: "https://elsewhere.org" },
    ...{ hidden: true, own: false, through: "", headers: [["accept", "text/html"]], cache: "no-cache", body: undefined },
  };
  const facts = entryFactsOf(new Request(site.root), site, entry);
  const { method, referrer, knownOrigin, hidden, headers, cache, initiator, arrival } = facts;
  assert.deepEqual([method, referrer, knownOrigin, hidden, cache], ["POST", entry.referrer, entry.origin, true, "no-cache"]);
  assert.deepEqual([headers, initiator], [entry.headers, "entry"]);
  assert.deepEqual(arrival, { referrer: entry.referrer, again: undefined });
});

test("documents have ports of their own, of those that are free", () => {
  assert.notEqual(portOf("a"), portOf("b"));
  for (const client of ["", "a", crypto.randomUUID()]) assert.ok(portOf(client) >= 49152 && portOf(client) < 65536);
});
