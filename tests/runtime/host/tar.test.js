import assert from "node:assert/strict";
import { test } from "node:test";

import { files } from "../../../src/tabcorn/runtime/host/tar.js";

/**
 * @param {string} name
 * @param {string} content
 * @param {{ kind?: string, prefix?: string }} [more]
 */
function entry(name, content, { kind = "0", prefix = "" } = {}) {
  const header = Buffer.alloc(512);
  const data = Buffer.from(content);
  header.write(name, 0);
  header.write(data.length.toString(8).padStart(11, "0"), 124);
  header.write(kind, 156);
  header.write("ustar\u000000", 257);
  header.write(prefix, 345);
  return Buffer.concat([header, data, Buffer.alloc((512 - (data.length % 512)) % 512)]);
}

const END = Buffer.alloc(1024);

/** @param {Buffer[]} entries */
const read = (...entries) =>
  [...files(new Uint8Array(Buffer.concat([...entries, END])))].map(({ path, data }) => [
    path,
    Buffer.from(data).toString(),
  ]);

test("files come in their order, folders are passed over", () => {
  const tar = [entry("a/", "", { kind: "5" }), entry("a/b.py", "x = 1"), entry("c", "")];
  assert.deepEqual(read(...tar), [["a/b.py", "x = 1"], ["c", ""]]);
});

test("a prefix and a pax path make long names", () => {
  const long = `${"d/".repeat(200)}ü.py`;
  const record = ` path=${long}\n`;
  const length = Buffer.byteLength(record) + 3;
  const pax = entry("x", `${length}${record}`, { kind: "x" });
  assert.deepEqual(read(entry("b.py", "1", { prefix: "a" }), pax, entry("short", "2"), entry("c", "3")), [
    ["a/b.py", "1"],
    [long, "2"],
    ["c", "3"],
  ]);
});

test("names are taken as they are", () => {
  const names = ["trail ", " lead", "a\nb", "q'\"#?%", "\ufeffmark"];
  assert.deepEqual(read(...names.map((name) => entry(name, ""))), names.map((name) => [name, ""]));
});

test("the bytes are the archive's own, not a copy", () => {
  const archive = new Uint8Array(Buffer.concat([entry("a", "abc"), END]));
  const [file] = [...files(archive)];
  assert.equal(file?.data.buffer, archive.buffer);
});

test("an archive that is cut short is an error", () => {
  const archive = new Uint8Array(entry("a", "x".repeat(1000))).subarray(0, 800);
  assert.throws(() => [...files(archive)], /cut short/);
});

test("a symbolic link is an error", () => {
  assert.throws(() => read(entry("a", "", { kind: "2" })), /type '2'/);
});
