/**
 * zlib's inflate, synchronously: Pyodide's own, which its module exports for shared libraries.
 *
 * Runs in the host worker. `DecompressionStream` is asynchronous, and a file that Python opens must
 * be there when the call returns.
 */

/** @typedef {Record<string, any>} Exports of pyodide.asm.wasm */

/** zlib.h, as a 32-bit machine lays it out. */
const STREAM_SIZE = 56;
const FIELDS = { nextIn: 0, availIn: 4, nextOut: 12, availOut: 16 };
const GZIP = 15 + 16;
const FINISH = 4;
const STREAM_END = 1;

/**
 * @param {Exports} exports
 * @param {Uint8Array} stored a gzip stream
 * @param {number} size of what it unpacks to
 * @returns {Uint8Array<ArrayBuffer>}
 * @throws {Error} when it is not a stream of that size
 */
export function inflate(exports, stored, size) {
  const memory = exports.malloc(stored.length + size + STREAM_SIZE) >>> 0;
  if (!memory) throw new Error("Python's memory is full.");
  try {
    return run(exports, stored, size, memory);
  } finally {
    exports.free(memory);
  }
}

/**
 * @param {Exports} exports
 * @param {Uint8Array} stored
 * @param {number} size
 * @param {number} stream where the memory for all three begins
 */
function run(exports, stored, size, stream) {
  const input = stream + STREAM_SIZE;
  const output = input + stored.length;
  new Uint8Array(exports.memory.buffer, stream, STREAM_SIZE).fill(0);
  new Uint8Array(exports.memory.buffer, input, stored.length).set(stored);
  const view = new DataView(exports.memory.buffer, stream, STREAM_SIZE);
  view.setUint32(FIELDS.nextIn, input, true);
  view.setUint32(FIELDS.availIn, stored.length, true);
  view.setUint32(FIELDS.nextOut, output, true);
  view.setUint32(FIELDS.availOut, size, true);
  exports.inflateInit2_(stream, GZIP, exports.zlibVersion(), STREAM_SIZE);
  const status = exports.inflate(stream, FINISH);
  exports.inflateEnd(stream);
  if (status !== STREAM_END) throw new Error(`Not a gzip stream of ${size} bytes (zlib: ${status}).`);
  return new Uint8Array(exports.memory.buffer, output, size).slice();
}
