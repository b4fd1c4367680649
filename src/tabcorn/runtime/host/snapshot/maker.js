/**
 * Makes a snapshot for the next boot: an interpreter with the app's packages imported, then kept.
 *
 * A dedicated worker that the shell starts when the tab is idle, and ends at the first message: an
 * empty string, or why there is no snapshot.
 */

import { Assets } from "../../shared/assets.js";
import { Site } from "../../shared/site.js";
import { Snapshots } from "../../shared/snapshots.js";
import { serverConfig } from "../config.js";
import { preload } from "../interpreter.js";
import { startInterpreter } from "../start.js";
import { findLibraries } from "./libraries.js";
import { clearFree, freeLibraryFiles } from "./memory.js";
import { named } from "./restore.js";
import { keep, toBeKept } from "./variants.js";

const SILENT = { progress: () => {}, stdout: () => {}, stderr: () => {} };

const site = Site.of(import.meta.url);

async function make() {
  const assets = new Assets(site);
  const manifest = await assets.manifest();
  const { modules, libraries: paths } = /** @type {NonNullable<typeof manifest.snapshot>} */ (manifest.snapshot);
  /** @type {Uint8Array<ArrayBuffer>[]} */
  let libraries = [];
  const { interpreter, packs } = await startInterpreter(assets, manifest, SILENT, async (mounted) => {
    libraries = findLibraries(paths, mounted);
    return toBeKept(named(paths, await Promise.all(libraries.map((each) => WebAssembly.compile(each)))));
  });
  const { failed, ...loaded } = await preload(interpreter, serverConfig(site, manifest), modules);
  if (Object.keys(failed).length > 0) throw new Error(JSON.stringify(failed));
  if (String(loaded.libraries) !== String(paths)) throw new Error(`It loads ${loaded.libraries}`);
  const [script, wasm] = await Promise.all([
    blob(assets.open(manifest.interpreter.script)),
    blob(assets.open(manifest.interpreter.wasm)),
  ]);
  freeLibraryFiles(interpreter._module);
  if (packs.exports) clearFree(packs.exports);
  const snapshots = await Snapshots.of(site, manifest);
  await snapshots?.keep({ image: keep(interpreter), script, wasm, libraries });
}

/** @param {Promise<Response>} response */
async function blob(response) {
  return (await response).blob();
}

make().then(
  () => postMessage(""),
  (error) => postMessage(String(error)),
);
