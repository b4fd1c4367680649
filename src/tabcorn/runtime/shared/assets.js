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
 * @property {string[]} persist absolute paths of the files and folders that are kept; folders end with a slash
 * @property {string} title
 * @property {Record<string, unknown>} app
 * @property {{ wasm: Asset, script: Asset }} interpreter Pyodide's module, and the script that goes with it
 * @property {Asset} listings what lies where: `Folder[][]` of host/files.js, as JSON
 * @property {PackAsset[]} packs in the order of the listings
 * @property {{ modules: string[], libraries: string[] } | null} snapshot what to import ahead of the app,
 *   and the shared objects that this loads, by their paths
 * @property {StoredFile[]} files
 * @property {StoredFile} spare the script once more, as it is imported where policies forbid blobs
 *
 * @typedef {object} PackAsset
 * @property {"python" | "packages" | "app"} part
 * @property {boolean} later no first page needs it
 * @property {Asset} asset
 */

/**
 * All that has to be there for the site to work without a network, less its plain files.
 *
 * @param {Manifest} manifest
 * @returns {Asset[]}
 */
export function assetsOf({ interpreter, listings, packs }) {
  return [...Object.values(interpreter), listings, ...packs.map(({ asset }) => asset)];
}

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
   * An asset's bytes as they come. Where they turn out to be wrong the stream breaks at its end, and
   * `open` says why: nothing may be done with them before.
   *
   * @param {Asset} asset
   * @param {(bytes: number) => void} [onProgress]
   * @returns {Promise<Response>}
   */
  async stream(asset, onProgress = () => {}) {
    const [part, more] = /** @type {[StoredFile, StoredFile | undefined]} */ (asset.parts);
    if (more || asset.encoding !== "gzip" || (await this.held(part))) return this.open(asset, onProgress);
    const { body, ok } = await fetch(this.#url(part.path));
    if (!ok || !body) throw new AssetError("There is nothing to stream.");
    const checked = body.pipeThrough(this.#check(part, onProgress));
    return new Response(checked.pipeThrough(new DecompressionStream("gzip")));
  }

  /**
   * @param {StoredFile} part
   * @param {(bytes: number) => void} onProgress
   * @returns {TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>}
   */
  #check(part, onProgress) {
    /** @type {Uint8Array<ArrayBuffer>[]} */
    const chunks = [];
    return new TransformStream({
      transform(chunk, controller) {
        chunks.push(chunk);
        onProgress(chunk.length);
        controller.enqueue(chunk);
      },
      flush: async () => {
        const bytes = new Uint8Array(await new Blob(chunks).arrayBuffer());
        if ((await sha256(bytes)) !== part.sha256) throw new AssetError(mismatch(part.path, bytes));
        void this.#store(part.path, bytes);
      },
    });
  }

  /**
   * The bytes of a file, if they are in the cache.
   *
   * @param {StoredFile} file
   */
  async held({ path }) {
    const cached = await (await this.#open()).match(this.#url(path));
    return cached && new Uint8Array(await cached.arrayBuffer());
  }

  /**
   * Whether a file is in the cache.
   *
   * @param {StoredFile} file
   */
  async holds({ path }) {
    return (await (await this.#open()).match(this.#url(path))) !== undefined;
  }

  #open() {
    return (this.#cache ??= caches.open(this.site.cache));
  }

  /** @param {string} path */
  #url(path) {
    return new URL(path, this.site.base).href;
  }

  /**
   * @param {string} path
   * @param {Uint8Array<ArrayBuffer>} bytes
   */
  async #store(path, bytes) {
    const response = new Response(bytes, { headers: { "content-type": mediaType(path) } });
    await store(await this.#open(), this.#url(path), response);
  }

  /**
   * @param {string} path
   * @param {(sha256: string) => boolean} matches
   */
  async #get(path, matches) {
    const url = this.#url(path);
    const cached = await (await this.#open()).match(url);
    if (cached) return new Uint8Array(await cached.arrayBuffer());

    let bytes = await download(url, "default");
    // The browser's own HTTP cache may hold what was there before this build.
    if (!matches(await sha256(bytes))) bytes = await download(url, "reload");
    if (!matches(await sha256(bytes))) throw new AssetError(mismatch(url, bytes));
    await this.#store(path, bytes);
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
