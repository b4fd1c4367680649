/**
 * What a page gives to a WebSocket: rows of Web IDL's conversions, for each engine where they differ.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import vm from "node:vm";

const folder = new URL("../../../src/tabcorn/runtime/page/", import.meta.url);
const source = ["engine", "convert"]
  .map((name) => readFileSync(new URL(`${name}.js`, folder), "utf8"))
  .join("\n");

const AGENTS = { chromium: "Chrome/156 Safari/537", firefox: "Firefox/153", webkit: "AppleWebKit/605 Safari/605" };

/**
 * @param {keyof typeof AGENTS} engine
 * @param {string} expression
 * @param {object} [given]
 * @returns {any}
 */
function run(engine, expression, given = {}) {
  const globals = { navigator: { userAgent: AGENTS[engine] }, Blob, TextEncoder, TextDecoder, ...given };
  return vm.runInNewContext(`${source}\n${expression}`, globals);
}

/** @type {[any, number, number][]} the value; rounded, as the standard says; cut off */
const CODES = [
  [1000, 1000, 1000],
  ["3000", 3000, 3000],
  [-5, 0, 0],
  [1e9, 65535, 65535],
  [NaN, 0, 0],
  [3000.4, 3000, 3000],
  [3000.5, 3000, 3000],
  [3001.5, 3002, 3001],
  [2999.5, 3000, 2999],
  [null, 0, 0],
  [true, 1, 1],
];

test("a close code is clamped as the engine does it", () => {
  for (const [value, rounded, cut] of CODES) {
    assert.equal(run("firefox", "toClampedShort(value)", { value }), rounded, String(value));
    for (const engine of /** @type {const} */ (["chromium", "webkit"])) {
      assert.equal(run(engine, "toClampedShort(value)", { value }), cut, String(value));
    }
  }
  assert.throws(() => run("firefox", "toClampedShort(1000n)"), { name: "TypeError" });
});

test("protocols are one or many", () => {
  const many = (/** @type {string} */ text) => [...run("chromium", `toProtocols(${text})`)];
  assert.deepEqual(many("undefined"), []);
  assert.deepEqual(many("null"), ["null"]);
  assert.deepEqual(many("'ab'"), ["ab"]);
  assert.deepEqual(many("new String('ab')"), ["a", "b"]);
  assert.deepEqual(many("new Set([1, 'x'])"), ["1", "x"]);
  assert.deepEqual(many("({ length: 1, 0: 'a' })"), ["[object Object]"]);
  for (const wrong of ["Symbol()", "[Symbol()]", "({ [Symbol.iterator]: 5 })", "({ [Symbol.iterator]: () => 5 })"]) {
    assert.throws(() => many(wrong), { name: "TypeError" }, wrong);
  }
});

test("messages are copied; what has no bytes of its own is refused", () => {
  const bytes = (/** @type {string} */ text) => [...new Uint8Array(run("chromium", `toMessage(${text})`))];
  assert.deepEqual(bytes("new Uint8Array([1, 2, 3]).subarray(1)"), [2, 3]);
  assert.deepEqual(bytes("new DataView(new Uint8Array([1, 2, 3]).buffer, 1, 1)"), [2]);
  assert.deepEqual(bytes("(() => { const it = new Uint8Array(3); it.buffer.transfer(); return it; })()"), []);
  assert.equal(run("chromium", "const it = new ArrayBuffer(2); toMessage(it) !== it"), true);
  for (const wrong of [
    "new ArrayBuffer(1, { maxByteLength: 2 })",
    "new Uint8Array(new ArrayBuffer(1, { maxByteLength: 2 }))",
    "new SharedArrayBuffer(1)",
    "new Uint8Array(new SharedArrayBuffer(1))",
  ]) {
    assert.throws(() => run("chromium", `toMessage(${wrong})`), { name: "TypeError" }, wrong);
  }
  assert.equal(run("chromium", "toMessage('a\\ud800b')"), "a\ufffdb");
  assert.equal(run("chromium", "toMessage('\\ufeff')"), "\ufeff");
  assert.equal(run("chromium", "toMessage(5)"), "5");
});

test("sizes are those of the bytes", () => {
  for (const text of ["", "a", "é", "€", "😀", "aé€😀"]) {
    assert.equal(run("chromium", "sizeOf(text)", { text }), Buffer.byteLength(text), text);
  }
  assert.equal(run("chromium", "sizeOf(new ArrayBuffer(5))"), 5);
  assert.equal(run("chromium", "sizeOf(new Blob(['abc']))"), 3);
  const overheads = [0, 125, 126, 65535, 65536].map((size) => run("webkit", "frameOverhead(size)", { size }));
  assert.deepEqual(overheads, [6, 6, 8, 8, 14]);
});

/** @type {[string[], string, Record<keyof typeof AGENTS, string | undefined>][]} */
const AGREED = [
  [[], "", { chromium: "", firefox: "", webkit: "" }],
  [["a"], "a", { chromium: "a", firefox: "a", webkit: "a" }],
  [["a"], "", { chromium: undefined, firefox: "", webkit: "" }],
  [["a"], "A", { chromium: undefined, firefox: undefined, webkit: "A" }],
  [["a"], "b", { chromium: undefined, firefox: undefined, webkit: undefined }],
  [[], "b", { chromium: undefined, firefox: "", webkit: undefined }],
];

test("a subprotocol is agreed on as the engine does it", () => {
  for (const [offered, chosen, expected] of AGREED) {
    for (const [engine, protocol] of Object.entries(expected)) {
      const name = /** @type {keyof typeof AGENTS} */ (engine);
      assert.equal(run(name, "quirks.agree(offered, chosen)", { offered, chosen }), protocol, `${engine} ${offered} ${chosen}`);
    }
  }
});
