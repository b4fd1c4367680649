/**
 * From the site's files to an interpreter: what it needs is downloaded side by side.
 *
 * Runs in the host worker and in the worker that makes a snapshot.
 */

import { addFiles, loadInterpreter } from "./interpreter.js";
import { Packs } from "./packs.js";

/** @import { Asset, Assets, Manifest } from "../shared/assets.js" */
/** @import { Observer } from "./boot.js" */
/** @import { Pack } from "./files.js" */
/** @import { Interpreter } from "./interpreter.js" */
/** @import { Variant } from "./snapshot/variants.js" */

/**
 * Start one from what the builder made, and mount all files.
 *
 * @param {Assets} assets
 * @param {Manifest} manifest
 * @param {Pick<Observer, "progress" | "stdout" | "stderr">} observer
 * @param {(packs: Pack[]) => Promise<Variant>} [variantOf] given what can be read before Python is up
 * @returns {Promise<{ interpreter: Interpreter, packs: Packs }>}
 */
export async function startInterpreter(assets, manifest, observer, variantOf) {
  const onProgress = progressOf(manifest, observer);
  const packs = new Packs(assets, manifest.packs, observer.stderr);
  const recalled = packs.recall(({ later }) => later);
  const module = compile(assets, manifest.interpreter.wasm, onProgress);
  module.catch(() => {}); // reported when it is awaited
  const [listings, core] = await Promise.all([
    text(assets.open(manifest.listings, onProgress)),
    importCore(assets, manifest, { onProgress }),
    packs.load(["python"], onProgress),
  ]);
  const forApp = packs.load(["packages", "app"], onProgress);
  forApp.catch(() => {}); // reported when it is awaited
  await module;
  observer.progress("interpreter", 0, 0);
  const { stdlib, others } = packs.mountable(JSON.parse(listings));
  const variant = variantOf && (await forApp.then(() => variantOf(others)));
  const interpreter = await loadInterpreter({
    ...core,
    ...(variant && { variant }),
    module,
    packs: stdlib,
    instantiated: (exports) => (packs.exports = exports),
    stdout: observer.stdout,
    stderr: observer.stderr,
  });
  addFiles(interpreter, others);
  await Promise.all([forApp, recalled]);
  return { interpreter, packs };
}

/**
 * @param {Manifest} manifest
 * @param {Pick<Observer, "progress">} observer
 */
function progressOf(manifest, observer) {
  const { interpreter, listings, packs } = manifest;
  const needed = packs.filter(({ later }) => !later).map(({ asset }) => asset);
  const parts = [...Object.values(interpreter), listings, ...needed].flatMap((asset) => asset.parts);
  const total = parts.reduce((sum, { size }) => sum + size, 0);
  let loaded = 0;
  const onProgress = (/** @type {number} */ bytes) => {
    loaded += bytes;
    observer.progress("download", Math.min(loaded, total), total);
  };
  onProgress(0);
  return onProgress;
}

/**
 * Compile while the bytes come in. When that fails, look at the whole file, to say why.
 *
 * @param {Assets} assets
 * @param {Asset} wasm
 * @param {(bytes: number) => void} onProgress
 */
async function compile(assets, wasm, onProgress) {
  const compiled = (/** @type {Response} */ { body }) =>
    WebAssembly.compileStreaming(new Response(body, { headers: { "content-type": "application/wasm" } }));
  try {
    return await compiled(await assets.stream(wasm, onProgress));
  } catch {
    return compiled(await assets.open(wasm));
  }
}

/**
 * Pyodide's two scripts. When they do not load, look at what the server holds, to say why.
 *
 * @param {Assets} assets
 * @param {Manifest} manifest
 * @param {{ onProgress?: (bytes: number) => void, kept?: string }} [options] `kept` is the address
 *   of the second script as it is run, where there is one
 * @returns {Promise<{ loadPyodide: (options: object) => Promise<any>,
 *   createPyodideModule: (settings: object) => Promise<any> }>}
 */
export async function importCore(assets, manifest, { onProgress, kept } = {}) {
  const load = (/** @type {string} */ path) => import(new URL(path, assets.site.base).href);
  try {
    const [pyodide, module] = await Promise.all([
      load("core/pyodide.js"),
      (kept ? import(kept) : Promise.reject())
        .catch(() => importUnpacked(assets, manifest.interpreter.script, onProgress))
        .catch(() => load(manifest.spare.path)),
    ]);
    return { loadPyodide: pyodide.loadPyodide, createPyodideModule: module.default };
  } catch (error) {
    const scripts = manifest.files.filter((file) => file.path.startsWith("core/"));
    await Promise.all([...scripts, manifest.spare].map((file) => assets.file(file)));
    throw error;
  }
}

/**
 * Hosts that do not compress would send four times the bytes.
 *
 * @param {Assets} assets
 * @param {Asset} script
 * @param {(bytes: number) => void} [onProgress]
 */
async function importUnpacked(assets, script, onProgress) {
  const source = await (await assets.open(script, onProgress)).blob();
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  try {
    return await import(url);
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** @param {Promise<Response>} response */
export async function text(response) {
  return (await response).text();
}
