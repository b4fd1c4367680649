/**
 * Password hashing: PBKDF2-HMAC-SHA-256 (RFC 8018) and scrypt (RFC 7914), synchronously.
 *
 * Runs in the host worker, and in node when a build tries the app. Pyodide has no OpenSSL, which
 * gives CPython these two; WebCrypto has the first, but only as a promise.
 */

import { START, at, compress, sha256, toBytes, toWords } from "./sha256.js";

/**
 * The two states that HMAC begins with for a key (RFC 2104).
 *
 * @param {Uint8Array} password
 */
function keyStates(password) {
  const key = new Uint8Array(64);
  key.set(password.length > 64 ? toBytes(sha256(password)) : password);
  return [0x36, 0x5c].map((pad) => {
    const state = Int32Array.from(START);
    compress(state, toWords(key.map((byte) => byte ^ pad)));
    return state;
  });
}

/**
 * @param {Uint8Array} password
 * @param {Uint8Array} salt
 * @param {number} iterations
 * @param {number} length in bytes
 * @returns {Uint8Array}
 */
export function pbkdf2(password, salt, iterations, length) {
  const [inner, outer] = /** @type {[Int32Array, Int32Array]} */ (keyStates(password));
  const blocks = Math.ceil(length / 32);
  const output = new Uint8Array(blocks * 32);
  for (let n = 1; n <= blocks; n++) {
    const first = new Uint8Array([...salt, n >>> 24, n >>> 16, n >>> 8, n]);
    const u = sha256(toBytes(sha256(first, inner, 64)), outer, 64);
    output.set(toBytes(chain(u, inner, outer, iterations)), (n - 1) * 32);
  }
  return output.slice(0, length);
}

/**
 * U1 xor U2 xor ...: each is the HMAC of the one before, two blocks of SHA-256.
 *
 * @param {Int32Array} u
 * @param {Int32Array} inner
 * @param {Int32Array} outer
 * @param {number} iterations
 */
function chain(u, inner, outer, iterations) {
  const sum = u.slice();
  const block = new Int32Array(16);
  block[8] = 0x80000000;
  block[15] = (64 + 32) * 8;
  const state = new Int32Array(8);
  block.set(u);
  for (let i = 1; i < iterations; i++) {
    state.set(inner);
    compress(state, block);
    block.set(state);
    state.set(outer);
    compress(state, block);
    block.set(state);
    for (let j = 0; j < 8; j++) sum[j] = at(sum, j) ^ at(state, j);
  }
  return sum;
}

/**
 * The same, by the browser's own code and beside everything else, for those who can wait.
 *
 * @param {Uint8Array<ArrayBuffer>} password
 * @param {Uint8Array<ArrayBuffer>} salt
 * @param {number} iterations
 * @param {number} length in bytes
 */
async function pbkdf2Beside(password, salt, iterations, length) {
  if (!globalThis.crypto?.subtle) return pbkdf2(password, salt, iterations, length);
  const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
  return new Uint8Array(await crypto.subtle.deriveBits(how, key, length * 8));
}

/**
 * @param {Uint8Array} password
 * @param {Uint8Array} salt
 * @param {number} n
 * @param {number} r
 * @param {number} p
 * @param {number} length in bytes
 * @returns {Uint8Array}
 */
export function scrypt(password, salt, n, r, p, length) {
  const bytes = pbkdf2(password, salt, 1, p * 128 * r);
  const blocks = new Int32Array(bytes.buffer); // little-endian, as every browser's machine is
  for (let i = 0; i < p; i++) mix(blocks.subarray(i * 32 * r, (i + 1) * 32 * r), n, r);
  return pbkdf2(password, bytes, 1, length);
}

/**
 * scryptROMix (RFC 7914, 5).
 *
 * @param {Int32Array} x changed
 * @param {number} n
 * @param {number} r
 */
function mix(x, n, r) {
  const size = 32 * r;
  const memory = new Int32Array(n * size);
  const scratch = new Int32Array(size);
  for (let i = 0; i < n; i++) {
    memory.set(x, i * size);
    blockMix(x, scratch, r);
  }
  for (let i = 0; i < n; i++) {
    const j = (at(x, size - 16) & (n - 1)) * size;
    for (let k = 0; k < size; k++) x[k] = at(x, k) ^ at(memory, j + k);
    blockMix(x, scratch, r);
  }
}

/**
 * scryptBlockMix (RFC 7914, 4).
 *
 * @param {Int32Array} b changed
 * @param {Int32Array} y as long as b
 * @param {number} r
 */
function blockMix(b, y, r) {
  const x = b.slice(-16);
  for (let i = 0; i < 2 * r; i++) {
    for (let k = 0; k < 16; k++) x[k] = at(x, k) ^ at(b, i * 16 + k);
    salsa(x);
    y.set(x, ((i & 1) * r + (i >> 1)) * 16);
  }
  b.set(y);
}

const scratch16 = new Int32Array(16);

/**
 * Salsa20/8 (RFC 7914, 3).
 *
 * @param {Int32Array} x changed
 */
function salsa(x) {
  const z = scratch16;
  z.set(x);
  for (let round = 0; round < 4; round++) {
    quarter(z, 0, 4, 8, 12);
    quarter(z, 5, 9, 13, 1);
    quarter(z, 10, 14, 2, 6);
    quarter(z, 15, 3, 7, 11);
    quarter(z, 0, 1, 2, 3);
    quarter(z, 5, 6, 7, 4);
    quarter(z, 10, 11, 8, 9);
    quarter(z, 15, 12, 13, 14);
  }
  for (let i = 0; i < 16; i++) x[i] = at(x, i) + at(z, i);
}

/**
 * @param {Int32Array} z
 * @param {number} a
 * @param {number} b
 * @param {number} c
 * @param {number} d
 */
function quarter(z, a, b, c, d) {
  let t = (at(z, a) + at(z, d)) | 0;
  z[b] = at(z, b) ^ ((t << 7) | (t >>> 25));
  t = (at(z, b) + at(z, a)) | 0;
  z[c] = at(z, c) ^ ((t << 9) | (t >>> 23));
  t = (at(z, c) + at(z, b)) | 0;
  z[d] = at(z, d) ^ ((t << 13) | (t >>> 19));
  t = (at(z, d) + at(z, c)) | 0;
  z[a] = at(z, a) ^ ((t << 18) | (t >>> 14));
}

export const passwords = { pbkdf2, pbkdf2Beside, scrypt };
