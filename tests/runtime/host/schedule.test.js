/** Python's event loop in WebKit: at once and in order, or after a while. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { scheduler, scheduling } from "../../../src/tabcorn/runtime/host/schedule.js";

const WEBKIT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/60.5 Safari/605.1.15";

test("what is due at once comes in order, and before what is due later", async () => {
  const channel = new MessageChannel();
  const schedule = scheduler(WEBKIT, channel);
  /** @type {string[]} */
  const seen = [];
  await new Promise((resolve) => {
    schedule?.(() => resolve(seen.push("later")), 20);
    for (const name of ["a", "b", "c"]) schedule?.(() => seen.push(name), 0);
    assert.deepEqual(seen, []);
  });
  assert.deepEqual(seen, ["a", "b", "c", "later"]);
  channel.port1.close();
});

test("other engines keep Pyodide's own way", () => {
  assert.equal(scheduler("Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0"), undefined);
});

test("Python goes on when the present call is over, and is entered at once", async () => {
  const { soon, enter } = scheduling("Chrome/1");
  /** @type {string[]} */
  const seen = [];
  soon(() => seen.push("soon"));
  enter(() => seen.push("entered"), 0);
  const timed = new Promise((resolve) => enter(() => resolve(seen.push("later")), 5));
  assert.deepEqual(seen, ["entered"]);
  await timed;
  assert.deepEqual(seen, ["entered", "soon", "later"]);
});
