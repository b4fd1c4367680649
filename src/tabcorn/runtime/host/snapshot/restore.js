/**
 * Start an interpreter out of a snapshot.
 *
 * Runs in the host worker. A snapshot holds no files, and what it was made of has been imported: they
 * are mounted when Python is up, and unpacked when one of them is opened.
 */

import { mountFiles } from "../files.js";
import { loadInterpreter } from "../interpreter.js";
import { Packs } from "../packs.js";
import { importCore, text } from "../start.js";
import { unpack } from "./image.js";
import { restored } from "./variants.js";

/** @import { Assets, Manifest } from "../../shared/assets.js" */
/** @import { Kept } from "../../shared/snapshots.js" */
/** @import { Observer } from "../boot.js" */
/** @import { Interpreter } from "../interpreter.js" */

/**
 * Everything is in hand then: what waits so long will not come. A machine that took long to get there
 * is slow, or busy.
 */
const PATIENCE_MS = 1000;

/**
 * @param {Kept} kept
 * @param {Assets} assets
 * @param {Manifest} manifest
 * @param {Observer} observer
 * @returns {Promise<{ interpreter: Interpreter, packs: Packs }>}
 * @throws {Error} when it is not good
 */
export async function restore(kept, assets, manifest, observer) {
  const begun = performance.now();
  const packs = new Packs(assets, manifest.packs, observer.stderr);
  const paths = /** @type {{ libraries: string[] }} */ (manifest.snapshot).libraries;
  const module = compile(kept.wasm);
  const image = unpack(kept.head, kept.slices);
  image.catch(() => {}); // reported when it is awaited
  const [core, libraries, listings] = await Promise.all([
    importCore(assets, manifest, { kept: kept.script }),
    Promise.all(kept.libraries.map(compile)),
    text(assets.open(manifest.listings)),
    // What it imports of packages is in the image.
    packs.recall(({ part, later }) => part === "app" && !later),
    module,
  ]);
  const patience = Math.max(PATIENCE_MS, 3 * (performance.now() - begun));
  observer.progress("interpreter", 0, 0);
  const interpreter = await loadInterpreter({
    ...core,
    module,
    packs: [],
    instantiated: (exports) => (packs.exports = exports),
    stdout: observer.stdout,
    stderr: observer.stderr,
    variant: restored(image, named(paths, libraries), patience),
  });
  const { stdlib, others } = packs.mountable(JSON.parse(listings));
  mountFiles(interpreter.FS, [...stdlib, ...others]);
  return { interpreter, packs };
}

/** @param {Response} response */
function compile(response) {
  return WebAssembly.compileStreaming(response);
}

/**
 * @param {string[]} paths
 * @param {WebAssembly.Module[]} modules
 */
export function named(paths, modules) {
  return paths.map((path, n) => ({ path, module: /** @type {WebAssembly.Module} */ (modules[n]) }));
}
