import assert from "node:assert/strict";
import { test } from "node:test";

import { Callers } from "../../../src/tabcorn/runtime/sw/callers.js";

test("workers are told from documents, each asked for once", async () => {
  /** @type {string[]} */
  const asked = [];
  const callers = new Callers(async (id) => {
    asked.push(id);
    return /** @type {Client} */ ({ type: id === "w" ? "worker" : "window" });
  });
  const is = (/** @type {string} */ clientId, /** @type {RequestDestination} */ destination = "") =>
    callers.isWorker({ clientId, request: { destination } });
  assert.deepEqual([await is("w"), await is("d"), await is("w"), await is("")], [true, false, true, false]);
  assert.equal(await is("d", "sharedworker"), true);
  assert.deepEqual(asked, ["w", "d"]);
});
