import assert from "node:assert/strict";
import { pbkdf2Sync, scryptSync } from "node:crypto";
import { test } from "node:test";

import { passwords, pbkdf2, scrypt } from "../../../src/tabcorn/runtime/host/passwords.js";

const utf8 = new TextEncoder();
const hex = (/** @type {Uint8Array} */ bytes) => Buffer.from(bytes).toString("hex");

/** @type {[string, string, number, number][]} */
const DERIVED = [
  ["password", "salt", 1, 32],
  ["password", "salt", 2, 20],
  ["password", "salt", 4096, 32],
  ["", "", 3, 1],
  ["p".repeat(64), "s".repeat(51), 5, 100],
  ["p".repeat(200), "s".repeat(60), 5, 64],
  ["grün水", "s", 1000, 33],
];

for (const [password, salt, iterations, length] of DERIVED) {
  test(`pbkdf2 ${password.length} ${salt.length} ${iterations} ${length}`, () => {
    const ours = pbkdf2(utf8.encode(password), utf8.encode(salt), iterations, length);
    assert.equal(hex(ours), hex(pbkdf2Sync(password, salt, iterations, length, "sha256")));
  });

  test(`the same beside ${password.length} ${salt.length} ${iterations} ${length}`, async () => {
    const args = [utf8.encode(password), utf8.encode(salt), iterations, length];
    const ours = await passwords.pbkdf2Beside(.../** @type {[any, any, number, number]} */ (args));
    assert.equal(hex(ours), hex(pbkdf2Sync(password, salt, iterations, length, "sha256")));
  });
}

/** @type {[number, number, number, number][]} */
const SCRYPT = [
  [16, 1, 1, 64],
  [1024, 8, 16, 64],
  [2048, 8, 1, 33],
];

for (const [n, r, p, length] of SCRYPT) {
  test(`scrypt ${n} ${r} ${p} ${length}`, () => {
    const ours = scrypt(utf8.encode("password"), utf8.encode("NaCl"), n, r, p, length);
    assert.equal(hex(ours), hex(scryptSync("password", "NaCl", length, { N: n, r, p })));
  });
}
