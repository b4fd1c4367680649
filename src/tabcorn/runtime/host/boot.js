/**
 * From nothing to an app that has started up: download, interpreter, app.
 *
 * Runs in the host worker. Downloads run side by side and the interpreter starts as soon as its
 * own files are there; whatever goes wrong becomes one `Failure` with its stage and cause.
 */

import { AssetError, Assets } from "../shared/assets.js";
import { addFiles, loadInterpreter, startServer } from "./interpreter.js";
import { Packs } from "./packs.js";

/** @import { BootStep, Failure } from "../protocol.js" */
/** @import { Asset, Manifest } from "../shared/assets.js" */
/** @import { Site } from "../shared/site.js" */

/** The boot cannot go on, and `failure` says why. */
export class BootFailure extends Error {
  /** @param {Failure} failure */
  constructor(failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/**
 * @typedef {object} Observer
 * @property {(step: BootStep, loaded: number, total: number) => void} progress
 * @property {(line: string) => void} stdout
 * @property {(line: string) => void} stderr
 * @property {(manifest: Manifest) => void} manifest
 */

/**
 * @param {Site} site
 * @param {Observer} observer
 * @param {object} sink see `tabcorn.server.bridge`
 * @returns {Promise<{ bridge: any, packs: Packs }>} the bridge has the server's functions
 * @throws {BootFailure}
 */
export async function boot(site, observer, sink) {
  try {
    await checkWebAssembly();
    const assets = new Assets(site);
    const manifest = await assets.manifest();
    observer.manifest(manifest);
    const { interpreter, packs } = await startInterpreter(assets, manifest, observer);
    observer.progress("app", 0, 0);
    const { result, bridge } = await startServer(interpreter, serverConfig(site, manifest), sink);
    if (result.ok) return { bridge, packs };
    throw new BootFailure({
      stage: /** @type {Failure["stage"]} */ (result.stage),
      message: result.message,
      detail: result.traceback,
    });
  } catch (error) {
    throw asBootFailure(error);
  }
}

/**
 * @param {Assets} assets
 * @param {Manifest} manifest
 * @param {Observer} observer
 */
async function startInterpreter(assets, manifest, observer) {
  const onProgress = progressOf(manifest, observer);
  const packs = new Packs(assets, manifest.packs, observer.stderr);
  const recalled = packs.recall();
  const module = compile(assets, manifest.interpreter.wasm, onProgress);
  module.catch(() => {}); // reported when it is awaited
  const [listings, core] = await Promise.all([
    text(assets.open(manifest.listings, onProgress)),
    importCore(assets, manifest, onProgress),
    packs.load(["python"], onProgress),
  ]);
  const forApp = packs.load(["packages", "app"], onProgress);
  forApp.catch(() => {}); // reported when it is awaited
  await module;
  observer.progress("interpreter", 0, 0);
  const { stdlib, others } = packs.mountable(JSON.parse(listings));
  const interpreter = await loadInterpreter({
    ...core,
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
 * @param {Observer} observer
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
 * @param {(bytes: number) => void} onProgress
 */
async function importCore(assets, manifest, onProgress) {
  const load = (/** @type {string} */ path) => import(new URL(path, assets.site.base).href);
  try {
    const [pyodide, module] = await Promise.all([
      load("core/pyodide.js"),
      importUnpacked(assets, manifest.interpreter.script, onProgress).catch(() => load(manifest.spare.path)),
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
 * @param {(bytes: number) => void} onProgress
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

/** An empty module: fails where WebAssembly is missing, or where a policy forbids it. */
async function checkWebAssembly() {
  try {
    await WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
  } catch (error) {
    throw new BootFailure({
      stage: "browser",
      message:
        "WebAssembly is blocked here, and Python needs it. It may be switched off in the " +
        "browser (a lockdown or hardened mode), or forbidden by a Content-Security-Policy " +
        "header of this server, which then needs script-src 'wasm-unsafe-eval'.",
      detail: String(error),
    });
  }
}

/**
 * @param {Site} site
 * @param {Manifest} manifest
 */
function serverConfig(site, manifest) {
  const scheme = site.root.protocol.slice(0, -1);
  const port = Number(site.root.port) || (scheme === "https" ? 443 : 80);
  return {
    ...manifest.app,
    root_path: site.rootPath,
    scheme,
    server: [site.root.hostname, port],
  };
}

/** @param {Promise<Response>} response */
async function text(response) {
  return (await response).text();
}

/** @param {unknown} error */
function asBootFailure(error) {
  if (error instanceof BootFailure) return error;
  const cause = error instanceof Error ? error : new Error(String(error));
  if (cause instanceof AssetError) {
    return new BootFailure({ stage: "asset", message: cause.message, detail: "" });
  }
  return new BootFailure({
    stage: "interpreter",
    message: `Python could not be started: ${cause.message}`,
    detail: cause.stack ?? "",
  });
}
