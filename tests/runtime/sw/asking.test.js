/**
 * Requests as they leave the service worker; what carries them is played here.
 */
import assert from "node:assert/strict";
import { test } from "node:test";

import { Site } from "../../../src/tabcorn/runtime/shared/site.js";
import { factsOf } from "../../../src/tabcorn/runtime/sw/asked.js";
import { Asking } from "../../../src/tabcorn/runtime/sw/asking.js";
import { RequestBody } from "../../../src/tabcorn/runtime/sw/body.js";

const site = new Site(new URL("https://example.org/"), "0123abcd");

/** What happens, in its order, and the exchanges that were begun. */
function play({ brought = /** @type {RequestBody | undefined} */ (undefined), eventSource = /** @type {any} */ (undefined) } = {}) {
  /** @type {string[]} */
  const happened = [];
  /** @type {any[]} */
  const exchanges = [];
  const means = /** @type {any} */ ({
    browser: { userAgent: "Firefox/1", languages: ["en"], hints: undefined },
    callers: { isWorker: async () => false },
    cookies: { settle: async () => happened.push("cookies") },
    eventSources: { find: () => eventSource },
    link: {},
    redirected: { take: () => brought },
    streams: { watch: () => happened.push("watched") },
    underway: {
      answer: async (/** @type {any} */ exchange) => {
        happened.push("sent");
        exchanges.push(exchange);
      },
    },
  });
  return { means, happened, exchanges };
}

/** @param {Request} request */
const eventOf = (request) => /** @type {FetchEvent} */ (/** @type {unknown} */ ({ request, clientId: "page", resultingClientId: "" }));

/** @param {any} means  @param {Request} request  @param {RequestBody} [known] */
const make = (means, request, known) => Asking.make(means, eventOf(request), factsOf(request, site), known);

test("a request is made before it is sent, and waits for the cookies of its page only then", async () => {
  const { means, happened, exchanges } = play();
  const asking = await make(means, new Request("https://example.org/a?b=c", { headers: { "x-a": "b" }, credentials: "omit" }));
  assert.equal(new Map(asking.headers).get("x-a"), "b");
  assert.deepEqual(happened, []);
  await asking.send([["if-none-match", '"1"']]);
  assert.deepEqual(happened, ["cookies", "watched", "sent"]);
  const [{ head }] = exchanges;
  const { method, path, query, credentials } = head;
  assert.deepEqual([method, path, query, credentials], ["GET", "/a", "b=c", false]);
  assert.deepEqual(head.headers, [...asking.headers, ["if-none-match", '"1"']]);
});

test("its body is its own, or the one that it is known to have", async () => {
  const { means } = play();
  const request = () => new Request("https://example.org/", { method: "POST", body: "words" });
  assert.equal((await make(means, request())).body.length, 5);
  const known = await RequestBody.of(new Blob(["more words"]));
  const asking = await make(means, request(), known);
  assert.deepEqual([asking.body, new Map(asking.headers).get("content-length")], [known, "10"]);
});

test("what a redirect brings along: the body, and else the origin", async () => {
  const brought = await RequestBody.of(new Blob(["brought"]));
  const { means } = play({ brought });
  const put = await make(means, new Request("https://example.org/", { method: "PUT" }));
  assert.equal(put.body, brought);
  const get = await make(means, new Request("https://example.org/"));
  assert.equal(get.body.length, 0);
});

test("an event source says what it has seen last", async () => {
  const { means } = play({ eventSource: { withLastId: (/** @type {[string, string][]} */ headers) => [...headers, ["last-event-id", "7"]] } });
  const asking = await make(means, new Request("https://example.org/"));
  assert.equal(new Map(asking.headers).get("last-event-id"), "7");
});

test("it may be cancelled at any time", async () => {
  const { means, exchanges } = play();
  const asking = await make(means, new Request("https://example.org/"));
  asking.cancel();
  await asking.send([]);
  asking.cancel();
  await exchanges[0].over;
});
