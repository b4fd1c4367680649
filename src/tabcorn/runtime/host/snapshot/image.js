/**
 * A snapshot as bytes: Python's memory without its empty pages, and what belongs to it.
 *
 * Runs anywhere; knows nothing of Pyodide. The pages are cut into slices, so that each can be checked
 * while the others are still being read. Words are 32 bits wide and in the machine's order, since an
 * image never leaves the browser that made it.
 *
 *     words 0-7  of the head: magic, format, length of the meta data in bytes, number of pages kept,
 *                pages of the memory, 0, two sums over all that follows
 *     then       two sums of each slice, the number of each page kept, meta data (JSON, padded)
 */

const MAGIC = 0x74_63_73_6e;
const FORMAT = 2;
const HEADER = 8;
const PAGE = 65536;

/** So many, however large the memory is: who reads them need not know it. */
export const SLICES = 8;

/**
 * @typedef {Uint8Array<ArrayBuffer>} Bytes a whole buffer
 * @typedef {{ head: Bytes, slices: Bytes[] }} Image
 */

/**
 * @param {Uint8Array} memory a multiple of 64 KiB
 * @param {object} meta what JSON can hold
 * @returns {Image}
 */
export function pack(memory, meta) {
  const kept = fullPages(memory);
  const size = sliceSize(kept.length);
  const slices = Array.from({ length: SLICES }, (_, n) => joined(memory, kept.slice(n * size, (n + 1) * size)));
  const text = padded(new TextEncoder().encode(JSON.stringify(meta)));
  const tables = [...slices.flatMap((slice) => sums(wordsOf(slice))), ...kept];
  const words = new Uint32Array(HEADER + tables.length + text.length / 4);
  const head = new Uint8Array(words.buffer);
  words.set(tables, HEADER);
  head.set(text, head.length - text.length);
  words.set([MAGIC, FORMAT, text.length, kept.length, memory.length / PAGE, 0, ...sums(words.subarray(HEADER))]);
  return { head, slices };
}

/**
 * @param {Promise<Bytes>} head
 * @param {Promise<Bytes>[]} slices
 * @returns {Promise<Unpacked>}
 * @throws {Error} when it is not what `pack` made
 *
 * @typedef {{ meta: any, size: number, restore: (memory: Uint8Array) => void }} Unpacked `size` in bytes
 */
export async function unpack(head, slices) {
  const { meta, pages, kept, expected } = readHead(await head);
  const size = sliceSize(kept.length);
  const checked = await Promise.all(
    slices.map(async (slice, n) => {
      const bytes = await slice;
      const count = kept.subarray(n * size, (n + 1) * size).length;
      if (bytes.length !== count * PAGE) throw new Error("The snapshot is cut short.");
      requireSums(wordsOf(bytes), expected.subarray(n * 2, n * 2 + 2));
      return bytes;
    }),
  );
  const restore = (/** @type {Uint8Array} */ memory) => {
    const filled = checked.reduce((end, slice, n) => fill(memory, end, kept.subarray(n * size, (n + 1) * size), slice), 0);
    memory.fill(0, filled * PAGE);
  };
  return { meta, size: pages * PAGE, restore };
}

/** @param {Bytes} head */
function readHead(head) {
  if (head.length < HEADER * 4 || head.length % 4 !== 0) throw new Error("The snapshot is cut short.");
  const words = wordsOf(head);
  const [magic, format, length = 0, count = 0, pages = 0] = words;
  if (magic !== MAGIC || format !== FORMAT) throw new Error("The snapshot is of another format.");
  requireSums(words.subarray(HEADER), words.subarray(6, 8));
  const kept = HEADER + SLICES * 2;
  return {
    meta: JSON.parse(new TextDecoder().decode(head.subarray(head.length - length))),
    pages,
    expected: words.subarray(HEADER, kept),
    kept: words.subarray(kept, kept + count),
  };
}

/**
 * @param {Uint8Array} memory what no page covers becomes zero
 * @param {number} end of what has been filled, in pages
 * @param {Uint32Array} kept where the pages of the slice belong
 * @param {Uint8Array} slice
 * @returns {number} the end of it now
 */
function fill(memory, end, kept, slice) {
  for (let n = 0; n < kept.length; ) {
    const first = kept[n] ?? 0;
    let count = 1;
    while (kept[n + count] === first + count) count += 1;
    memory.fill(0, end * PAGE, first * PAGE);
    memory.set(slice.subarray(n * PAGE, (n + count) * PAGE), first * PAGE);
    n += count;
    end = first + count;
  }
  return end;
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
 * @param {Uint8Array} memory
 * @param {number[]} pages
 */
function joined(memory, pages) {
  const slice = new Uint8Array(pages.length * PAGE);
  pages.forEach((page, n) => slice.set(memory.subarray(page * PAGE, (page + 1) * PAGE), n * PAGE));
  return slice;
}

/** @param {number} pages */
function sliceSize(pages) {
  return Math.ceil(pages / SLICES);
}

/**
 * @param {Uint32Array} words
 * @param {Uint32Array} expected
 */
function requireSums(words, expected) {
  if (sums(words).some((sum, n) => sum !== expected[n])) throw new Error("The snapshot is damaged.");
}

/**
 * Fletcher's checksum with words for bytes: finds what was cut, zeroed or mixed up on the disk.
 *
 * @param {Uint32Array} words
 */
function sums(words) {
  let first = 0;
  let second = 0;
  for (let n = 0; n < words.length; n += 1) {
    first = (first + /** @type {number} */ (words[n])) | 0;
    second = (second + first) | 0;
  }
  return [first >>> 0, second >>> 0];
}

/** @param {Bytes} bytes */
function wordsOf(bytes) {
  return new Uint32Array(bytes.buffer);
}

/** @param {Uint8Array} text */
function padded(text) {
  const bytes = new Uint8Array(Math.ceil(text.length / 4) * 4).fill(32);
  bytes.set(text);
  return bytes;
}
