/**
 * A snapshot as bytes: Python's memory without its empty pages, and what belongs to it.
 *
 * Runs anywhere; knows nothing of Pyodide. Words are 32 bits wide and in the machine's order, since
 * an image never leaves the browser that made it. All lengths are multiples of a word.
 *
 *     words 0-7   magic, format, length of the meta data in bytes, number of pages kept, pages of the
 *                 memory, two sums over all that follows, 0
 *     then        meta data (JSON, padded with spaces), the number of each page kept, the pages
 */

const MAGIC = 0x74_63_73_6e;
const FORMAT = 1;
const HEADER = 8;
const PAGE = 65536;

/**
 * @param {Uint8Array} memory a multiple of 64 KiB
 * @param {object} meta what JSON can hold
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function pack(memory, meta) {
  const kept = fullPages(memory);
  const text = padded(new TextEncoder().encode(JSON.stringify(meta)));
  const start = HEADER * 4 + text.length + kept.length * 4;
  const image = new Uint8Array(start + kept.length * PAGE);
  const words = new Uint32Array(image.buffer);
  image.set(text, HEADER * 4);
  words.set(kept, HEADER + text.length / 4);
  kept.forEach((page, n) => image.set(memory.subarray(page * PAGE, (page + 1) * PAGE), start + n * PAGE));
  words.set([MAGIC, FORMAT, text.length, kept.length, memory.length / PAGE, ...sums(words)]);
  return image;
}

/**
 * @param {Uint8Array<ArrayBuffer>} image a whole buffer
 * @returns {{ meta: any, size: number, restore: (memory: Uint8Array) => void }} `size` in bytes
 * @throws {Error} when it is not what `pack` made
 */
export function unpack(image) {
  if (image.length < HEADER * 4 || image.length % 4 !== 0) throw new Error("The snapshot is cut short.");
  const words = new Uint32Array(image.buffer);
  const [magic, format, length = 0, count = 0, pages = 0, ...expected] = words.subarray(0, 7);
  if (magic !== MAGIC || format !== FORMAT) throw new Error("The snapshot is of another format.");
  const start = HEADER * 4 + length + count * 4;
  if (image.length !== start + count * PAGE) throw new Error("The snapshot is cut short.");
  if (sums(words).some((sum, n) => sum !== expected[n])) throw new Error("The snapshot is damaged.");
  const text = new TextDecoder().decode(image.subarray(HEADER * 4, HEADER * 4 + length));
  const kept = words.subarray(HEADER + length / 4, start / 4);
  return {
    meta: JSON.parse(text),
    size: pages * PAGE,
    restore: (memory) => fill(memory, kept, image.subarray(start)),
  };
}

/**
 * @param {Uint8Array} memory all that the pages do not cover becomes zero
 * @param {Uint32Array} kept
 * @param {Uint8Array} pages
 */
function fill(memory, kept, pages) {
  let end = 0; // of what has been filled, in pages
  for (let n = 0; n < kept.length; ) {
    const first = kept[n] ?? 0;
    let count = 1;
    while (kept[n + count] === first + count) count += 1;
    memory.fill(0, end * PAGE, first * PAGE);
    memory.set(pages.subarray(n * PAGE, (n + count) * PAGE), first * PAGE);
    n += count;
    end = first + count;
  }
  memory.fill(0, end * PAGE);
}

/**
 * The numbers of the pages that hold something.
 *
 * @param {Uint8Array} memory
 */
function fullPages(memory) {
  const full = [];
  for (let page = 0; page < memory.length / PAGE; page += 1) {
    const words = new Uint32Array(memory.buffer, memory.byteOffset + page * PAGE, PAGE / 4);
    if (words.some((word) => word !== 0)) full.push(page);
  }
  return full;
}

/**
 * Fletcher's checksum with words for bytes: finds what was cut, zeroed or mixed up on the disk.
 *
 * @param {Uint32Array} words
 */
function sums(words) {
  let first = 0;
  let second = 0;
  for (let n = HEADER; n < words.length; n += 1) {
    first = (first + /** @type {number} */ (words[n])) | 0;
    second = (second + first) | 0;
  }
  return [first >>> 0, second >>> 0];
}

/** @param {Uint8Array} text */
function padded(text) {
  const bytes = new Uint8Array(Math.ceil(text.length / 4) * 4).fill(32);
  bytes.set(text);
  return bytes;
}
