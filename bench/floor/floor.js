/**
 * The floor of a return visit: the bytes that it reads come out of Cache Storage, what is code is
 * compiled, what is data is copied into a WebAssembly memory, all at once, and nothing else is done.
 */

/**
 * @typedef {object} List as bench/floor.py writes it
 * @property {string[]} modules WebAssembly: the interpreter and the extension modules
 * @property {string[]} scripts JavaScript modules
 * @property {string[]} bytes everything else
 */

const list = /** @type {List} */ (JSON.parse(/** @type {string} */ (document.querySelector("#list")?.textContent)));
const cache = await caches.open("floor");
/** The size of what the visit before has made and stored, if it has: a snapshot, read instead. */
const kept = Number(new URL(location.href).searchParams.get("kept"));

/** @param {string} url */
async function get(url) {
  const found = await cache.match(url);
  if (found) return found;
  if (url.startsWith("kept-")) await cache.put(url, new Response(noise(kept)));
  else await cache.add(url);
  return /** @type {Response} */ (await cache.match(url));
}

/**
 * Bytes that no storage can make smaller.
 *
 * @param {number} size
 */
function noise(size) {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at += 65536) crypto.getRandomValues(bytes.subarray(at, at + 65536));
  return bytes;
}

/** @param {string} url */
async function copy(url) {
  const bytes = new Uint8Array(await (await get(url)).arrayBuffer());
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes.length / 65536) });
  new Uint8Array(memory.buffer).set(bytes);
}

await Promise.all([
  ...list.modules.map((url) => WebAssembly.compileStreaming(get(url))),
  ...list.scripts.map((url) => import(url)),
  ...(kept ? [`kept-${kept}`] : list.bytes).map(copy),
]);
document.documentElement.dataset.floor = String(performance.now());

export {}; // a module
