/**
 * A socket while its document goes away and comes back. The host and the window are played here.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import vm from "node:vm";

import { after } from "../../../src/tabcorn/runtime/shared/promises.js";

const folder = new URL("../../../src/tabcorn/runtime/page/", import.meta.url);
const source = ["engine", "convert", "handlers", "socket"]
  .map((name) => readFileSync(new URL(`${name}.js`, folder), "utf8"))
  .join("\n");

class CloseEvent extends Event {
  /** @param {string} type @param {{ code: number }} init */
  constructor(type, { code }) {
    super(type);
    this.code = code;
  }
}

/** A window with one open socket, what it has posted to the host, and what its page has heard. */
function setUp() {
  const window = new EventTarget();
  /** @type {any[]} */
  const posted = [];
  /** @type {any} */
  let line;
  class Line {
    /** @param {any} on */
    constructor(on) {
      line = on;
    }
    /** @param {any} message */
    post(message) {
      posted.push(message);
    }
    close() {}
  }
  const page = vm.runInNewContext(`${source}\n(target, url) => new Socket(target, url, [])`, {
    ...{ Line, CloseEvent, Event, EventTarget, MessageEvent, MessageChannel, Blob, console: { error() {} } },
    ...{ navigator: { userAgent: "Firefox/153" }, place: {}, document: {} },
    addEventListener: window.addEventListener.bind(window),
  });
  // Node has no phases at the target: it takes what is added meanwhile when another listener follows.
  window.addEventListener("pagehide", () => {});
  const target = new EventTarget();
  const socket = page(target, new URL("ws://example.org/"));
  socket.connect();
  /** @type {string[]} */
  const heard = [];
  for (const type of ["open", "error", "close"]) {
    target.addEventListener(type, (event) => heard.push([type, /** @type {any} */ (event).code].join(" ")));
  }
  line.message({ type: "websocket.accept", subprotocol: "", cookies: {} });
  return { window, socket, posted, heard };
}

test("what a page sends as it goes comes before its end", () => {
  const { window, socket, posted } = setUp();
  window.addEventListener("pagehide", () => socket.send("bye"));
  window.dispatchEvent(new Event("pagehide"));
  const [message, end] = posted;
  assert.deepEqual([message.type, message.text], ["websocket.receive", "bye"]);
  assert.deepEqual([end.type, end.code], ["websocket.disconnect", 1001]);
});

test("a page that comes back is told that its sockets have closed", async () => {
  const { window, heard } = setUp();
  window.dispatchEvent(new Event("pagehide"));
  await after(10);
  assert.deepEqual(heard, ["open "]);
  window.dispatchEvent(new Event("pageshow"));
  await after(10);
  assert.deepEqual(heard, ["open ", "error ", "close 1006"]);
  window.dispatchEvent(new Event("pageshow"));
  await after(10);
  assert.equal(heard.length, 3);
});
