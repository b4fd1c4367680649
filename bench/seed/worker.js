/**
 * The seed's worker: stock Pyodide, wheels installed by micropip at each start, one app.
 */

const fail = (/** @type {unknown} */ error) => postMessage({ failed: String(error) });
start().catch(fail);

/** @type {(request: object) => Promise<object>} */
let call;

globalThis.onmessage = ({ data: { id, request } }) => {
  call(request).then((response) => postMessage({ id, response }), fail);
};

async function start() {
  const url = (/** @type {string} */ path) => new URL(path, location.href).href;
  const { loadPyodide } = await import(url("pyodide/pyodide.mjs"));
  const [pyodide, site] = await Promise.all([
    loadPyodide({ indexURL: url("pyodide/") }),
    fetch(url("site.json")).then((response) => response.json()),
  ]);
  await pyodide.loadPackage(site.micropip.map(url));
  const micropip = pyodide.pyimport("micropip");
  await micropip.install.callKwargs(site.wheels.map(url), { deps: false });
  const app = await (await fetch(url("app.zip"))).arrayBuffer();
  pyodide.unpackArchive(app, "zip", { extractDir: "/app" });
  pyodide.FS.writeFile("/app/seed_server.py", await (await fetch(url("seed_server.py"))).text());
  pyodide.runPython(`import sys; sys.path.insert(0, "/app")`);
  const server = pyodide.pyimport("seed_server");
  await server.start(site.target);
  call = async (request) => {
    const answer = await server.call(pyodide.toPy(request));
    const response = answer.toJs({ dict_converter: Object.fromEntries });
    answer.destroy();
    return response;
  };
  postMessage({ ready: true });
}

export {}; // a module
