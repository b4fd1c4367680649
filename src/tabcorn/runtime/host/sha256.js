/**
 * SHA-256 (FIPS 180-4), synchronously: WebCrypto has it as a promise only.
 *
 * Runs in the host worker, and in node when a build tries the app.
 */

const K = roundConstants();
export const START = [
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
];
const W = new Int32Array(64);

/** The fractional parts of the cube roots of the first 64 primes (FIPS 180-4, 4.2.2). */
function roundConstants() {
  /** @type {number[]} */
  const primes = [];
  for (let n = 2; primes.length < 64; n++) if (primes.every((p) => n % p)) primes.push(n);
  return Int32Array.from(primes, (p) => (Math.cbrt(p) % 1) * 2 ** 32);
}

/**
 * One block of SHA-256 (FIPS 180-4, 6.2.2).
 *
 * @param {Int32Array} state of 8 words, changed
 * @param {Int32Array} block of 16 words
 */
export function compress(state, block) {
  for (let i = 0; i < 16; i++) W[i] = at(block, i);
  for (let i = 16; i < 64; i++) {
    const x = at(W, i - 15);
    const y = at(W, i - 2);
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    W[i] = (at(W, i - 16) + s0 + at(W, i - 7) + s1) | 0;
  }
  let a = at(state, 0);
  let b = at(state, 1);
  let c = at(state, 2);
  let d = at(state, 3);
  let e = at(state, 4);
  let f = at(state, 5);
  let g = at(state, 6);
  let h = at(state, 7);
  for (let i = 0; i < 64; i++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + at(K, i) + at(W, i)) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  state[0] = at(state, 0) + a;
  state[1] = at(state, 1) + b;
  state[2] = at(state, 2) + c;
  state[3] = at(state, 3) + d;
  state[4] = at(state, 4) + e;
  state[5] = at(state, 5) + f;
  state[6] = at(state, 6) + g;
  state[7] = at(state, 7) + h;
}

/** @param {Int32Array} words  @param {number} i */
export function at(words, i) {
  return /** @type {number} */ (words[i]);
}

/**
 * @param {Uint8Array} message
 * @param {Int32Array} [from] the state after `before` bytes
 * @param {number} [before]
 */
export function sha256(message, from = Int32Array.from(START), before = 0) {
  const state = from.slice();
  const padded = new Uint8Array(Math.ceil((message.length + 9) / 64) * 64);
  padded.set(message);
  padded[message.length] = 0x80;
  new DataView(padded.buffer).setUint32(padded.length - 4, (before + message.length) * 8);
  const words = toWords(padded);
  for (let i = 0; i < words.length; i += 16) compress(state, words.subarray(i, i + 16));
  return state;
}

/** @param {Uint8Array} bytes */
export function toWords(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Int32Array.from({ length: bytes.length / 4 }, (_, i) => view.getInt32(i * 4));
}

/** @param {Int32Array} words */
export function toBytes(words) {
  const bytes = new Uint8Array(words.length * 4);
  const view = new DataView(bytes.buffer);
  words.forEach((word, i) => view.setInt32(i * 4, word));
  return bytes;
}

/**
 * @param {Uint8Array} message
 * @returns {string} hex
 */
export function hexSha256(message) {
  return Array.from(toBytes(sha256(message)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
