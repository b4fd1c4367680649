/**
 * Start CPython (Pyodide) and the server in it, from bytes that are already in hand.
 *
 * Runs in the host worker and, unchanged, under node when `tabcorn build` rehearses the app.
 * Nothing here fetches: Pyodide asks for its files by URL, and is answered from memory. (Under
 * node it reads its .wasm from disk and nothing else will do: pass `indexURL` there.)
 */

import { files } from "./tar.js";

/** A folder that exists nowhere: what is fetched below it is served from memory. */
const CORE = "https://tabcorn.invalid/core/";

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
 */

/**
 * @typedef {object} Parts
 * @property {(options: object) => Promise<any>} loadPyodide from pyodide.mjs
 * @property {(settings: object) => Promise<any>} createPyodideModule default export of pyodide.asm.mjs
 * @property {Response} [wasm] pyodide.asm.wasm, served as application/wasm
 * @property {string} [indexURL] node: the folder that holds pyodide.asm.wasm
 * @property {Uint8Array<ArrayBuffer>} stdlib the standard library as a zip, compiled
 * @property {{ at: string, tar: Uint8Array }[] | Promise<{ at: string, tar: Uint8Array }[]>} mounts
 * @property {(line: string) => void} stdout
 * @property {(line: string) => void} stderr
 */

/**
 * Start an interpreter with its archives mounted.
 *
 * @param {Parts} parts
 * @returns {Promise<Interpreter>}
 */
export async function loadInterpreter(parts) {
  const { loadPyodide, createPyodideModule, wasm, stdlib, mounts, stdout, stderr } = parts;
  const served = new Map([[`${CORE}stdlib.zip`, new Response(stdlib)]]);
  if (wasm) served.set(`${CORE}pyodide.asm.wasm`, wasm);
  const restoreFetch = answerFromMemory(served);
  const instantiation = watchInstantiation();
  try {
    const loaded = loadPyodide({
      indexURL: parts.indexURL ?? CORE,
      stdLibURL: `${CORE}stdlib.zip`,
      packageBaseUrl: CORE,
      lockFileContents: NO_PACKAGES,
      createPyodideModule,
      stdout,
      stderr,
      fsInit: async (/** @type {any} */ FS) => {
        for (const { at, tar } of await mounts) mount(FS, at, tar);
      },
    });
    return await Promise.race([loaded, instantiation.failed]);
  } finally {
    restoreFetch();
    instantiation.restore();
  }
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
 * Files become nodes that point into the archive (`canOwn`): nothing is copied.
 *
 * @param {any} FS
 * @param {string} at
 * @param {Uint8Array} tar
 */
function mount(FS, at, tar) {
  const made = new Set();
  for (const { path, data } of files(tar)) {
    const full = `${at}/${path}`;
    const folder = full.slice(0, full.lastIndexOf("/"));
    if (!made.has(folder)) {
      FS.mkdirTree(folder);
      made.add(folder);
    }
    FS.writeFile(full, data, { canOwn: true });
  }
  if (made.size === 0) FS.mkdirTree(at);
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
 * Pyodide logs a failed instantiation and then waits for ever; this makes it an error.
 *
 * @returns {{ failed: Promise<never>, restore: () => void }}
 */
function watchInstantiation() {
  const { instantiateStreaming } = WebAssembly;
  /** @type {(reason: unknown) => void} */
  let fail = () => {};
  const failed = new Promise((_, reject) => (fail = reject));
  failed.catch(() => {}); // nobody waits for it once Pyodide is up
  WebAssembly.instantiateStreaming = async (source, imports) => {
    try {
      return await instantiateStreaming.call(WebAssembly, source, imports);
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
