/**
 * Get the site's files: from the cache, else from the server, checked against the manifest.
 *
 * Runs in the host and in the service worker. A file enters the cache only after its hash was
 * found right, so what comes out of the cache needs no second check; and one that does not match
 * is an error that names it, never a Python that fails in strange ways later.
 */

/** @import { Site } from "./site.js" */

/**
 * @typedef {{ path: string, size: number, sha256: string }} StoredFile
 * @typedef {{ encoding: "gzip" | "identity", size: number, parts: StoredFile[] }} Asset
 *
 * @typedef {object} Manifest as written by build/site.py
 * @property {number} format
 * @property {string} tabcorn
 * @property {string} pyodide
 * @property {boolean} dev
 * @property {string} title
 * @property {Record<string, unknown>} app
 * @property {{ wasm: Asset, stdlib: Asset }} interpreter
 * @property {{ at: string, asset: Asset }[]} mounts
 * @property {StoredFile[]} files
 */

/** The site's server does not hold what the build wrote. */
export class AssetError extends Error {
  name = "AssetError";
}

export class Assets {
  /** @type {Promise<Cache> | undefined} */
  #cache;

  /** @param {Site} site */
  constructor(site) {
    this.site = site;
  }

  /** @returns {Promise<Manifest>} */
  async manifest() {
    // The build id is the hash of the manifest: that is how all else can be trusted.
    const bytes = await this.#get("manifest.json", (hash) => hash.startsWith(this.site.build));
    return JSON.parse(new TextDecoder().decode(bytes));
  }

  /**
   * The bytes of a file as they lie on the server.
   *
   * @param {StoredFile} file
   * @returns {Promise<Uint8Array<ArrayBuffer>>}
   */
  async file(file) {
    return this.#get(file.path, (hash) => hash === file.sha256);
  }

  /**
   * An asset's bytes, put together and unpacked.
   *
   * @param {Asset} asset
   * @param {(bytes: number) => void} [onProgress] called with the stored bytes that arrived
   * @returns {Promise<Response>} streams; the caller picks `arrayBuffer()` or a streaming reader
   */
  async open(asset, onProgress) {
    const parts = await Promise.all(
      asset.parts.map(async (part) => {
        const bytes = await this.file(part);
        onProgress?.(part.size);
        return bytes;
      }),
    );
    const stored = new Response(new Blob(parts)).body;
    if (!stored) throw new AssetError("An empty asset");
    return new Response(
      asset.encoding === "gzip" ? stored.pipeThrough(new DecompressionStream("gzip")) : stored,
    );
  }

  /**
   * @param {string} path
   * @param {(sha256: string) => boolean} matches
   */
  async #get(path, matches) {
    const url = new URL(path, this.site.base).href;
    const cache = await (this.#cache ??= caches.open(this.site.cache));
    const cached = await cache.match(url);
    if (cached) return new Uint8Array(await cached.arrayBuffer());

    let bytes = await download(url, "default");
    // The browser's own HTTP cache may hold what was there before this build.
    if (!matches(await sha256(bytes))) bytes = await download(url, "reload");
    if (!matches(await sha256(bytes))) throw new AssetError(mismatch(url, bytes));
    await store(cache, url, new Response(bytes, { headers: { "content-type": mediaType(path) } }));
    return bytes;
  }
}

/**
 * @param {string} url
 * @param {RequestCache} cache
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
async function download(url, cache) {
  let response;
  try {
    response = await fetch(url, { cache });
  } catch (error) {
    throw new AssetError(`${url} could not be fetched: the network or the server is down.`, {
      cause: error,
    });
  }
  if (!response.ok) {
    throw new AssetError(
      `${url} is missing on the server (status ${response.status}). ` +
        "Upload the whole site again; hidden folders and files belong to it.",
    );
  }
  try {
    return new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    throw new AssetError(`${url} broke off while it was being fetched. Try again.`, {
      cause: error,
    });
  }
}

/**
 * A full disk does not stop the app; it only cannot work offline.
 *
 * @param {Cache} cache
 * @param {string} url
 * @param {Response} response
 */
async function store(cache, url, response) {
  try {
    await cache.put(url, response);
  } catch (error) {
    console.warn(`${url} cannot be kept for the next visit: ${error}`);
  }
}

/**
 * @param {string} url
 * @param {Uint8Array} bytes
 */
function mismatch(url, bytes) {
  const start = new TextDecoder().decode(bytes.subarray(0, 200)).trimStart().toLowerCase();
  const page = start.startsWith("<!doctype") || start.startsWith("<html");
  return page
    ? `The server answered ${url} with a web page: the file is missing. Upload the whole site again.`
    : `${url} is not the file that was built (wrong hash): it is stale, cut short or was changed ` +
        "on the way. Upload the whole site again, and let nothing rewrite its files.";
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {Promise<string>} hex
 */
async function sha256(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @type {Record<string, string>} */
const MEDIA_TYPES = {
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  json: "application/json",
  svg: "image/svg+xml",
};

/** @param {string} path */
function mediaType(path) {
  return MEDIA_TYPES[path.slice(path.lastIndexOf(".") + 1)] ?? "application/octet-stream";
}
