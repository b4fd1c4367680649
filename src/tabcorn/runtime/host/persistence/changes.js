/**
 * What has changed in Emscripten's file system since it was last stored.
 *
 * Runs in the host worker. The functions that all files and folders in memory share (MEMFS's) are
 * wrapped: each change of a kept file is noted as the numbers of the blocks that it touched. Of names,
 * modes and times it is noted that there is news: what is there then is compared with what is stored.
 * Nothing is copied before it is stored.
 */

/** @import { KeptPaths } from "./paths.js" */

/** @typedef {Map<any, Set<number>>} Blocks their numbers, by the file's node */

/** Bytes that are stored as one. */
export const BLOCK = 16 * 1024;

/** Bytes: about what a name costs. */
const ENTRY = 512;

/** Python raises OSError with this; Emscripten numbers errors as WASI does. */
const ENOSPC = 51;

export class Changes {
  /** Those that were written. @type {Blocks} */
  #blocks = new Map();
  #news = false;

  /**
   * @param {any} FS Emscripten's
   * @param {KeptPaths} paths
   * @param {object} around
   * @param {(bytes: number) => boolean} around.takeRoom whether kept files may grow by so much, and shall
   * @param {() => void} around.begun there is something to store now
   */
  constructor(FS, paths, around) {
    this.FS = FS;
    this.paths = paths;
    this.around = around;
    this.#watchFolders(FS.lookupPath("/").node.node_ops);
    this.#watchFiles();
  }

  /** Whether anything has changed since `take`. */
  get news() {
    return this.#news;
  }

  /** @returns {Blocks} what is forgotten with this */
  take() {
    const taken = this.#blocks;
    this.#blocks = new Map();
    this.#news = false;
    return taken;
  }

  /** They could not be stored, and are no news. @param {Blocks} blocks */
  putBack(blocks) {
    for (const [node, numbers] of blocks) this.#blocks.set(node, numbers.union(this.#blocks.get(node) ?? new Set()));
  }

  /** @param {Record<string, Function>} ops of folders */
  #watchFolders(ops) {
    const { mknod, rename, unlink, rmdir, symlink, setattr } = /** @type {any} */ ({ ...ops });
    const inFolder = (/** @type {Function} */ op, /** @type {number} */ room) => (/** @type {any[]} */ ...args) => {
      const [parent, name] = args;
      const path = this.#pathIn(parent, name);
      this.#requireRoom(path, room);
      const result = op(...args);
      this.#note(path);
      return result;
    };
    Object.assign(ops, {
      mknod: inFolder(mknod, ENTRY),
      unlink: inFolder(unlink, 0),
      rmdir: inFolder(rmdir, 0),
      symlink: inFolder(symlink, ENTRY),
      rename: (/** @type {any} */ node, /** @type {any} */ folder, /** @type {string} */ name) => {
        const before = this.FS.getPath(node);
        rename(node, folder, name);
        this.#note(before);
        this.#note(this.#pathIn(folder, name));
      },
      setattr: this.#withNote(setattr),
    });
  }

  #watchFiles() {
    const { FS } = this;
    const probe = "/tabcorn-probe";
    FS.writeFile(probe, "");
    FS.symlink(probe, `${probe}-link`);
    const file = FS.lookupPath(probe).node;
    const link = FS.lookupPath(`${probe}-link`).node; // not followed
    FS.unlink(`${probe}-link`);
    FS.unlink(probe);
    link.node_ops.setattr = this.#withNote(link.node_ops.setattr);
    this.#watchSizes(file.node_ops);
    this.#watchWrites(file.stream_ops);
  }

  /** @param {Record<string, Function>} ops of files */
  #watchSizes(ops) {
    const setattr = /** @type {Function} */ (ops["setattr"]);
    ops["setattr"] = (/** @type {any} */ node, /** @type {any} */ attributes) => {
      const before = node.usedBytes;
      const { size } = attributes;
      const path = this.FS.getPath(node);
      if (size !== undefined) this.#requireRoom(path, size - before);
      setattr(node, attributes);
      if (!this.#note(path) || size === undefined) return;
      this.#touch(node, Math.min(before, size), Math.max(before, size));
    };
  }

  /** @param {Record<string, Function>} ops of open files */
  #watchWrites(ops) {
    const { write, msync } = /** @type {any} */ ({ ...ops });
    ops["write"] = (/** @type {any[]} */ ...args) => {
      const [{ node }, , , length, position] = args;
      const path = this.FS.getPath(node);
      if (!this.paths.cover(path)) return write(...args);
      this.#requireRoom(path, position + length - node.usedBytes);
      const before = node.usedBytes;
      const written = write(...args);
      this.#touch(node, Math.min(before, position), position + written);
      return written;
    };
    ops["msync"] = (/** @type {any[]} */ ...args) => {
      const [{ node }, , offset, length] = args;
      const result = msync(...args);
      if (this.paths.cover(this.FS.getPath(node))) this.#touch(node, offset, offset + length);
      return result;
    };
  }

  /** @param {Function} setattr */
  #withNote(setattr) {
    return (/** @type {any} */ node, /** @type {any} */ attributes) => {
      setattr(node, attributes);
      this.#note(this.FS.getPath(node));
    };
  }

  /**
   * @param {any} folder
   * @param {string} name
   */
  #pathIn(folder, name) {
    return `${this.FS.getPath(folder)}/${name}`.replace(/^\/\//, "/");
  }

  /** @param {string} path @returns {boolean} whether it is kept */
  #note(path) {
    if (!this.paths.cover(path)) return false;
    this.#begin();
    return true;
  }

  /**
   * @param {any} node
   * @param {number} begin
   * @param {number} end
   */
  #touch(node, begin, end) {
    this.#begin();
    let numbers = this.#blocks.get(node);
    if (!numbers) this.#blocks.set(node, (numbers = new Set()));
    for (let n = Math.floor(begin / BLOCK); n * BLOCK < end; n += 1) numbers.add(n);
  }

  #begin() {
    if (this.#news) return;
    this.#news = true;
    this.around.begun();
  }

  /**
   * @param {string} path
   * @param {number} more bytes
   */
  #requireRoom(path, more) {
    if (more <= 0 || !this.paths.cover(path)) return;
    if (!this.around.takeRoom(more)) throw new this.FS.ErrnoError(ENOSPC);
  }
}
