/**
 * The kept part of the file system as records, one for each path.
 *
 * Runs in the host worker. What came with the build and is as it came has no record: a later build
 * may bring another. What came with it and is gone has one, or it would come back.
 */

/** @import { KeptPaths } from "./paths.js" */

/**
 * @typedef {{ kind: "file", id: number, size: number, mode: number, mtime: number }} FileRecord
 * @typedef {{ kind: "folder", mode: number, mtime: number } | { kind: "link", target: string }
 *   | { kind: "gone" } | FileRecord} NodeRecord
 * @typedef {{ path: string, node: any }} Found
 */

/**
 * @param {any} FS
 * @param {KeptPaths} paths
 * @returns {Found[]} folders before what is in them
 */
export function walk(FS, paths) {
  /** @type {Found[]} */
  const found = [];
  const visit = (/** @type {string} */ path, /** @type {any} */ node) => {
    found.push({ path, node });
    if (FS.isDir(node.mode) && !FS.isMountpoint(node)) {
      for (const [name, child] of Object.entries(node.contents)) visit(`${path}/${name}`, child);
    }
  };
  for (const path of paths.starts) {
    const node = nodeAt(FS, path);
    if (node) visit(path, node);
  }
  return found;
}

/**
 * @param {any} FS
 * @param {string} path
 * @returns {any} the node itself, of a link too; undefined when there is none
 */
export function nodeAt(FS, path) {
  try {
    return FS.lookupPath(path, { follow: false }).node;
  } catch {
    return undefined;
  }
}

/**
 * Make the file system what it was.
 *
 * @param {any} FS
 * @param {Map<string, NodeRecord>} records
 * @param {(id: number, size: number) => Uint8Array} contents of a file
 */
export function apply(FS, records, contents) {
  const paths = [...records.keys()].sort();
  for (const path of paths.toReversed()) {
    if (records.get(path)?.kind === "gone") remove(FS, path);
  }
  for (const path of paths) {
    const record = /** @type {NodeRecord} */ (records.get(path));
    if (record.kind === "gone") continue;
    if (record.kind !== "folder") remove(FS, path);
    FS.mkdirTree(record.kind === "folder" ? path : path.slice(0, path.lastIndexOf("/")) || "/");
    if (record.kind === "link") FS.symlink(record.target, path);
    if (record.kind === "file") FS.writeFile(path, contents(record.id, record.size), { canOwn: true });
  }
  for (const path of paths.toReversed()) {
    const record = /** @type {NodeRecord} */ (records.get(path));
    if (record.kind === "gone" || record.kind === "link") continue;
    Object.assign(nodeAt(FS, path), { mode: record.mode, mtime: record.mtime });
  }
}

/**
 * @param {any} FS
 * @param {string} path
 */
function remove(FS, path) {
  const node = nodeAt(FS, path);
  if (!node) return;
  if (!FS.isDir(node.mode)) return FS.unlink(path);
  for (const name of Object.keys(node.contents)) remove(FS, `${path}/${name}`);
  FS.rmdir(path);
}
