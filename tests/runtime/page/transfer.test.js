/**
 * A request on the page's own port. The port and the host are played here.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const file = new URL("../../../src/tabcorn/runtime/page/transfer.js", import.meta.url);
const { Transfer } = new Function("isChromium", "isFirefox", `${readFileSync(file, "utf8")}\nreturn { Transfer };`)(true, false);

/** A request that was sent, and what has become of it. @param {boolean} abortable */
function setUp(abortable = false) {
  /** @type {any[]} */
  const posted = [];
  /** @type {any[]} */
  const told = [];
  /** @type {(message: any) => void} */
  let receive = () => {};
  const port = {
    begin: (/** @type {(message: any) => void} */ receiver) => ((receive = receiver), 7),
    end: () => {},
    send: (/** @type {any} */ message) => posted.push(message),
  };
  const on = {
    started: (/** @type {any} */ start) => told.push(["started", start.status]),
    failed: (/** @type {boolean} */ acknowledged) => told.push(["failed", acknowledged]),
    closed: () => told.push(["closed"]),
  };
  const transfer = new Transfer(port, on, abortable);
  transfer.open({ method: "GET", path: "/" });
  const start = (/** @type {any} */ more = {}) => receive({ type: "http.response.start", status: 200, ...more });
  const body = (/** @type {string} */ text, more_body = true) =>
    receive({ type: "http.response.body", body: new TextEncoder().encode(text).buffer, more_body });
  return { transfer, posted, told, receive: (/** @type {any} */ message) => receive(message), start, body };
}

/** @param {any} transfer */
const read = (transfer) => new Response(transfer.stream).text();

test("one message there, one message back", () => {
  const { transfer, posted, told, start } = setUp();
  start({ body: new TextEncoder().encode("all").buffer, more_body: false });
  assert.deepEqual(posted, [{ type: "tabcorn.request", id: 7, method: "GET", path: "/", more_body: false }]);
  assert.equal(new TextDecoder().decode(transfer.whole), "all");
  assert.deepEqual(told, [["started", 200], ["closed"]]);
});

test("a body in pieces", async () => {
  const { transfer, start, body } = setUp();
  start();
  assert.equal(transfer.whole, undefined);
  const text = read(transfer);
  body("some ");
  body("");
  body("more", false);
  assert.equal(await text, "some more");
});

test("credit is given as the page reads, and not before", async () => {
  const { transfer, posted, start, body } = setUp();
  start();
  const reader = transfer.stream.getReader();
  for (let i = 0; i < 3; i++) body("x".repeat(50_000));
  assert.equal(posted.length, 1);
  await reader.read();
  assert.equal(posted.length, 1);
  await reader.read();
  assert.deepEqual(posted[1], { type: "tabcorn.credit", id: 7, bytes: 100_000 });
});

test("what breaks off is read to where it did", async () => {
  const { transfer, start, body, receive } = setUp();
  start();
  body("half");
  receive({ type: "tabcorn.abort", message: "why" });
  const reader = transfer.stream.getReader();
  assert.equal(new TextDecoder().decode((await reader.read()).value), "half");
  await assert.rejects(reader.read(), { name: "TypeError", message: "network error" });
});

test("a host that dies: asked again only if it had not begun", () => {
  const one = setUp();
  one.receive({ type: "tabcorn.abort", message: "ended" });
  assert.deepEqual(one.told, [["failed", false]]);
  const other = setUp();
  other.receive({ type: "tabcorn.acknowledged" });
  other.receive({ type: "tabcorn.abort", message: "ended" });
  assert.deepEqual(other.told, [["failed", true]]);
});

test("cancelling is a disconnect, once", async () => {
  const { transfer, posted, start, body } = setUp();
  start();
  await transfer.stream.cancel();
  body("late", false);
  transfer.cancel();
  assert.deepEqual(posted.slice(1), [{ type: "http.disconnect", id: 7 }]);
});

test("an abort errors the stream at once, with whatever reason", async () => {
  const { transfer, posted, start, body } = setUp(true);
  start({ body: new TextEncoder().encode("all").buffer, more_body: true });
  body("rest");
  const reader = transfer.stream.getReader();
  transfer.abort(0);
  assert.equal(await reader.closed.catch((/** @type {unknown} */ reason) => reason), 0);
  assert.deepEqual(posted.slice(1), [{ type: "http.disconnect", id: 7 }]);
  assert.deepEqual(transfer.aborted, { error: 0 });
});

test("what has been read to its end cannot be aborted", async () => {
  const { transfer, told, start } = setUp(true);
  start({ body: new TextEncoder().encode("all").buffer, more_body: false });
  assert.equal(await read(transfer), "all");
  transfer.abort(new Error("late"));
  assert.equal(transfer.aborted, undefined);
  assert.deepEqual(told.at(-1), ["closed"]);
});
