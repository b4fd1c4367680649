/** What the app prints, on its way to the tabs: at once, but not one message a line. */

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { Announcer } from "../../../src/tabcorn/runtime/host/announcer.js";
import { after } from "../../../src/tabcorn/runtime/shared/promises.js";
import { Site } from "../../../src/tabcorn/runtime/shared/site.js";

const site = new Site(new URL("https://example.org/"), "0123abcd");

/** @type {BroadcastChannel} */
let shell;
/** @type {any[]} */
let heard = [];
/** @type {Announcer} */
let announcer;

beforeEach(() => {
  heard = [];
  shell = new BroadcastChannel(site.announcements);
  shell.onmessage = (event) => heard.push(/** @type {MessageEvent} */ (event).data);
  announcer = new Announcer(site, () => {});
});
afterEach(() => {
  announcer.fallSilent();
  shell.close();
});

const printed = () =>
  heard.filter(({ type }) => type === "tabcorn.logged").map(({ lines }) => lines.map((/** @type {any} */ line) => line.text));

test("the first line is sent at once, those that follow it together", async () => {
  for (const text of ["a", "b", "c"]) announcer.log("stdout", text);
  await after(30);
  assert.deepEqual(printed(), [["a"]]);
  await after(120);
  assert.deepEqual(printed(), [["a"], ["b", "c"]]);
  await after(120);
  announcer.log("stderr", "d");
  await after(30);
  assert.deepEqual(printed(), [["a"], ["b", "c"], ["d"]]);
});

test("lines come before the state that they tell of, and nothing after the end", async () => {
  for (const text of ["a", "b"]) announcer.log("stdout", text);
  announcer.announce({ type: "tabcorn.ready", from: "packages", host: "1" });
  announcer.log("stdout", "c");
  announcer.fallSilent();
  announcer.log("stdout", "d");
  await after(130);
  assert.deepEqual(heard.map(({ type, lines }) => lines?.length ?? type), ["tabcorn.host.started", 1, 1, "tabcorn.ready", 1]);
});

test("a shell that opens hears the earlier lines, once", async () => {
  for (const text of ["a", "b"]) announcer.log("stdout", text);
  shell.postMessage({ type: "tabcorn.shell.opened", shell: "new" });
  await after(150);
  const ofNew = heard.filter((message) => message.shell === "new").map(({ lines }) => lines.length);
  assert.deepEqual(ofNew, [2]);
  assert.deepEqual(printed().flat().sort(), ["a", "a", "b", "b"]);
});
