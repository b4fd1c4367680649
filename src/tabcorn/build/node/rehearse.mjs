/**
 * Run the app once, as a tab would: `node rehearse.mjs task.json`.
 *
 * Runs in node at build time. The task: `{core, packs, others, env, config, result}`. The result file
 * is rewritten at every stage, so that the builder can tell where a run that never ends hangs.
 *
 * With `preload`, a list of modules, they are imported first, as they are for a snapshot. With `watch`,
 * it is told what each module did while it was imported (`watch_imports.py` below /builder).
 */

import { writeFileSync } from "node:fs";

import { preload, startServer } from "../../runtime/host/interpreter.js";
import { stateOf, toBeKept } from "../../runtime/host/snapshot/variants.js";
import { readTask, startInterpreter } from "./interpreter.mjs";
import { askFrontPage, look, Requests, within } from "./requests.mjs";

/** How long each may take before it is given up on: the front page, all that it shows, a shutdown. */
const REQUEST_MS = 20_000;
const LOOK_MS = 5_000;
const SHUTDOWN_MS = 5_000;

const task = readTask();
const started = performance.now();

/** @param {object} news */
function report(news) {
  const ms = Math.round(performance.now() - started);
  writeFileSync(task.result, JSON.stringify({ ...news, ms }));
}

async function rehearse() {
  report({ stage: "interpreter" });
  /** @type {string[]} */
  const imports = [];
  const stderr = (/** @type {string} */ line) => {
    if (line.startsWith("import time:")) imports.push(line); // by -X importtime, for a profile
    else console.log(line);
  };
  const streams = { stdout: console.log, stderr };
  /** @type {string[]} */
  const opened = [];
  const variant = task.preload && toBeKept([]);
  const interpreter = await startInterpreter(task, streams, { opened: (path) => opened.push(path), variant });
  const requests = new Requests();
  report({ stage: "start" });
  const watch = task.watch ? watchImports(interpreter) : undefined;
  const preloaded = task.preload && (await preloadFor(interpreter));
  const before = performance.now();
  const interpreterMs = Math.round(before - started);
  const importedBefore = imports.length;
  const { result, bridge } = await startServer(interpreter, task.config, requests);
  if (!result.ok) return result;
  requests.bridge = bridge;
  const startMs = Math.round(performance.now() - before);

  report({ stage: "request" });
  const asked = performance.now();
  const front = await askFrontPage(requests, REQUEST_MS);
  const requestMs = Math.round(performance.now() - asked);
  const times = { interpreterMs, startMs, requestMs, imports: [...imports], importedBefore };
  await within(look(requests, front, LOOK_MS), LOOK_MS, undefined);
  const needed = [...opened];

  report({ stage: "shutdown" });
  await within(Promise.resolve(bridge.stop()), SHUTDOWN_MS, undefined);
  const imported = [...interpreter.pyimport("sys").modules.keys()];
  const watched = watch && JSON.parse(watch.report());
  const { status, ended } = front;
  return { ok: true, status, ended, imported, opened: needed, watched, preloaded, ...times };
}

/**
 * Import modules, and see whether a snapshot could be made then: `held` says what it cannot hold.
 *
 * @param {import("../../runtime/host/interpreter.js").Interpreter} interpreter
 */
async function preloadFor(interpreter) {
  const loaded = await preload(interpreter, task.config, task.preload);
  try {
    stateOf(interpreter);
    return { ...loaded, held: "" };
  } catch (error) {
    return { ...loaded, held: String(error) };
  }
}

/** @param {import("../../runtime/host/interpreter.js").Interpreter} interpreter */
function watchImports(interpreter) {
  const draws = { entropy: 0, clocks: 0 };
  count(require("node:crypto"), "randomFillSync", () => (draws.entropy += 1));
  count(globalThis.crypto, "getRandomValues", () => (draws.entropy += 1));
  count(Date, "now", () => (draws.clocks += 1));
  count(performance, "now", () => (draws.clocks += 1));
  interpreter.pyimport("sys").path.append("/builder");
  return interpreter.pyimport("watch_imports").Watch(() => [draws.entropy, draws.clocks]);
}

/**
 * @param {any} object
 * @param {string} name of the method whose calls are counted
 * @param {() => void} counter
 */
function count(object, name, counter) {
  const original = object[name];
  object[name] = (/** @type {unknown[]} */ ...given) => {
    counter();
    return original.apply(object, given);
  };
}

/**
 * What no Python code can catch: `os._exit` ends the interpreter under everybody's feet.
 *
 * @param {Error} error
 */
function breakOff(error) {
  const message = `It ended Python itself: ${error.message || error.name}`;
  report({ ok: false, stage: "break-off", message, traceback: "" });
  process.exit(0);
}

process.on("uncaughtException", breakOff); // rejections that nobody awaits come here as well
report(await rehearse());
process.exit(0);
