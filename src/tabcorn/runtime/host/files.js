/**
 * Fill Pyodide's file system: nodes come from a listing, bytes when a file is first opened.
 *
 * Runs in the host worker and, when the app is rehearsed, under node. A file is there from the start,
 * with its size; nothing is copied or read before somebody opens it. So this is cheap, needs none of
 * the bytes, and may be called before Python starts as well as after.
 */

/**
 * @typedef {[folder: string, ...files: (string | number)[]]} Folder a name and a size for each file, by
 *   turns: `["/home", "a.py", 120, "b.py", 0]`
 *
 * @typedef {object} Pack files whose bytes lie one behind the other, in the order of the listing
 * @property {Folder[]} listing a folder may occur again
 * @property {() => Uint8Array} bytes all of them; called, if ever, by the first file that is opened
 *
 * @typedef {{ pack: Pack, offset: number, size: number }} Source where a file's bytes lie in a pack
 */

/** Python raises OSError with this; Emscripten numbers errors as WASI does. */
const EHOSTUNREACH = 23;

const REGULAR_FILE = 0o100666;

/**
 * @param {any} FS Emscripten's file system
 * @param {Pack[]} packs
 * @param {(path: string) => void} [opened] told of each file that is opened for the first time
 */
export function mountFiles(FS, packs, opened = () => {}) {
  const unread = new Unread(FS, opened);
  for (const pack of packs) {
    let offset = 0;
    for (const [folder, ...files] of pack.listing) {
      FS.mkdirTree(folder);
      const { node } = FS.lookupPath(folder);
      for (let n = 0; n < files.length; n += 2) {
        const size = /** @type {number} */ (files[n + 1]);
        unread.add(node, /** @type {string} */ (files[n]), { pack, offset, size });
        offset += size;
      }
    }
  }
}

/** Files that nobody has opened: their operations are those of any file, less the first opening. */
class Unread {
  /** @type {WeakMap<object, Source>} */
  #sources = new WeakMap();
  /** @type {any} */
  #usual;
  /** @type {any} */
  #node;
  /** @type {any} */
  #stream;

  /**
   * @param {any} FS
   * @param {(path: string) => void} opened
   */
  constructor(FS, opened) {
    this.FS = FS;
    this.opened = opened;
  }

  /**
   * @param {any} folder a node
   * @param {string} name
   * @param {Source} source
   */
  add(folder, name, source) {
    const node = folder.contents[name] ?? folder.node_ops.mknod(folder, name, REGULAR_FILE, 0);
    if (source.size === 0) return;
    if (!this.#usual) this.#learn(node);
    node.usedBytes = source.size;
    node.node_ops = this.#node;
    node.stream_ops = this.#stream;
    this.#sources.set(node, source);
  }

  /** @param {any} node one that was just made */
  #learn({ node_ops, stream_ops }) {
    this.#usual = { node_ops, stream_ops };
    this.#stream = { ...stream_ops, open: (/** @type {any} */ stream) => this.#open(stream) };
    const setattr = (/** @type {any} */ node, /** @type {any} */ attributes) => {
      if (attributes.size === 0) this.#settle(node, new Uint8Array());
      else if (attributes.size !== undefined) this.#fill(node);
      node_ops.setattr(node, attributes);
    };
    this.#node = { ...node_ops, setattr };
  }

  /** @param {any} stream */
  #open(stream) {
    try {
      if (this.#sources.has(stream.node)) this.#fill(stream.node);
    } catch (error) {
      this.FS.closeStream(stream.fd);
      throw error;
    }
    stream.stream_ops = this.#usual.stream_ops;
  }

  /** @param {any} node */
  #fill(node) {
    const { pack, offset, size } = /** @type {Source} */ (this.#sources.get(node));
    this.#settle(node, this.#bytes(pack).subarray(offset, offset + size));
    this.opened(this.FS.getPath(node));
  }

  /** @param {Pack} pack */
  #bytes(pack) {
    try {
      return pack.bytes();
    } catch (error) {
      console.error(error);
      throw new this.FS.ErrnoError(EHOSTUNREACH);
    }
  }

  /**
   * @param {any} node
   * @param {Uint8Array} contents
   */
  #settle(node, contents) {
    this.#sources.delete(node);
    Object.assign(node, this.#usual, { contents });
  }
}
