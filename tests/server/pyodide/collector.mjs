// Suspend stacks while garbage is made: `node collector.mjs <pyodide folder> <src> ours|automatic`.
// Prints "fine", or dies of what `sync.collector` keeps away.
import { createRequire } from "node:module";

globalThis.require = createRequire(import.meta.url);
const [core, src, how] = process.argv.slice(2);
const { loadPyodide } = await import(`${core}/pyodide.mjs`);
const pyodide = await loadPyodide({ indexURL: `${core}/` });
pyodide.FS.mkdirTree("/src");
pyodide.FS.mount(pyodide.FS.filesystems.NODEFS, { root: src }, "/src");
await pyodide.runPythonAsync(`
import asyncio, gc, sys, time
import pyodide.ffi, pyodide.webloop
sys.dont_write_bytecode = True
sys.path.insert(0, "/src")

if ${how === "ours" ? "True" : "False"}:
    from tabcorn.server.sync import interpreter
    interpreter.enable(pyodide.ffi, pyodide.webloop)

class Deep:
    turn = 0
    def __init__(self, depth): self.depth = depth
    def __getattr__(self, name):
        if self.depth == 0:
            return time.sleep(0.001 * (Deep.turn % 5))
        return getattr(Deep(self.depth - 1), name)

def litter():
    for _ in range(500):
        ring = []
        ring.append([ring])

async def suspended(number):
    for count in range(30):
        await asyncio.to_thread(getattr, Deep(20 + number), "x")
        litter()
        Deep.turn += 1

async def beside():
    for _ in range(100):
        litter()
        gc.collect(1)  # what automatic collection does now and then
        await asyncio.sleep(0.001)

async def main():
    await asyncio.gather(*[suspended(n) for n in range(8)], *[beside() for _ in range(8)])

await main()
`);
console.log("fine");
process.exit(0);
