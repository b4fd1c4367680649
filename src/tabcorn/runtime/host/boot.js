/**
 * From nothing to an app that has started up: download, interpreter, app.
 *
 * Runs in the host worker. Downloads run side by side and the interpreter starts as soon as its
 * own files are there; whatever goes wrong becomes one `Failure` with its stage and cause.
 */

import { AssetError, Assets } from "../shared/assets.js";
import { Snapshots } from "../shared/snapshots.js";
import { serverConfig } from "./config.js";
import { startServer } from "./interpreter.js";
import { restore } from "./snapshot/restore.js";
import { startInterpreter } from "./start.js";

/** @import { BootStep, Failure, Ready } from "../protocol.js" */
/** @import { Manifest } from "../shared/assets.js" */
/** @import { Site } from "../shared/site.js" */
/** @import { Interpreter } from "./interpreter.js" */
/** @import { Packs } from "./packs.js" */

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
 * @property {(FS: any) => Promise<void>} mounted the build's files are there, and the app has not begun
 */

/**
 * @param {Site} site
 * @param {Observer} observer
 * @param {object} sink see `tabcorn.server.bridge`
 * @returns {Promise<Booted>}
 * @throws {BootFailure}
 *
 * @typedef {{ bridge: any, packs: Packs, from: Ready["from"] }} Booted the bridge has the server's functions
 */
export async function boot(site, observer, sink) {
  try {
    await checkWebAssembly();
    const assets = new Assets(site);
    const manifest = await assets.manifest();
    observer.manifest(manifest);
    const config = serverConfig(site, manifest);
    const quick = await bootFromSnapshot(assets, manifest, observer, config, sink);
    if (quick) return { ...quick, from: "snapshot" };
    const started = await startInterpreter(assets, manifest, observer);
    return { ...(await startApp(started, observer, config, sink)), from: "packages" };
  } catch (error) {
    throw asBootFailure(error);
  }
}

/**
 * What goes wrong here, in whatever way, may be the snapshot's fault: then it is dropped.
 *
 * @param {Assets} assets
 * @param {Manifest} manifest
 * @param {Observer} observer
 * @param {object} config
 * @param {object} sink
 * @returns {Promise<Omit<Booted, "from"> | undefined>}
 */
async function bootFromSnapshot(assets, manifest, observer, config, sink) {
  const snapshots = await Snapshots.of(assets.site, manifest);
  const kept = await snapshots?.take().catch(() => undefined);
  if (!snapshots || !kept) return undefined;
  try {
    const booted = await startApp(await restore(kept, assets, manifest, observer), observer, config, sink);
    void snapshots.succeeded();
    return booted;
  } catch (error) {
    if (error instanceof BootFailure && error.failure.stage === "storage") throw error;
    observer.stderr(`Python did not start from its snapshot, which is dropped. ${error}`);
    await snapshots.failed();
    return undefined;
  }
}

/**
 * @param {{ interpreter: Interpreter, packs: Packs }} started
 * @param {Observer} observer
 * @param {object} config
 * @param {object} sink
 * @returns {Promise<Omit<Booted, "from">>}
 */
async function startApp({ interpreter, packs }, observer, config, sink) {
  await observer.mounted(interpreter.FS).catch((error) => {
    throw new BootFailure({ stage: "storage", message: `Kept files could not be read: ${error}`, detail: "" });
  });
  observer.progress("app", 0, 0);
  const { result, bridge } = await startServer(interpreter, config, sink);
  if (result.ok) return { bridge, packs };
  throw new BootFailure({
    stage: /** @type {Failure["stage"]} */ (result.stage),
    message: result.message,
    detail: result.traceback,
  });
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
