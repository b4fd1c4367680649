/**
 * Compile Python sources with the interpreter that will run them: `node compile.mjs task.json`.
 *
 * Runs in node at build time. The task: `{core, stdlib, packs, result}`; the packs hold
 * the sources below /sources and compile_sources.py below /builder.
 */

import { writeFileSync } from "node:fs";

import { readTask, startInterpreter } from "./interpreter.mjs";

const task = readTask();
const interpreter = await startInterpreter(task, { stdout: console.log, stderr: console.error });
interpreter.pyimport("sys").path.append("/builder");
const outcome = interpreter.pyimport("compile_sources").compile_tree("/sources", "/compiled");
writeFileSync(`${task.result}.tar`, interpreter.FS.readFile("/compiled.tar"));
writeFileSync(task.result, outcome);
process.exit(0);
