/**
 * Start Pyodide under node from files that the builder laid out.
 *
 * Runs in node at build time. The boot itself is the browser's (runtime/host/interpreter.js), so
 * that what works here works there.
 */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

import { addFiles, loadInterpreter } from "../../runtime/host/interpreter.js";

/**
 * @typedef {object} Parts
 * @property {string} core the folder of Pyodide's core files
 * @property {string} [stdlib] the path of the standard library's zip, where no pack has it
 * @property {Record<string, string>} [env]
 * @property {PackFile[]} packs
 * @property {PackFile[]} [others] on top of these, when Python is up
 *
 * @typedef {{ listing: import("../../runtime/host/files.js").Folder[], data: string }} PackFile what lies
 *   where, and the path of the bytes
 */

/**
 * @param {Parts} parts
 * @param {{ stdout: (line: string) => void, stderr: (line: string) => void }} streams
 * @param {{ opened?: (path: string) => void, variant?: import("../../runtime/host/snapshot/variants.js").Variant }} [how]
 */
export async function startInterpreter(parts, streams, { opened, variant } = {}) {
  // Without `require`, Pyodide takes node for something else and imports the package "ws".
  Object.assign(globalThis, { require: createRequire(import.meta.url) });
  const core = (/** @type {string} */ name) => pathToFileURL(path.join(parts.core, name)).href;
  const { loadPyodide } = await import(core("pyodide.mjs"));
  const { default: createPyodideModule } = await import(core("pyodide.asm.mjs"));
  const interpreter = await loadInterpreter({
    loadPyodide,
    createPyodideModule,
    indexURL: parts.core,
    env: parts.env ?? {},
    ...(parts.stdlib && { stdlib: read(parts.stdlib) }),
    packs: parts.packs.map(readPack),
    ...(opened && { opened }),
    ...(variant && { variant }),
    ...streams,
  });
  if (parts.others) addFiles(interpreter, parts.others.map(readPack), opened);
  return interpreter;
}

/** @param {PackFile} file */
function readPack({ listing, data }) {
  const bytes = read(data);
  return { listing, bytes: () => bytes };
}

/** The task that the builder left in a JSON file, named on the command line. */
export function readTask() {
  return JSON.parse(readFileSync(process.argv[2] ?? "", "utf-8"));
}

/**
 * A copy whose buffer is its own: small files come from node's shared pool.
 *
 * @param {string} file
 */
function read(file) {
  return new Uint8Array(readFileSync(file));
}
