import assert from "node:assert/strict";
import { test } from "node:test";

import { Site } from "../../../src/tabcorn/runtime/shared/site.js";
import { route } from "../../../src/tabcorn/runtime/sw/routing.js";

const site = new Site(new URL("https://example.org/some/path/"), "0123abcd");

/** @type {[what: string, url: string, mode: string, destination: string, referrer: string, route: string][]} */
const TABLE = [
  ["another origin", "https://cdn.example/x.js", "no-cors", "script", "", "network"],
  ["the origin, outside the site", "/elsewhere", "cors", "", "", "app"],
  ["the folder of a sibling", "/some/pathology/", "no-cors", "image", "", "app"],
  ["a file of this build", "_tabcorn/0123abcd/runtime/page.js", "no-cors", "script", "", "file"],
  ["a file of another build", "_tabcorn/ffff/runtime/page.js", "no-cors", "script", "", "network"],
  ["a part of a snapshot", "_tabcorn/snapshots/0123/script", "cors", "script", "", "file"],
  ["the dev server's own", "_tabcorn/dev/events", "cors", "", "", "network"],
  ["the service worker", "sw.js", "same-origin", "serviceworker", "", "network"],
  ["the top of a tab", "", "navigate", "document", "", "shell"],
  ["the top of a tab, deep", "a/b?c", "navigate", "document", "https://other.example/", "shell"],
  ["the shell's frame", "a/b?c", "navigate", "iframe", "https://example.org/some/path/a", "frame"],
  ["a frame that hides its referrer", "a", "navigate", "iframe", "", "frame"],
  ["a frame of another origin's page", "a", "navigate", "iframe", "https://other.example/", "shell"],
  ["a frame of a page beside the site", "a", "navigate", "iframe", "https://example.org/", "shell"],
  ["a script's fetch", "api", "cors", "", "https://example.org/some/path/", "app"],
  ["an image", "logo.png", "no-cors", "image", "", "app"],
  ["a path that only looks like ours", "_tabcorn", "cors", "", "", "app"],
];

for (const [what, path, mode, destination, referrer, expected] of TABLE) {
  test(`${what}: ${expected}`, () => {
    const url = new URL(path, site.root).href;
    assert.equal(route({ url, mode, destination, referrer }, site), expected);
  });
}
