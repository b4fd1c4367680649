/**
 * From nothing to an app that has started up: download, interpreter, app.
 *
 * Runs in the host worker. Downloads run side by side and the interpreter starts as soon as its
 * own files are there; whatever goes wrong becomes one `Failure` with its stage and cause.
 */

import { AssetError, Assets } from "../shared/assets.js";
import { loadInterpreter, startServer } from "./interpreter.js";

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
 * @returns {Promise<any>} the bridge: the server's functions
 * @throws {BootFailure}
 */
export async function boot(site, observer, sink) {
  try {
    await checkWebAssembly();
    const assets = new Assets(site);
    const manifest = await assets.manifest();
    observer.manifest(manifest);
    const interpreter = await startInterpreter(assets, manifest, observer);
    observer.progress("app", 0, 0);
    const { result, bridge } = await startServer(interpreter, serverConfig(site, manifest), sink);
    if (result.ok) return bridge;
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
  const total = downloadSize(manifest);
  let loaded = 0;
  const onProgress = (/** @type {number} */ bytes) => {
    loaded += bytes;
    observer.progress("download", loaded, total);
  };
  observer.progress("download", 0, total);

  const open = (/** @type {Asset} */ asset) => assets.open(asset, onProgress);
  const mounts = Promise.all(
    manifest.mounts.map(async ({ at, asset }) => ({ at, tar: await bytes(open(asset)) })),
  );
  mounts.catch(() => {}); // reported when it is awaited below
  const [wasm, stdlib, core] = await Promise.all([
    open(manifest.interpreter.wasm),
    bytes(open(manifest.interpreter.stdlib)),
    importCore(assets, manifest),
  ]);
  await mounts;
  observer.progress("interpreter", 0, 0);
  return loadInterpreter({
    ...core,
    wasm: new Response(wasm.body, { headers: { "content-type": "application/wasm" } }),
    stdlib,
    mounts,
    stdout: observer.stdout,
    stderr: observer.stderr,
  });
}

/**
 * Pyodide's two scripts. When they do not load, look at what the server holds, to say why.
 *
 * @param {Assets} assets
 * @param {Manifest} manifest
 */
async function importCore(assets, manifest) {
  const load = (/** @type {string} */ path) => import(new URL(path, assets.site.base).href);
  try {
    const [pyodide, module] = await Promise.all([
      load("core/pyodide.js"),
      load("core/pyodide.asm.js"),
    ]);
    return { loadPyodide: pyodide.loadPyodide, createPyodideModule: module.default };
  } catch (error) {
    const scripts = manifest.files.filter((file) => file.path.startsWith("core/"));
    await Promise.all(scripts.map((file) => assets.file(file)));
    throw error;
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

/** @param {Manifest} manifest */
function downloadSize({ interpreter, mounts }) {
  const assets = [interpreter.wasm, interpreter.stdlib, ...mounts.map(({ asset }) => asset)];
  return assets.flatMap(({ parts }) => parts).reduce((sum, { size }) => sum + size, 0);
}

/** @param {Promise<Response>} response */
async function bytes(response) {
  return new Uint8Array(await (await response).arrayBuffer());
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
