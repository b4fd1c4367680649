// Drive bridge.py as the host does: `node probe.mjs <pyodide folder> <src> <this folder>`.
// Prints one line of JSON: what the page of each request has seen.
import { createRequire } from "node:module";

globalThis.require = createRequire(import.meta.url);
const [core, src, app] = process.argv.slice(2);
const { loadPyodide } = await import(`${core}/pyodide.mjs`);

const printed = [];
const pyodide = await loadPyodide({
  indexURL: `${core}/`,
  stdout: (line) => printed.push(line),
  stderr: (line) => printed.push(line),
});
for (const [at, root] of [["/src", src], ["/app", app]]) {
  pyodide.FS.mkdirTree(at);
  pyodide.FS.mount(pyodide.FS.filesystems.NODEFS, { root }, at);
}
pyodide.runPython("import sys; sys.path[:0] = ['/src', '/app']; sys.dont_write_bytecode = True");
const lacking = pyodide.pyimport("lacking").LACKING.toJs(); // before the server adapts anything

const bridge = pyodide.pyimport("tabcorn.server.bridge");
const pages = new Map();
const sink = {
  start: (id, status, reason, headers) => Object.assign(pages.get(id), { status, reason, headers }),
  body(id, chunk, more) {
    const page = pages.get(id);
    page.chunks.push(chunk.length);
    page.standalone &&= chunk instanceof Uint8Array && chunk.buffer.byteLength === chunk.length;
    page.sum = chunk.reduce((sum, byte) => (sum + byte) % 65521, page.sum);
    if (page.reads) bridge.grant(id, chunk.length);
    if (!more) page.end("complete");
  },
  consumed: (id, size) => (pages.get(id).consumed += size),
  abort: (id, message) => pages.get(id).end(message),
};

function open(id, method, path, body, more, reads = true) {
  const page = { chunks: [], sum: 0, consumed: 0, standalone: true, reads };
  page.ended = new Promise((resolve) => {
    page.end = (how) => resolve((page.how = how));
  });
  pages.set(id, page);
  bridge.open(id, method, path, "a=b", "host\nexample.org\nx-name\nZo\u00eb", 50000, body, more);
  return page;
}
const soon = () => new Promise((resolve) => setTimeout(resolve, 20));
const config = { target: "app:app", cwd: "/app", path: ["/app"], server: ["example.org", null] };

const missing = JSON.parse(await bridge.start(JSON.stringify({ ...config, target: "nothing:app" }), sink));
const started = JSON.parse(await bridge.start(JSON.stringify(config), sink));

await open(1, "GET", "/caf%C3%A9", undefined, false).ended;
await open(2, "GET", "/", null, false).ended;
const upload = open(3, "POST", "/", new Uint8Array([1, 2, 3]), true);
await soon();
bridge.feed(3, new Uint8Array([4]), true);
bridge.feed(3, undefined, false);
await upload.ended;
await open(4, "GET", "/raise", undefined, false).ended;
const slow = open(5, "GET", "/large", undefined, false, false);
await soon();
slow.heldBack = slow.chunks.length;
slow.reads = true;
bridge.grant(5, slow.chunks.reduce((a, b) => a + b));
await slow.ended;
open(6, "GET", "/wait", undefined, false);
await soon();
bridge.disconnect(6);
await soon();

const objects = pyodide.runPython("import gc; lambda: (gc.collect(), len(gc.get_objects()))[1]");
for (let id = 100; id < 150; id++) await open(id, "GET", "/", undefined, false).ended;
await soon();
const before = objects();
for (let id = 200; id < 400; id++) await open(id, "GET", "/", undefined, false).ended;
await soon();
const leaked = objects() - before;
await bridge.stop();

const seen = [1, 2, 3, 4, 5].map((id) => pages.get(id));
process.stdout.write(`${JSON.stringify({ lacking, missing, started, seen, printed, leaked })}\n`);
