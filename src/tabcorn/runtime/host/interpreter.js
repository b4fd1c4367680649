/**
 * Start CPython (Pyodide) and the server in it, from bytes that are already in hand.
 *
 * Runs in the host worker and, unchanged, under node when `tabcorn build` rehearses the app.
 * Nothing here fetches: Pyodide asks for its files by URL, and is answered from memory. (Under
 * node it reads its .wasm from disk and nothing else will do: pass `indexURL` there.)
 */

import { after } from "../shared/promises.js";
import { mountFiles } from "./files.js";
import { PLAIN } from "./snapshot/variants.js";

/** @import { Pack } from "./files.js" */
/** @import { Exports } from "./inflate.js" */
/** @import { Variant } from "./snapshot/variants.js" */

/** A folder that exists nowhere: what is fetched below it is served from memory. */
const CORE = "https://tabcorn.invalid/core/";

/** On Python's path by Pyodide's own making: a zip there, a folder here. */
const STDLIB = "/lib/python314.zip";

const SITE_PACKAGES = "/lib/python3.14/site-packages";

/** By then Python's loop has run what was due. */
const SETTLED_MS = 20;

/** Pyodide wants its package index; a site has no packages to install at run time. */
const NO_PACKAGES = {
  info: {
    abi_version: "2026_0",
    arch: "wasm32",
    platform: "emscripten_5_0_3",
    python: "3.14.2",
    version: "314.0.7",
  },
  packages: {},
};

/**
 * @typedef {object} Interpreter what the rest of the runtime needs of a Pyodide
 * @property {(name: string) => any} pyimport
 * @property {any} FS Emscripten's file system
 * @property {any} _module Emscripten's module
 * @property {any} _api Pyodide's own
 * @property {Record<string, string>} loadedPackages what Pyodide has found installed
 */

/**
 * @typedef {object} Parts
 * @property {(options: object) => Promise<any>} loadPyodide from pyodide.mjs
 * @property {(settings: object) => Promise<any>} createPyodideModule default export of pyodide.asm.mjs
 * @property {Promise<WebAssembly.Module>} [module] pyodide.asm.wasm, compiled
 * @property {string} [indexURL] node: the folder that holds pyodide.asm.wasm
 * @property {Uint8Array<ArrayBuffer>} [stdlib] the standard library as a zip, where no pack has it
 * @property {Pack[]} packs what Python needs to start
 * @property {(path: string) => void} [opened] told of each file of a pack that is opened
 * @property {(exports: Exports) => void} [instantiated] given what the module exports
 * @property {Record<string, string>} [env] environment variables that CPython itself reads
 * @property {(line: string) => void} stdout
 * @property {(line: string) => void} stderr
 * @property {Variant} [variant] how it is started
 */

/**
 * Start an interpreter with its files mounted.
 *
 * @param {Parts} parts
 * @returns {Promise<Interpreter>}
 */
export async function loadInterpreter(parts) {
  const { loadPyodide, createPyodideModule, module, stdlib, packs, variant = PLAIN } = parts;
  const served = new Map([[`${CORE}stdlib.zip`, new Response(stdlib)]]);
  if (module) served.set(`${CORE}pyodide.asm.wasm`, new Response());
  const restoreFetch = answerFromMemory(served);
  const instantiation = watchInstantiation(module, parts.instantiated);
  /** @type {any} */
  let emscripten;
  try {
    const loaded = loadPyodide({
      indexURL: parts.indexURL ?? CORE,
      stdLibURL: `${CORE}stdlib.zip`,
      packageBaseUrl: CORE,
      lockFileContents: NO_PACKAGES,
      env: { ...parts.env },
      stdout: parts.stdout,
      stderr: parts.stderr,
      ...variant.options,
      createPyodideModule: async (/** @type {object} */ settings) => {
        emscripten = settings;
        await createPyodideModule(settings);
        await variant.created(emscripten);
        return emscripten;
      },
      fsInit: async (/** @type {any} */ FS) => {
        if (!stdlib) await makeRoomForStdlib(FS);
        mountFiles(FS, packs, parts.opened);
        variant.beforeMain(emscripten);
      },
    });
    return await Promise.race([loaded, instantiation.failed, ...impatient(variant.patience)]);
  } finally {
    restoreFetch();
    instantiation.restore();
  }
}

