/**
 * Files that nobody has opened, as Python finds them: `node unread.mjs CORE ZIP SCRIPT` prints JSON.
 *
 * The pack "gone" stands for one that cannot be fetched.
 */

import { readFileSync } from "node:fs";

import { createRequire } from "node:module";
import path from "node:path";

import { loadInterpreter } from "../../src/tabcorn/runtime/host/interpreter.js";

const [core = "", stdlib = "", script = ""] = process.argv.slice(2);
const utf8 = new TextEncoder();
/** @type {string[]} */
const opened = [];
const packs = [
  {
    listing: [["/packs/here", "a.txt", 5, "empty", 0, "b.txt", 5, "c.txt", 5], ["/packs"], ["/packs/bare"]],
    bytes: () => utf8.encode("firstotherthird"),
  },
  {
    listing: [["/packs/gone", "d.txt", 5], ["/packs/here", "e.txt", 0]],
    bytes: () => {
      throw new Error("the network is down");
    },
  },
];
Object.assign(globalThis, { require: createRequire(import.meta.url) });
const { loadPyodide } = await import(path.join(core, "pyodide.mjs"));
const { default: createPyodideModule } = await import(path.join(core, "pyodide.asm.mjs"));
const interpreter = await loadInterpreter({
  loadPyodide,
  createPyodideModule,
  indexURL: core,
  stdlib: new Uint8Array(readFileSync(stdlib)),
  packs: /** @type {import("../../src/tabcorn/runtime/host/files.js").Pack[]} */ (packs),
  opened: (path) => opened.push(path),
  stdout: console.error,
  stderr: console.error,
});
const found = JSON.parse(/** @type {any} */ (interpreter).runPython(readFileSync(script, "utf-8")));
console.log(JSON.stringify({ ...found, opened }));
process.exit(0);
