/**
 * The shared objects that a snapshot needs, out of the packs they are in.
 *
 * Runs in the worker that makes a snapshot.
 */

/** @import { Pack } from "../files.js" */

/**
 * @param {string[]} paths
 * @param {Pack[]} packs whose bytes are there
 * @returns {Uint8Array<ArrayBuffer>[]} in the order of the paths
 */
export function findLibraries(paths, packs) {
  const found = new Map();
  for (const pack of packs) {
    let offset = 0;
    for (const [folder, ...files] of pack.listing) {
      for (let n = 0; n < files.length; n += 2) {
        const [path, size] = [`${folder}/${files[n]}`, /** @type {number} */ (files[n + 1])];
        if (paths.includes(path)) found.set(path, pack.bytes().slice(offset, offset + size));
        offset += size;
      }
    }
  }
  return paths.map((path) => found.get(path));
}