/** @param {number} [ms] */
function impatient(ms) {
  const late = async () => {
    await after(/** @type {number} */ (ms));
    throw new Error(`Python did not come up within ${ms} ms.`);
  };
  return ms === undefined ? [] : [late()];
}

/**
 * Pyodide writes the zip that it is given, here an empty one, at about this time.
 *
 * @param {any} FS
 */
async function makeRoomForStdlib(FS) {
  while (!FS.analyzePath(STDLIB).exists) await new Promise((resolve) => setTimeout(resolve));
  FS.unlink(STDLIB);
}

/**
 * Put packages and the app on top. Not before Python is up, since Pyodide would read the metadata of
 * every package then, which may still be on its way, and which nobody else wants to know.
 *
 * @param {Interpreter} interpreter
 * @param {Pack[]} packs
 * @param {(path: string) => void} [opened]
 */
export function addFiles(interpreter, packs, opened) {
  mountFiles(interpreter.FS, packs, opened);
  interpreter.pyimport("importlib").invalidate_caches();
  interpreter.pyimport("site").addsitedir(SITE_PACKAGES); // for .pth files
}

/**
 * Import the app and run its startup.
 *
 * @param {Interpreter} interpreter
 * @param {object} config `config_json` of `tabcorn.server.bridge.start`
 * @param {object} sink receives what the server sends; see `tabcorn.server.bridge`
 * @returns {Promise<{ result: StartResult, bridge: any }>}
 *
 * @typedef {{ ok: true } | { ok: false, stage: string, message: string, traceback: string }} StartResult
 */
export async function startServer(interpreter, config, sink) {
  const bridge = interpreter.pyimport("tabcorn.server.bridge");
  const result = JSON.parse(await bridge.start(JSON.stringify(config), sink));
  return { result, bridge };
}

/**
 * Import packages ahead of the app.
 *
 * @param {Interpreter} interpreter
 * @param {object} config as for `startServer`
 * @param {string[]} modules
 * @returns {Promise<Preloaded>}
 *
 * @typedef {{ imported: string[], failed: Record<string, string>, libraries: string[] }} Preloaded
 *   `libraries` are the paths of the shared objects that are loaded now, in their order
 */
export async function preload(interpreter, config, modules) {
  const bridge = interpreter.pyimport("tabcorn.server.bridge");
  const told = await bridge.prepare(JSON.stringify(config), JSON.stringify(modules));
  bridge.destroy();
  await after(SETTLED_MS);
  const libraries = Object.keys(interpreter._module.LDSO.loadedLibsByName);
  return { ...JSON.parse(told), libraries: libraries.filter((name) => name !== "__main__") };
}

/**
 * Pyodide looks `fetch` up on the global object for its two files, before its first await on
 * anything of ours; node's Pyodide does so too for an address with a scheme.
 *
 * @param {Map<string, Response>} served
 * @returns {() => void} puts the real fetch back
 */
function answerFromMemory(served) {
  const realFetch = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    return served.get(url) ?? realFetch(input, init);
  };
  return () => {
    globalThis.fetch = realFetch;
  };
}

/**
 * Instantiate what is compiled already. And Pyodide logs a failed instantiation and then waits for
 * ever: this makes it an error.
 *
 * @param {Promise<WebAssembly.Module>} [compiled]
 * @param {(exports: Exports) => void} [instantiated]
 * @returns {{ failed: Promise<never>, restore: () => void }}
 */
function watchInstantiation(compiled, instantiated = () => {}) {
  const { instantiateStreaming } = WebAssembly;
  /** @type {(reason: unknown) => void} */
  let fail = () => {};
  const failed = new Promise((_, reject) => (fail = reject));
  failed.catch(() => {}); // nobody waits for it once Pyodide is up
  WebAssembly.instantiateStreaming = async (source, imports) => {
    try {
      if (!compiled) return await instantiateStreaming.call(WebAssembly, source, imports);
      const module = await compiled;
      const instance = await WebAssembly.instantiate(module, imports);
      instantiated(instance.exports);
      return { module, instance };
    } catch (error) {
      fail(error);
      throw error;
    }
  };
  return {
    failed: /** @type {Promise<never>} */ (failed),
    restore: () => {
      WebAssembly.instantiateStreaming = instantiateStreaming;
    },
  };
}
