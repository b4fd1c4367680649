/**
 * Exchanges and the gateway together, over a real MessageChannel: only Python is played here.
 */
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { Gateway } from "../../../src/tabcorn/runtime/host/gateway.js";
import { Outbox } from "../../../src/tabcorn/runtime/host/outbox.js";
import { after } from "../../../src/tabcorn/runtime/shared/promises.js";
import { Site, WINDOW } from "../../../src/tabcorn/runtime/shared/site.js";
import { RequestBody } from "../../../src/tabcorn/runtime/sw/body.js";
import { Broken, Exchange } from "../../../src/tabcorn/runtime/sw/exchange.js";
import { Link, NoHost } from "../../../src/tabcorn/runtime/sw/link.js";

const site = new Site(new URL("https://example.org/"), "0123abcd");
const head = { method: "GET", path: "/", query: "", headers: [], port: 1, credentials: true };

/** @type {MessagePort[]} */
let ports = [];
afterEach(() => {
  for (const port of ports) port.close();
  ports = [];
});

/** Remembers what the server in Python is told. */
class Bridge {
  /** @type {any[][]} */
  calls = [];
  /** @type {(...args: any[]) => void} */
  onOpen = () => {};
  /** @param {any[]} args */
  open(...args) {
    this.calls.push(["open", ...args]);
    this.onOpen(...args);
  }
  /** @param {any[]} args */
  feed(...args) {
    this.calls.push(["feed", ...structuredClone(args)]);
  }
  /** @param {any[]} args */
  grant(...args) {
    this.calls.push(["grant", ...args]);
  }
  /** @param {any[]} args */
  disconnect(...args) {
    this.calls.push(["disconnect", ...args]);
  }
}

/** @param {Gateway} gateway */
function portTo(gateway) {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  gateway.attach(port1);
  return port2;
}

/** A host that is up, and a link to it. */
function setUp({ open = true } = {}) {
  const bridge = new Bridge();
  const gateway = new Gateway("host-1", site.build, new Outbox());
  if (open) gateway.open(bridge);
  /** @type {Link} */
  const link = new Link(site, async () => {
    link.adopt(portTo(gateway));
    return 1;
  });
  return { bridge, gateway, link };
}

/** @param {() => boolean} condition */
async function until(condition) {
  for (let i = 0; i < 200 && !condition(); i++) await after(5);
  assert.ok(condition());
}

const bytes = (/** @type {string} */ text) => Uint8Array.from(Buffer.from(text));

test("a request arrives with all that belongs to it, and so does the response", async () => {
  const { bridge, gateway, link } = setUp();
  bridge.onOpen = (key) => {
    gateway.sink.start(key, 201, "Created", "content-type\ntext/plain\nset-cookie\na\nset-cookie\nb");
    gateway.sink.body(key, bytes("hello "), true);
    gateway.sink.body(key, bytes("world"), false);
  };
  const exchange = new Exchange(
    link,
    { ...head, method: "POST", path: "/a%20b", query: "c=d", headers: [["x-a", "1"], ["x-a", "2"]] },
    await RequestBody.of(new Blob(["body"])),
  );
  const { status, reason, headers, body } = await exchange.answer();
  assert.deepEqual([status, reason], [201, "Created"]);
  assert.deepEqual(headers, [["content-type", "text/plain"], ["set-cookie", "a"], ["set-cookie", "b"]]);
  assert.equal(await new Response(body).text(), "hello world");
  const [, , method, path, query, flat, port, sent, more] = bridge.calls[0] ?? [];
  assert.deepEqual([method, path, query, flat, port], ["POST", "/a%20b", "c=d", "x-a\n1\nx-a\n2", 1]);
  assert.equal(Buffer.from(sent).toString(), "body");
  assert.equal(more, false);
});

test("what the app sends at once comes in one message, what it sends at length in several", async () => {
  const { bridge, gateway } = setUp();
  /** @type {string[]} */
  const seen = [];
  const port = portTo(gateway);
  port.onmessage = ({ data }) => seen.push(`${data.type} ${data.body && Buffer.from(data.body)} ${data.more_body}`);
  const answers = [
    (/** @type {number} */ key) => gateway.sink.body(key, bytes("all"), false),
    (/** @type {number} */ key) => {
      gateway.sink.body(key, bytes("first"), true);
      gateway.sink.body(key, bytes("last"), false);
    },
    (/** @type {number} */ key) => {
      gateway.sink.flush(); // before sync code
      gateway.sink.body(key, bytes("late"), false);
    },
    (/** @type {number} */ key) => void after(5).then(() => gateway.sink.body(key, bytes("later"), false)),
  ];
  bridge.onOpen = (key) => {
    gateway.sink.start(key, 200, "OK", "");
    answers[key - 1]?.(key);
  };
  for (const id of [1, 2, 3, 4]) {
    port.postMessage({ type: "tabcorn.request", id, ...head, body: undefined, more_body: false });
    await after(30);
  }
  assert.deepEqual(seen.filter((line) => /response/.test(line)), [
    "http.response.start all false",
    "http.response.start first true",
    "http.response.body last false",
    "http.response.start undefined undefined",
    "http.response.body late false",
    "http.response.start undefined undefined",
    "http.response.body later false",
  ]);
});

