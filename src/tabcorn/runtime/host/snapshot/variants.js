/**
 * How an interpreter is started so that its memory can be kept, or out of memory that was kept.
 *
 * Runs in the host worker, in the worker that makes a snapshot, and under node. All that is known
 * here of Pyodide's insides (314.0) is not part of its API: `_makeSnapshot`, `_loadSnapshot`, `API`
 * and Emscripten's `LDSO`. Functions of shared objects are numbers in the memory: they are the same
 * only if the objects are loaded in the same order, before anything else, into a table as large.
 */

import { pack } from "./image.js";

/**
 * @typedef {{ path: string, module: WebAssembly.Module }} Library a shared object, compiled
 *
 * @typedef {object} Variant a way to start an interpreter
 * @property {object} options more options of `loadPyodide`
 * @property {number} [patience] ms after which it is given up, if it waits for something
 * @property {(module: any) => void} beforeMain Python has not begun to run
 * @property {(module: any) => void | Promise<void>} created it has, unless its memory is to be restored
 */

/** @type {Variant} */
export const PLAIN = { options: {}, beforeMain: () => {}, created: () => {} };

/**
 * To be kept.
 *
 * @param {Library[]} libraries
 * @returns {Variant}
 */
export function toBeKept(libraries) {
  return {
    options: { _makeSnapshot: true },
    beforeMain: (module) => load(module, libraries),
    created: () => {},
  };
}

/**
 * The memory of an interpreter that was started `toBeKept`, as an image.
 *
 * @param {import("../interpreter.js").Interpreter} interpreter
 * @returns {import("./image.js").Image}
 */
export function keep(interpreter) {
  return pack(interpreter._module.HEAPU8, stateOf(interpreter));
}

/**
 * What belongs to that memory and is not in it.
 *
 * Its scripts get `js` as a proxy that remembers paths: nothing else of JavaScript's may be held by
 * Python now, or else this throws.
 *
 * @param {import("../interpreter.js").Interpreter} interpreter
 */
export function stateOf({ _api, _module, loadedPackages }) {
  for (const name of Object.keys(loadedPackages)) delete loadedPackages[name]; // as at a restore
  const { loadedLibsByHandle } = _module.LDSO;
  const handles = Object.entries(loadedLibsByHandle).filter(([handle]) => handle !== "0");
  return {
    objects: _api.serializeHiwireState(),
    handles: handles.map(([handle, { name }]) => [handle, name]),
  };
}

/**
 * Out of an image, which is waited for when all else is there.
 *
 * @param {Promise<import("./image.js").Unpacked>} image
 * @param {Library[]} libraries
 * @param {number} patience ms
 * @returns {Variant}
 */
export function restored(image, libraries, patience) {
  return {
    options: { _loadSnapshot: new Uint8Array(0) },
    patience,
    beforeMain: (module) => load(module, libraries),
    created: async (module) => {
      const { meta, size, restore } = await image;
      if (module.HEAPU8.length < size) module.growMemory(size);
      module.API.restoreSnapshot = () => {
        restore(module.HEAPU8);
        const { loadedLibsByHandle, loadedLibsByName } = module.LDSO;
        for (const [handle, name] of meta.handles) loadedLibsByHandle[handle] = loadedLibsByName[name];
        return meta.objects;
      };
    },
  };
}

/**
 * Instantiate shared objects before Python asks for them: its `dlopen` finds them loaded.
 *
 * @param {any} module
 * @param {Library[]} libraries
 */
function load(module, libraries) {
  for (const { path, module: compiled } of libraries) {
    const library = module.newDSO(path, undefined, "loading");
    library.refcount = Infinity;
    library.global = false;
    library.exports = module.loadWebAssemblyModule(compiled, {}, path, {});
  }
}
