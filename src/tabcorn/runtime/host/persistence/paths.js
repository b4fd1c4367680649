/**
 * Which files are kept: those that `--persist` names, and what lies below.
 *
 * Pure.
 */

/** What SQLite puts beside a database, without which the database may be in the middle of a change. */
const BESIDE = ["-journal", "-wal", "-shm"];

export class KeptPaths {
  /** @param {string[]} paths absolute; a folder need not be there, and ends with a slash then */
  constructor(paths) {
    this.folders = paths.filter((path) => path.endsWith("/")).map(withoutSlash);
    this.roots = paths.map(withoutSlash);
  }

  /** @param {string} path absolute, normal */
  cover(path) {
    return this.roots.some(
      (root) => path === root || path.startsWith(`${root}/`) || BESIDE.some((suffix) => path === root + suffix),
    );
  }

  /** Where to look for what is kept: a walk from these meets all of it. */
  get starts() {
    return this.roots.flatMap((root) => [root, ...BESIDE.map((suffix) => root + suffix)]);
  }
}

/** @param {string} path */
function withoutSlash(path) {
  return path.replace(/\/+$/, "");
}
