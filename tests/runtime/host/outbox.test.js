/** Nothing leaves while something is being stored, and then all of it, in order. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Outbox } from "../../../src/tabcorn/runtime/host/outbox.js";
import { deferred } from "../../../src/tabcorn/runtime/shared/promises.js";

test("at once where nothing is held", () => {
  /** @type {number[]} */
  const sent = [];
  new Outbox().send(() => sent.push(1));
  assert.deepEqual(sent, [1]);
});

test("after all that is being stored, in order", async () => {
  const outbox = new Outbox();
  const [one, two] = [deferred(), deferred()];
  /** @type {number[]} */
  const sent = [];
  const holds = [outbox.hold(one.promise)];
  outbox.send(() => sent.push(1));
  holds.push(outbox.hold(two.promise));
  outbox.send(() => sent.push(2));
  one.resolve(undefined);
  await holds[0];
  assert.equal(sent.length, 0);
  two.resolve(undefined);
  await holds[1];
  assert.deepEqual(sent, [1, 2]);
  outbox.send(() => sent.push(3)); // nothing is held any more
  assert.deepEqual(sent, [1, 2, 3]);
});

test("what has changed without notice is stored first", async () => {
  const outbox = new Outbox();
  const storing = deferred();
  /** @type {number[]} */
  const sent = [];
  outbox.store = () => storing.promise;
  outbox.send(() => sent.push(1));
  outbox.store = () => undefined;
  outbox.send(() => sent.push(2));
  assert.deepEqual(sent, []);
  storing.resolve("");
  await storing.promise;
  await Promise.resolve();
  assert.deepEqual(sent, [1, 2]);
});

test("when it cannot be stored, nobody is told of it", async () => {
  const outbox = new Outbox();
  const storing = deferred();
  /** @type {string[]} */
  const told = [];
  const held = outbox.hold(storing.promise);
  outbox.send(() => told.push("sent"), (reason) => told.push(reason));
  outbox.send(() => told.push("sent"));
  storing.resolve("full");
  await held;
  assert.deepEqual(told, ["full"]);
  outbox.send(() => told.push("next"));
  assert.deepEqual(told, ["full", "next"]);
});
