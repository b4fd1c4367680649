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
import { passwords } from "../../runtime/host/passwords.js";
import { keep, toBeKept } from "../../runtime/host/snapshot/variants.js";
import { readTask, startInterpreter } from "./interpreter.mjs";

/** How long the front page may take, and how long a shutdown, before they are given up on. */
const REQUEST_MS = 20_000;
const SHUTDOWN_MS = 5_000;
const ID = 1;

const task = readTask();
const started = performance.now();

/** @param {object} news */
function report(news) {
  const ms = Math.round(performance.now() - started);
  writeFileSync(task.result, JSON.stringify({ ...news, ms }));
}

/**
 * The sink of one request: its answer, once it is complete or broken.
 */
class Exchange {
  status = 0;
  passwords = passwords;
  /** @type {any} */
  #bridge;
  #settle = (/** @type {string} */ _how) => {};
  ended = new Promise((resolve) => {
    this.#settle = resolve;
  });

  /** @param {any} bridge */
  open(bridge) {
    this.#bridge = bridge;
    const headers = ["host", "127.0.0.1:8000", "accept", "text/html,*/*;q=0.8"].join("\n");
    bridge.open(ID, "GET", "/", "", headers, 50000, undefined, false);
  }

  /** @param {number} _id  @param {number} status */
  start(_id, status) {
    this.status = status;
  }

  /** @param {number} id  @param {Uint8Array} bytes  @param {boolean} moreBody */
  body(id, bytes, moreBody) {
    // Not from within the call: the app's send() has not returned yet.
    queueMicrotask(() => this.#bridge.grant(id, bytes.length));
    if (!moreBody) this.#settle("complete");
  }

  consumed() {}

  /** @param {number} _id  @param {string} message */
  abort(_id, message) {
    this.#settle(`aborted: ${message}`);
  }
}

/**
 * @template T
 * @param {Promise<T>} promise
 * @param {number} ms
 * @param {T} otherwise
 */
function within(promise, ms, otherwise) {
  return Promise.race([promise, new Promise((resolve) => setTimeout(resolve, ms, otherwise))]);
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
  const exchange = new Exchange();
  report({ stage: "start" });
  const watch = task.watch ? watchImports(interpreter) : undefined;
  const preloaded = task.preload && (await preloadFor(interpreter));
  const before = performance.now();
  const interpreterMs = Math.round(before - started);
  const importedBefore = imports.length;
  const { result, bridge } = await startServer(interpreter, task.config, exchange);
  if (!result.ok) return result;
  const startMs = Math.round(performance.now() - before);

  report({ stage: "request" });
  const asked = performance.now();
  exchange.open(bridge);
  const ended = await within(exchange.ended, REQUEST_MS, "unfinished");
  if (ended === "unfinished") bridge.disconnect(ID);
  const requestMs = Math.round(performance.now() - asked);
  const times = { interpreterMs, startMs, requestMs, imports: [...imports], importedBefore };
  const needed = [...opened];

  report({ stage: "shutdown" });
  await within(Promise.resolve(bridge.stop()), SHUTDOWN_MS, undefined);
  const imported = [...interpreter.pyimport("sys").modules.keys()];
  const watched = watch && JSON.parse(watch.report());
  return { ok: true, status: exchange.status, ended, imported, opened: needed, watched, preloaded, ...times };
}

/**
 * Import modules, and see whether a snapshot could be made then: `held` says what it cannot hold.
 *
 * @param {import("../../runtime/host/interpreter.js").Interpreter} interpreter
 */
async function preloadFor(interpreter) {
  const loaded = await preload(interpreter, task.config, task.preload);
  try {
    keep(interpreter);
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
