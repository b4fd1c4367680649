/**
 * Make memory that nobody needs zero: pages of zeros are left out of an image (image.js).
 *
 * Runs in the worker that makes a snapshot.
 */

/** @import { Exports } from "../inflate.js" */

/** Emscripten's `struct dso` (system/lib/libc/dynlink.h), in words of 32 bits. */
const FILE_DATA = 7;
const FILE_SIZE = 8;

const LARGEST = 8 * 1024 * 1024;
/** Smaller pieces seldom make a page empty. */
const SMALLEST = 4096;

/**
 * Free the files of shared objects, which Emscripten keeps to load them in further threads.
 *
 * @param {any} module Emscripten's, without threads
 */
export function freeLibraryFiles(module) {
  for (const handle of Object.keys(module.LDSO.loadedLibsByHandle).map(Number)) {
    if (handle === 0) continue; // the program itself
    const dso = module.HEAPU32.subarray(handle / 4);
    module._free(dso[FILE_DATA]);
    dso.fill(0, FILE_DATA, FILE_SIZE + 1);
  }
}

/**
 * Zero what was freed, which still holds what was in it: files that were unpacked, bytecode.
 *
 * Allocate all that there is without asking for more, and give it back.
 *
 * @param {Exports} exports of a module with Emscripten's dlmalloc
 */
export function clearFree(exports) {
  exports.malloc_set_footprint_limit(exports.malloc_footprint());
  const held = [];
  for (let size = LARGEST; size >= SMALLEST; size /= 2) {
    for (let at; (at = exports.malloc(size) >>> 0); held.push(at)) {
      new Uint8Array(exports.memory.buffer, at, size).fill(0);
    }
  }
  held.forEach((at) => exports.free(at));
  exports.malloc_set_footprint_limit(-1);
}
