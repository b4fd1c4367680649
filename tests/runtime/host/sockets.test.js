/**
 * Sockets over a real MessageChannel: only Python and the page are played here.
 */
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { Sockets } from "../../../src/tabcorn/runtime/host/sockets.js";
import { Site } from "../../../src/tabcorn/runtime/shared/site.js";
import { after } from "../../../src/tabcorn/runtime/shared/promises.js";

// Older releases of node have none.
Object.defineProperty(globalThis, "navigator", {
  value: { userAgent: "Mozilla/5.0 Chrome/156", languages: ["en"] },
});

const site = new Site(new URL("https://example.org/some/path/"), "0123abcd");

/** @type {MessagePort[]} */
let ports = [];
afterEach(() => {
  for (const port of ports.splice(0)) port.close();
});

/** A page's line, with what Python was told and what the page has heard. */
function setUp() {
  /** @type {any[][]} */
  const calls = [];
  /** @type {any[]} */
  const heard = [];
  // As Python does, it copies: buffers are freed after the call.
  const bridge = new Proxy({}, { get: (_, name) => (/** @type {any[]} */ ...args) => calls.push(structuredClone([name, ...args])) });
  const gateway = /** @type {any} */ ({
    broken: "",
    cookies: () => ({ version: 1, sight: "{}" }),
    outbox: { send: (/** @type {() => void} */ action) => action() },
    call: (/** @type {any} */ call) => call(bridge),
  });
  const sockets = new Sockets(site, gateway);
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  const detach = sockets.attach(port1, 50123);
  port2.onmessage = ({ data }) => heard.push(data);
  const say = async (/** @type {any} */ message) => {
    const arrived = new Promise((resolve) => port1.addEventListener("message", resolve, { once: true }));
    port2.postMessage(message);
    await arrived;
    port1.postMessage("done"); // after all that was said before
    while (heard.at(-1) !== "done") await after(1);
    heard.pop();
  };
  return { calls, heard, sockets, gateway, say, detach };
}

const opened = { type: "tabcorn.socket", id: 7, url: "wss://example.org/chat?a=b", protocols: ["x", "y"] };

test("a socket is opened below the site's path, with headers of its own", async () => {
  const { calls, say } = setUp();
  await say(opened);
  const [[name, key, path, query, headers, port, offered] = []] = calls;
  assert.deepEqual([name, key, path, query, port, offered], ["open_socket", 1, "/some/path/chat", "a=b", 50123, "x\ny"]);
  assert.match(headers, /^host\nexample.org\nconnection\nUpgrade\n/);
  assert.match(headers, /origin\nhttps:\/\/example.org\n/);
  assert.match(headers, /sec-websocket-protocol\nx, y/);
});

test("messages go both ways, text as text and bytes as bytes", async () => {
  const { calls, heard, sockets, say } = setUp();
  await say(opened);
  sockets.sink.socket_accept(1, "x", "");
  sockets.sink.socket_text(1, "");
  sockets.sink.socket_bytes(1, new Uint8Array([1, 2, 3]).subarray(1));
  sockets.sink.socket_consumed(1, 5);
  await say({ type: "websocket.receive", id: 7, text: "" });
  await say({ type: "websocket.receive", id: 7, bytes: new Uint8Array([9]).buffer });
  await say({ type: "tabcorn.credit", id: 7, bytes: 64 });
  assert.deepEqual(calls.slice(1), [
    ["socket_text", 1, ""],
    ["socket_bytes", 1, new Uint8Array([9])],
    ["socket_grant", 1, 64],
  ]);
  assert.deepEqual(heard, [
    { type: "websocket.accept", id: 7, subprotocol: "x", cookies: { version: 1, sight: "{}" } },
    { type: "websocket.send", id: 7, text: "" },
    { type: "websocket.send", id: 7, bytes: new Uint8Array([2, 3]).buffer },
    { type: "tabcorn.credit", id: 7, bytes: 5 },
  ]);
});

test("a page that has gone leaves with 1001, once", async () => {
  const { calls, detach, say } = setUp();
  await say(opened);
  detach();
  detach();
  assert.deepEqual(calls.slice(1), [["socket_close", 1, 1001, ""]]);
});

test("what comes after the end is dropped", async () => {
  const { calls, heard, sockets, say } = setUp();
  await say(opened);
  sockets.sink.socket_reject(1, 403, "");
  sockets.sink.socket_text(1, "late");
  await say({ type: "websocket.receive", id: 7, text: "late" });
  assert.equal(calls.length, 1);
  assert.deepEqual(heard.map(({ type }) => type), ["tabcorn.abort"]);
  assert.match(heard[0].message, /403/);
});

test("an app that does not come up refuses", async () => {
  const { calls, heard, gateway, say } = setUp();
  gateway.broken = "no app";
  await say(opened);
  assert.deepEqual(calls, []);
  assert.deepEqual(heard, [{ type: "tabcorn.abort", id: 7, message: "no app" }]);
});