test("a body that came whole can be read as a stream all the same, and needs no credit", async () => {
  const { bridge, gateway, link } = setUp();
  bridge.onOpen = (key) => {
    gateway.sink.start(key, 200, "OK", "");
    gateway.sink.body(key, bytes("all"), false);
  };
  const exchange = new Exchange(link, head, RequestBody.none());
  const answer = await exchange.answer();
  await exchange.over;
  assert.equal(Buffer.from(/** @type {ArrayBuffer} */ (answer.whole)).toString(), "all");
  assert.equal(await new Response(answer.body).text(), "all");
  assert.deepEqual(bridge.calls.map(([name]) => name), ["open"]);
});

test("requests that come before the app is up are answered when it is", async () => {
  const { bridge, gateway, link } = setUp({ open: false });
  bridge.onOpen = (key) => {
    gateway.sink.start(key, 200, "OK", "");
    gateway.sink.body(key, bytes("late"), false);
  };
  const answer = new Exchange(link, head, RequestBody.none()).answer();
  await after(20);
  gateway.open(bridge);
  assert.equal(await new Response((await answer).body).text(), "late");
});

test("many small chunks are credited together", async () => {
  const { bridge, gateway, link } = setUp();
  bridge.onOpen = (key) => {
    gateway.sink.start(key, 200, "OK", "");
    for (let i = 0; i < 200; i++) gateway.sink.body(key, new Uint8Array(1024), true);
  };
  const { body } = await new Exchange(link, head, RequestBody.none()).answer();
  const reader = body.getReader();
  for (let i = 0; i < 200; i++) await reader.read();
  await after(20);
  const grants = bridge.calls.filter(([name]) => name === "grant").map(([, , bytes]) => bytes);
  assert.ok(grants.length > 0 && grants.length < 4, `${grants}`);
  await reader.cancel();
});

test("when the app cannot come up, requests fail and say why", async () => {
  const { gateway, link } = setUp({ open: false });
  const answer = new Exchange(link, head, RequestBody.none()).answer();
  await after(20);
  gateway.close("No such module");
  await assert.rejects(answer, (error) => error instanceof Broken && error.message === "No such module");
});

test("credit is given only as the page reads", async () => {
  const { bridge, gateway, link } = setUp();
  let key = 0;
  bridge.onOpen = (opened) => {
    key = opened;
    gateway.sink.start(key, 200, "OK", "");
    for (let i = 0; i < 4; i++) gateway.sink.body(key, new Uint8Array(WINDOW / 4), true);
  };
  const { body } = await new Exchange(link, head, RequestBody.none()).answer();
  await after(30);
  const granted = () =>
    bridge.calls.filter(([name]) => name === "grant").reduce((sum, [, , n]) => sum + n, 0);
  const unread = granted();
  assert.ok(unread < WINDOW, `credit of ${unread} without a reader`);
  const reader = body.getReader();
  for (let i = 0; i < 4; i++) await reader.read();
  await until(() => granted() === WINDOW);
  await reader.cancel();
});

test("a large upload waits for the app to read it", async () => {
  const { bridge, gateway, link } = setUp();
  const size = 3 * WINDOW;
  bridge.onOpen = (key) => gateway.sink.start(key, 200, "OK", "");
  const { body } = await new Exchange(
    link,
    { ...head, method: "POST" },
    await RequestBody.of(new Blob([new ArrayBuffer(size)])),
  ).answer();
  const fed = () =>
    bridge.calls.filter(([name]) => name === "feed").reduce((sum, call) => sum + call[2].byteLength, 0);
  await after(50);
  assert.ok(fed() <= WINDOW + 256 * 1024, `${fed()} bytes went up unread`);
  const key = bridge.calls[0]?.[1];
  gateway.sink.consumed(key, WINDOW);
  gateway.sink.consumed(key, WINDOW);
  await until(() => fed() === size);
  await until(() => bridge.calls.at(-1)?.[3] === false);
  await body.cancel();
});

test("an answer that does not wait for the upload ends the upload", async () => {
  const { bridge, gateway, link } = setUp();
  bridge.onOpen = (key) => {
    gateway.sink.start(key, 413, "Content Too Large", "");
    gateway.sink.body(key, bytes("too large"), false);
  };
  const body = await RequestBody.of(new Blob([new ArrayBuffer(5 * WINDOW)]));
  const answer = await new Exchange(link, { ...head, method: "POST" }, body).answer();
  assert.equal(await new Response(answer.body).text(), "too large");
  await after(50); // a loop that waits for credit would never get here
  const sent = bridge.calls.filter(([name]) => name === "feed").length;
  await after(50);
  assert.equal(bridge.calls.filter(([name]) => name === "feed").length, sent);
});

