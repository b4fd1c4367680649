import assert from "node:assert/strict";
import { test } from "node:test";

import { deferred } from "../../../src/tabcorn/runtime/shared/promises.js";
import { Underway } from "../../../src/tabcorn/runtime/sw/underway.js";

const URL = "https://example.org/slow";
const EVENTS = `${URL}#tabcorn-events-${crypto.randomUUID()}`;

/** An exchange that is answered and ends when we say so, and counts how often it is cancelled. */
class Played {
  cancelled = 0;
  #answer = deferred();
  #over = deferred();
  get over() {
    return this.#over.promise;
  }
  answer() {
    return /** @type {any} */ (this.#answer.promise);
  }
  begin() {
    this.#answer.resolve(undefined);
  }
  end() {
    this.#over.resolve(undefined);
  }
  cancel() {
    this.cancelled += 1;
    this.begin();
    this.end();
  }
}

const turn = () => new Promise((resolve) => setTimeout(resolve));

/** @param {number} count  @param {string} [url]  @param {RequestDestination} [destination] */
function under(count, url = `${URL}#part`, destination = "") {
  const underway = new Underway(undefined);
  const exchanges = Array.from({ length: count }, () => new Played());
  for (const exchange of exchanges) {
    void underway.answer(/** @type {any} */ (exchange), "client", { destination, method: "GET", url });
  }
  return { underway, exchanges, cancelled: () => exchanges.map((each) => each.cancelled) };
}

test("all requests that are alike are cancelled", () => {
  const { underway, cancelled } = under(2);
  underway.abort("client", "GET", URL, false);
  assert.deepEqual(cancelled(), [1, 1]);
});

test("another method, address or page is another request, and so is an image's", () => {
  const { underway, cancelled } = under(1);
  underway.abort("client", "POST", URL, false);
  underway.abort("client", "GET", `${URL}/more`, false);
  underway.abort("other", "GET", URL, false);
  assert.deepEqual(cancelled(), [0]);
  const image = under(1, URL, "image");
  image.underway.abort("client", "GET", URL, false);
  assert.deepEqual(image.cancelled(), [0]);
});

test("an event source is known by its name", () => {
  const { underway, cancelled } = under(1, EVENTS);
  underway.abort("client", "GET", URL, false);
  assert.deepEqual(cancelled(), [0]);
  underway.abort("client", "GET", EVENTS, false);
  assert.deepEqual(cancelled(), [1]);
});

test("what is being answered is cancelled unless the page may read it", async () => {
  const { underway, exchanges, cancelled } = under(1);
  exchanges[0]?.begin();
  await turn();
  underway.abort("client", "GET", URL, true);
  assert.deepEqual(cancelled(), [0]);
  underway.abort("client", "GET", URL, false);
  assert.deepEqual(cancelled(), [1]);
});

test("what is over cannot be given up any more", async () => {
  const { underway, exchanges, cancelled } = under(1);
  exchanges[0]?.begin();
  exchanges[0]?.end();
  await turn();
  underway.abort("client", "GET", URL, false);
  assert.deepEqual(cancelled(), [0]);
});

test("what the engine no longer waits for is given up, and only that", async () => {
  const underway = new Underway(20);
  const [late, early] = [new Played(), new Played()];
  const wait = (/** @type {Played} */ exchange) =>
    underway.answer(/** @type {any} */ (exchange), "client", { destination: "", method: "GET", url: URL });
  const both = [wait(late), wait(early)];
  early.begin();
  await Promise.all(both);
  assert.deepEqual([late.cancelled, early.cancelled], [1, 0]);
});
