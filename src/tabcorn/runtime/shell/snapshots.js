/**
 * Have a snapshot made for the next visit, when this tab has nothing to do.
 *
 * Runs in the shell, since a SharedWorker cannot start a worker in Chromium and WebKit.
 */

import { Assets } from "../shared/assets.js";
import { after } from "../shared/promises.js";
import { SNAPSHOT_MAKER } from "../shared/site.js";
import { Snapshots } from "../shared/snapshots.js";

/** @import { Site } from "../shared/site.js" */

/** The app's page loads what it needs first. */
const IDLE_AFTER_MS = 5000;
const LIMIT_MS = 120_000;

/**
 * @param {Site} site
 * @returns {Promise<void>} once there is one, or will be none; never rejects
 */
export async function makeSnapshotWhenIdle(site) {
  try {
    await after(IDLE_AFTER_MS);
    await idle();
    await navigator.locks.request(site.snapshotLock, { ifAvailable: true }, async (lock) => {
      if (lock) await makeWanted(site);
    });
  } catch (error) {
    console.warn(`No snapshot of Python could be made: ${error}`);
  }
}

/** WebKit does not tell when it is idle. */
function idle() {
  return new Promise((resolve) => {
    if ("requestIdleCallback" in globalThis) requestIdleCallback(resolve);
    else setTimeout(resolve);
  });
}

/** @param {Site} site */
async function makeWanted(site) {
  const assets = new Assets(site);
  const manifest = await assets.manifest();
  const snapshots = await Snapshots.of(site, manifest);
  if (!(await snapshots?.isWanted())) return;
  await Promise.all(manifest.files.filter(({ path }) => path === SNAPSHOT_MAKER).map((file) => assets.file(file)));
  try {
    await make(site);
    performance.mark("tabcorn.snapshot");
  } catch (error) {
    await snapshots?.failed();
    throw error;
  }
}

/** @param {Site} site */
async function make(site) {
  const script = new URL(SNAPSHOT_MAKER, site.base);
  const worker = new Worker(script, { type: "module", name: "tabcorn snapshot" });
  try {
    await Promise.race([outcome(worker), after(LIMIT_MS).then(() => Promise.reject("It took too long."))]);
  } finally {
    worker.terminate();
  }
}

/** @param {Worker} worker */
function outcome(worker) {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => (data ? reject(data) : resolve(undefined));
    worker.onerror = () => reject("Its worker did not start.");
  });
}
