import assert from "node:assert/strict";
import { test } from "node:test";

import { Site } from "../../../src/tabcorn/runtime/shared/site.js";

const below = new Site(new URL("https://example.org/some/path/"), "0123abcd");
const top = new Site(new URL("https://example.org/"), "0123abcd");

test("a module knows its site by its own address", () => {
  const site = Site.of("https://example.org/some/path/_tabcorn/0123abcd/runtime/sw/main.js");
  assert.equal(site.root.href, below.root.href);
  assert.equal(site.build, "0123abcd");
  assert.throws(() => Site.of("https://example.org/runtime/main.js"), /Not a file of a tabcorn site/);
});

test("root_path has no slash at its end", () => {
  assert.deepEqual([below.rootPath, top.rootPath], ["/some/path", ""]);
});

/** @type {[site: Site, url: string, inside: string][]} */
const MOVED = [
  [below, "https://example.org/about?a#b", "https://example.org/some/path/about?a#b"],
  [below, "https://example.org/", "https://example.org/some/path/"],
  [below, "https://example.org/some/path", "https://example.org/some/path/"],
  [below, "https://example.org/some/path/x", "https://example.org/some/path/x"],
  [below, "https://example.org/a%2Fb/ü", "https://example.org/some/path/a%2Fb/%C3%BC"],
  [below, "https://other.example/about", "https://other.example/about"],
  [top, "https://example.org/about", "https://example.org/about"],
];

for (const [site, url, inside] of MOVED) {
  test(`${url} on ${site.root.href}`, () => assert.equal(site.inside(new URL(url)).href, inside));
}

test("names of one site never match another's", () => {
  const names = (/** @type {Site} */ site) => [site.announcements, site.cache, site.hostName, site.hostLock];
  assert.deepEqual(names(below).filter((name) => names(top).includes(name)), []);
  assert.ok(!below.cache.startsWith(top.cachePrefix));
});
