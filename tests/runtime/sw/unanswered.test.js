import assert from "node:assert/strict";
import { test } from "node:test";

import { deferred } from "../../../src/tabcorn/runtime/shared/promises.js";
import { Unanswered } from "../../../src/tabcorn/runtime/sw/unanswered.js";

const URL = "https://example.org/slow";

/** An exchange that is answered when we say so, and counts how often it is cancelled. */
class Played {
  cancelled = 0;
  #answer = deferred();
  answer() {
    return /** @type {any} */ (this.#answer.promise);
  }
  cancel() {
    this.cancelled += 1;
    this.end();
  }
  end() {
    this.#answer.resolve(undefined);
  }
}

/** @param {number} count */
function under(count) {
  const unanswered = new Unanswered(undefined);
  const exchanges = Array.from({ length: count }, () => new Played());
  for (const exchange of exchanges) {
    void unanswered.during(/** @type {any} */ (exchange), "client", "GET", `${URL}#part`);
  }
  return { unanswered, exchanges, cancelled: () => exchanges.map((each) => each.cancelled) };
}

test("the one request that was given up is cancelled", () => {
  const { unanswered, cancelled } = under(1);
  unanswered.abort("client", "GET", URL);
  assert.deepEqual(cancelled(), [1]);
});

test("another method, address or page is another request", () => {
  const { unanswered, cancelled } = under(1);
  unanswered.abort("client", "POST", URL);
  unanswered.abort("client", "GET", `${URL}/more`);
  unanswered.abort("other", "GET", URL);
  assert.deepEqual(cancelled(), [0]);
});

test("of several alike none is cancelled before all were given up", () => {
  const { unanswered, cancelled } = under(2);
  unanswered.abort("client", "GET", URL);
  assert.deepEqual(cancelled(), [0, 0]);
  unanswered.abort("client", "GET", URL);
  assert.deepEqual(cancelled(), [1, 1]);
});

test("what was answered cannot be given up any more", async () => {
  const { unanswered, exchanges, cancelled } = under(1);
  exchanges[0]?.end();
  await new Promise((resolve) => setTimeout(resolve));
  unanswered.abort("client", "GET", URL);
  assert.deepEqual(cancelled(), [0]);
});

test("what the engine no longer waits for is given up, and only that", async () => {
  const unanswered = new Unanswered(20);
  const [late, early] = [new Played(), new Played()];
  const wait = (/** @type {Played} */ exchange) =>
    unanswered.during(/** @type {any} */ (exchange), "client", "GET", URL);
  const both = [wait(late), wait(early)];
  early.end();
  await Promise.all(both);
  assert.deepEqual([late.cancelled, early.cancelled], [1, 0]);
});
