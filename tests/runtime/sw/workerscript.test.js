/**
 * What is put before the scripts of the app's workers.
 */
import assert from "node:assert/strict";
import { test } from "node:test";

import { Site } from "../../../src/tabcorn/runtime/shared/site.js";
import { insertSockets, placeInWorker } from "../../../src/tabcorn/runtime/sw/workerscript.js";

const site = new Site(new URL("https://example.org/"), "0123abcd");
// The function comes from the cache of a browser.
Object.assign(globalThis, { caches: { match: async () => new Response("function installSockets(place) {}") } });

/**
 * @param {string[]} chunks
 * @param {"worker" | "import"} [at]
 */
async function inserted(chunks, at = "worker") {
  const encoded = chunks.map((chunk) => new TextEncoder().encode(chunk));
  const source = new ReadableStream({
    start(controller) {
      for (const chunk of encoded) controller.enqueue(chunk);
      controller.close();
    },
  });
  const stream = source.pipeThrough(insertSockets(site, at, ["default-src x"]));
  return new Response(/** @type {any} */ (stream)).text();
}

test("a worker's script follows the sockets, byte for byte", async () => {
  const text = await inserted(["a", "b", "x".repeat(5000), "é"]);
  assert.ok(text.endsWith(`ab${"x".repeat(5000)}é`));
  assert.ok(text.startsWith("(function installSockets(place)"));
  assert.ok(text.includes('{"root":"https://example.org/","build":"0123abcd","policies":["default-src x"]}'));
});

for (const script of ["'use strict'", '\n// a "licence"\n/* long\n */ "use strict";', "\uFEFF'use strict'"]) {
  test(`stays strict: ${JSON.stringify(script)}`, async () => {
    assert.ok((await inserted([script])).startsWith('"use strict";('));
  });
}

for (const script of ["f('use strict')", "// 'use strict'\nf()", ""]) {
  test(`stays sloppy: ${JSON.stringify(script)}`, async () => {
    assert.ok((await inserted([script])).startsWith("("));
  });
}

test("a module that is imported imports the sockets first", async () => {
  const url = "https://example.org/_tabcorn/0123abcd/runtime/worker.js";
  assert.equal(await inserted(["export {}"], "import"), `import "${url}";export {}`);
});

test("scripts are told by their destination and mode", () => {
  assert.equal(placeInWorker({ destination: "worker", mode: "same-origin" }), "worker");
  assert.equal(placeInWorker({ destination: "sharedworker", mode: "cors" }), "import");
  assert.equal(placeInWorker({ destination: "script", mode: "no-cors" }), "");
});
