/** The host's part in cookies, with a jar and a store that only write down what they are told. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Cookies } from "../../../src/tabcorn/runtime/host/cookies.js";
import { Outbox } from "../../../src/tabcorn/runtime/host/outbox.js";
import { deferred } from "../../../src/tabcorn/runtime/shared/promises.js";
import { Site } from "../../../src/tabcorn/runtime/shared/site.js";

/** @import { TestContext } from "node:test" */

let builds = 0;

/**
 * @param {TestContext} context
 * @param {{ rows?: any[], load?: () => Promise<any[]>, save?: () => Promise<void> }} [options]
 */
function setUp(context, { rows = [], load = async () => rows, save = async () => {} } = {}) {
  const site = new Site(new URL("http://localhost/"), String((builds += 1)));
  const seen = {
    /** @type {any[]} */ loaded: [],
    /** @type {any[]} */ saved: [],
    /** @type {any[]} */ written: [],
    /** @type {string[]} */ sessions: [],
    /** @type {string[]} */ warnings: [],
    /** @type {any[]} */ published: [],
  };
  const bridge = {
    load_cookies: (/** @type {string} */ json) => {
      seen.loaded.push(...JSON.parse(json));
      return '{"cookies":[]}';
    },
    write_cookies: (/** @type {string} */ json) =>
      seen.written.push(...JSON.parse(json).map((/** @type {any} */ { path, line }) => [path, line])),
  };
  const outbox = new Outbox();
  const around = {
    outbox,
    call: (/** @type {(bridge: any) => void} */ call) => call(bridge),
    nameSession: (/** @type {string} */ session) => seen.sessions.push(session),
    warn: (/** @type {string} */ line) => seen.warnings.push(line),
  };
  const store = {
    load,
    save: async (/** @type {any[]} */ changes, /** @type {string} */ session) => {
      seen.saved.push({ changes, session });
      await save();
    },
  };
  const cookies = new Cookies(site, "host", around, store);
  const page = new BroadcastChannel(site.cookies);
  page.onmessage = (/** @type {any} */ { data }) => seen.published.push(data);
  context.after(() => {
    page.close();
    cookies.close();
  });
  return { cookies, bridge, outbox, seen, page };
}

const persistent = { key: "p", cookie: { expires: 5 }, session: "" };
const earlier = { key: "e", cookie: { expires: null }, session: "one" };
const older = { key: "o", cookie: { expires: null }, session: "zero" };
const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

test("a tab that remembers its session gets its cookies back", async (context) => {
  const { cookies, bridge, seen } = setUp(context, { rows: [persistent, earlier, older] });
  cookies.attach("");
  cookies.attach("one");
  await cookies.open(bridge);
  assert.deepEqual(seen.loaded, [persistent.cookie, earlier.cookie]);
  assert.deepEqual(seen.saved[0].changes, [{ key: "o", cookie: null }]);
  assert.deepEqual(seen.sessions, ["one"]);
});

test("a new tab begins a new session, also when it comes after the app is up", async (context) => {
  const { cookies, bridge, seen } = setUp(context, { rows: [persistent, earlier] });
  await cookies.open(bridge);
  cookies.attach("");
  assert.deepEqual(seen.loaded, [persistent.cookie]);
  assert.deepEqual(seen.saved[0].changes, [{ key: "e", cookie: null }]);
  cookies.attach("whatever");
  assert.equal(seen.sessions.length, 2);
  assert.equal(seen.sessions[0], seen.sessions[1]);
});

test("nothing leaves before a change is stored, and then documents are told", async (context) => {
  const stored = deferred();
  const { cookies, bridge, outbox, seen } = setUp(context, { save: () => stored.promise });
  await cookies.open(bridge);
  cookies.attach("one");
  const before = cookies.state.version;
  cookies.sink.cookies('[{"key":"k","cookie":null}]', '{"cookies":[1]}');
  assert.ok(cookies.state.version > before);
  let sent = false;
  outbox.send(() => (sent = true));
  await settled();
  assert.deepEqual([sent, seen.published], [false, []]);
  stored.resolve(undefined);
  await settled();
  assert.equal(sent, true);
  assert.equal(seen.published[0].sight, '{"cookies":[1]}');
  assert.deepEqual(seen.saved, [{ changes: [{ key: "k", cookie: null }], session: "one" }]);
});

test("documents are not told of what they cannot see", async (context) => {
  const { cookies, bridge, seen } = setUp(context);
  await cookies.open(bridge);
  cookies.attach("one");
  const { version, sight } = cookies.state;
  cookies.sink.cookies('[{"key":"k","cookie":{"expires":null}}]', sight);
  await settled();
  assert.equal(cookies.state.version, version);
  assert.equal(seen.published.length, 0);
  assert.equal(seen.saved.length, 1);
});

test("writes are made once and in order, and confirmed", async (context) => {
  const { cookies, bridge, seen } = setUp(context);
  await cookies.open(bridge);
  const write = (/** @type {number} */ seq) => ({ seq, path: "/", line: `n=${seq}` });
  const message = (/** @type {number[]} */ ...seqs) =>
    cookies.write({ type: "tabcorn.cookies.write", document: "d", writes: seqs.map(write) });
  message(1);
  message(1, 2);
  message(2);
  assert.deepEqual(seen.written, [["/", "n=1"], ["/", "n=2"]]);
  await settled();
  assert.deepEqual(seen.published.at(-1).written, { document: "d", seq: 2 });
});

test("a document that asks is answered", async (context) => {
  const { seen, page } = setUp(context);
  page.postMessage({ type: "tabcorn.cookies.wanted" });
  await settled();
  assert.equal(seen.published[0].type, "tabcorn.cookies.state");
});

test("where nothing can be stored, it is said, and the app goes on", async (context) => {
  const load = async () => {
    throw new Error("no room");
  };
  const { cookies, bridge, outbox, seen } = setUp(context, { load, save: load });
  await cookies.open(bridge);
  cookies.attach("");
  cookies.sink.cookies('[{"key":"k","cookie":null}]', "{}");
  await settled();
  let sent = false;
  outbox.send(() => (sent = true));
  assert.equal(sent, true);
  assert.match(seen.warnings[0] ?? "", /no room.*end with the last tab/);
});
