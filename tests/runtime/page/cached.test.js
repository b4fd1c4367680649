/**
 * What a page remembers of the service worker's cache. The window is played here.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { clearsCache, isKeepable, voidedBy } from "../../../src/tabcorn/runtime/shared/freshness.js";
import { inside } from "../../../src/tabcorn/runtime/shared/inside.js";

const file = new URL("../../../src/tabcorn/runtime/page/cached.js", import.meta.url);
const ROOT = new URL("http://localhost:1/site/");
const at = (/** @type {string} */ path) => new URL(path, ROOT);

function page() {
  /** @type {any[]} */
  const told = [];
  /** @type {{ onmessage?: (event: object) => void }[]} */
  const channels = [];
  const globals = {
    ...{ isKeepable, voidedBy, clearsCache, insideSite: inside, siteRoot: ROOT, place: { root: ROOT.href, build: "0" } },
    navigator: { serviceWorker: { controller: { postMessage: (/** @type {any} */ message) => told.push(message) } } },
    BroadcastChannel: class {
      constructor() {
        channels.push(this);
      }
    },
  };
  const source = `${readFileSync(file, "utf8")}\nreturn { hearOfCache, isCached, tellCache };`;
  return { told, channels, ...new Function(...Object.keys(globals), source)(...Object.values(globals)) };
}

/** @type {[string, string][]} */
const TAGGED = [["etag", '"x"']];
const bytes = () => /** @type {ArrayBuffer} */ (new TextEncoder().encode("words").buffer);

/** @param {ReturnType<typeof page>} page_  @param {string} method  @param {string} path  @param {object} start */
const gets = ({ tellCache }, method, path, start) =>
  tellCache({ request: { method, cache: "default" }, url: at(path) }, [["accept", "a"]], { status: 200, reason: "", headers: [], ...start }, 1);

test("what the cache holds, or may keep, is asked of it", () => {
  const seen = page();
  gets(seen, "GET", "a", { headers: TAGGED });
  gets(seen, "GET", "b", {});
  gets(seen, "HEAD", "c", { headers: TAGGED });
  seen.hearOfCache();
  seen.hearOfCache();
  assert.equal(seen.channels.length, 1);
  seen.channels[0]?.onmessage?.({ data: { urls: [at("d").href] } });
  assert.deepEqual(["a", "b", "c", "d"].map((path) => seen.isCached(at(path))), [true, false, false, true]);
});

test("the service worker gets what it may keep, if that came whole", () => {
  const seen = page();
  const body = bytes();
  gets(seen, "GET", "a", { headers: TAGGED, body, more_body: false });
  gets(seen, "GET", "b", { headers: TAGGED, body, more_body: true });
  const [whole, begun] = seen.told;
  const { received } = whole.times;
  const expected = { type: "tabcorn.page.answered", method: "GET", url: at("a").href, cache: "default", sent: [["accept", "a"]] };
  const answer = { status: 200, reason: "", headers: TAGGED, body: bytes() };
  assert.deepEqual(whole, { ...expected, times: { asked: 1, received }, answer });
  assert.equal(begun.answer.body, undefined);
  assert.equal(body.byteLength, 5);
});

test("and is told of what makes void what it may hold", () => {
  const seen = page();
  gets(seen, "GET", "b", { headers: TAGGED });
  gets(seen, "POST", "a", { status: 201, headers: [["location", "/b"]] });
  assert.ok(!seen.isCached(at("b")));
  gets(seen, "POST", "a", { status: 400 });
  gets(seen, "GET", "c", { headers: [["clear-site-data", '"cache"']] });
  assert.deepEqual(seen.told.map((/** @type {any} */ { method, url }) => `${method} ${url.at(-1)}`), ["GET b", "POST a", "GET c"]);
});

test("so many addresses are remembered, those asked for last", () => {
  const seen = page();
  for (let i = 0; i < 2000; i++) gets(seen, "GET", `${i}`, { headers: TAGGED });
  gets(seen, "GET", "0", { headers: TAGGED });
  gets(seen, "GET", "more", { headers: TAGGED });
  assert.deepEqual(["0", "1", "2", "more"].map((path) => seen.isCached(at(path))), [true, false, true, true]);
});