test("a request that is given up before its answer rejects, and is told to the app once", async () => {
  const { bridge, link } = setUp();
  const exchange = new Exchange(link, head, RequestBody.none());
  const answer = exchange.answer();
  await until(() => bridge.calls.length === 1);
  exchange.cancel();
  exchange.cancel();
  await assert.rejects(answer, Broken);
  await exchange.over;
  await after(20);
  assert.equal(bridge.calls.filter(([name]) => name === "disconnect").length, 1);
});

test("what a service worker had asked for that was ended is disconnected", async () => {
  const { bridge, gateway } = setUp();
  const introduced = (/** @type {string} */ sw) => {
    const port = portTo(gateway);
    port.postMessage({ type: "tabcorn.sw.introduced", sw });
    return port;
  };
  const request = { type: "tabcorn.request", id: 1, ...head, body: undefined, more_body: false };
  introduced("first").postMessage(request);
  portTo(gateway).postMessage(request); // of a page, which no service worker's end concerns
  await until(() => bridge.calls.length === 2);
  introduced("first");
  await after(20);
  assert.equal(bridge.calls.length, 2);
  introduced("second");
  await until(() => bridge.calls.length === 3);
  assert.deepEqual(bridge.calls[2], ["disconnect", bridge.calls[0]?.[1]]);
});

test("a fault of the server's own breaks the request and not the host", async () => {
  const { bridge, link } = setUp();
  bridge.onOpen = () => {
    throw new Error("out of memory");
  };
  const answer = new Exchange(link, head, RequestBody.none()).answer();
  await assert.rejects(answer, /out of memory/);
});

test("a page that stops reading is a disconnect", async () => {
  const { bridge, gateway, link } = setUp();
  bridge.onOpen = (key) => gateway.sink.start(key, 200, "OK", "");
  const exchange = new Exchange(link, head, RequestBody.none());
  const { body } = await exchange.answer();
  await body.cancel();
  await exchange.over;
  await until(() => bridge.calls.some(([name]) => name === "disconnect"));
});

test("a response that breaks is an error to the page, never a clean end", async () => {
  const { bridge, gateway, link } = setUp();
  bridge.onOpen = (key) => {
    gateway.sink.start(key, 200, "OK", "");
    gateway.sink.body(key, bytes("half"), true);
    gateway.sink.abort(key, "the app raised");
  };
  const { body } = await new Exchange(link, head, RequestBody.none()).answer();
  await assert.rejects(new Response(body).text());
});

test("what came before a break is read before the error", async () => {
  const { bridge, gateway, link } = setUp();
  bridge.onOpen = (key) => {
    gateway.sink.start(key, 200, "OK", "");
    gateway.sink.body(key, bytes("first "), true);
    gateway.sink.body(key, bytes("second"), true);
    gateway.sink.abort(key, "the app raised");
  };
  const { body } = await new Exchange(link, head, RequestBody.none()).answer();
  await after(30); // all of it has come, and nothing was read
  const reader = body.getReader();
  for (const part of ["first ", "second"]) {
    assert.equal(Buffer.from((await reader.read()).value ?? []).toString(), part);
  }
  await assert.rejects(reader.read(), /the app raised/);
});

test("a request that finds a dead host is sent to the one that took its place", async () => {
  const { bridge, gateway } = setUp();
  bridge.onOpen = (key) => {
    gateway.sink.start(key, 200, "OK", "");
    gateway.sink.body(key, bytes("from the new one"), false);
  };
  const dead = new Gateway("host-0", site.build, new Outbox());
  const hosts = [dead, gateway];
  /** @type {Link} */
  const link = new Link(site, async () => {
    link.adopt(portTo(hosts.shift() ?? gateway));
    return 1;
  });
  await link.connection();
  for (const port of ports) port.onmessage ??= null;
  ports[0]?.close(); // it died: no event tells
  const { body } = await new Exchange(link, head, await RequestBody.of(new Blob(["again"]))).answer();
  assert.equal(await new Response(body).text(), "from the new one");
  assert.equal(Buffer.from(bridge.calls[0]?.[7]).toString(), "again");
});

test("a slow host is waited for and asked only once", async () => {
  const { bridge, gateway, link } = setUp();
  await link.connection();
  const receive = ports[0]?.onmessage;
  const port = /** @type {MessagePort} */ (ports[0]);
  port.onmessage = async (event) => {
    await after(1500); // Python computes
    receive?.call(port, event);
  };
  bridge.onOpen = (key) => {
    gateway.sink.start(key, 200, "OK", "");
    gateway.sink.body(key, bytes("done"), false);
  };
  const { body } = await new Exchange(link, head, RequestBody.none()).answer();
  assert.equal(await new Response(body).text(), "done");
  assert.equal(bridge.calls.filter(([name]) => name === "open").length, 1);
});

test("without any tab there is no host", async () => {
  const link = new Link(site, async () => 0);
  await assert.rejects(link.connection(), NoHost);
});

test("a host of another build is not listened to", async () => {
  const other = new Gateway("host-9", "ffff", new Outbox());
  const { gateway } = setUp();
  const hosts = [other, gateway];
  /** @type {Link} */
  const link = new Link(site, async () => {
    link.adopt(portTo(hosts.shift() ?? gateway));
    return 1;
  });
  assert.equal((await link.connection()).host, "host-1");
});
