/**
 * The bytes of the packs that host/files.js fills the file system from, whenever they are wanted.
 *
 * Runs in the host worker. What the first page needs is loaded while Python starts. The rest is
 * fetched when the app is up and kept as it is stored; it is unpacked when a file of it is opened. A
 * file that is opened before its pack has come is fetched there and then: the call has to wait for
 * it, which a worker may do.
 */

import { AssetError } from "../shared/assets.js";
import { joined } from "../shared/bytes.js";
import { after } from "../shared/promises.js";
import { inflate } from "./inflate.js";
import { hexSha256 } from "./sha256.js";

/** @import { Asset, Assets, PackAsset, StoredFile } from "../shared/assets.js" */
/** @import { Folder, Pack } from "./files.js" */
/** @import { Exports } from "./inflate.js" */

/** After the answer that everybody waits for. */
const QUIET_MS = 1000;
/** Between attempts, when the network is down. */
const RETRY_MS = [2_000, 10_000, 30_000, 60_000, 300_000];

export class Packs {
  /** Set when Python's module is there. @type {Exports | undefined} */
  exports;
  /** @type {Map<Asset, Uint8Array>} */
  #unpacked = new Map();
  /** @type {Map<StoredFile, Uint8Array>} */
  #stored = new Map();

  /**
   * @param {Assets} assets
   * @param {PackAsset[]} packs as the manifest has them
   * @param {(line: string) => void} warn
   */
  constructor(assets, packs, warn) {
    this.assets = assets;
    this.packs = packs;
    this.warn = warn;
  }

  /**
   * For host/files.js: the standard library, which Python needs to start, and what comes on top of it.
   *
   * @param {Folder[][]} listings one for each pack, in the manifest's order
   * @returns {{ stdlib: Pack[], others: Pack[] }}
   */
  mountable(listings) {
    const all = this.packs.map(({ part, asset }, n) => ({
      part,
      listing: /** @type {Folder[]} */ (listings[n]),
      bytes: () => this.#bytes(asset),
    }));
    return {
      stdlib: all.filter(({ part }) => part === "python"),
      others: all.filter(({ part }) => part !== "python"),
    };
  }

  /**
   * Have what the first page needs.
   *
   * @param {PackAsset["part"][]} parts
   * @param {(bytes: number) => void} [onProgress]
   */
  async load(parts, onProgress) {
    const wanted = this.packs.filter(({ part, later }) => !later && parts.includes(part));
    await Promise.all(
      wanted.map(async ({ asset }) => {
        const response = await this.assets.open(asset, onProgress);
        this.#unpacked.set(asset, new Uint8Array(await response.arrayBuffer()));
      }),
    );
  }

  /**
   * What an earlier visit has left, as it is stored: nothing is fetched.
   *
   * @param {(pack: PackAsset) => boolean} wanted
   */
  async recall(wanted) {
    const parts = this.packs.filter(wanted).flatMap(({ asset }) => asset.parts);
    await Promise.all(
      parts.map(async (part) => {
        const bytes = await this.assets.held(part);
        if (bytes) this.#stored.set(part, bytes);
      }),
    );
  }

  /** Have what is still missing, so that the app works without a network. */
  async complete() {
    await after(QUIET_MS);
    const missing = this.packs.filter(({ asset }) => !this.#unpacked.has(asset));
    for (const part of missing.flatMap(({ asset }) => asset.parts)) await this.#keep(part);
  }

  /** @param {StoredFile} part */
  async #keep(part) {
    for (const pause of [...RETRY_MS, 0]) {
      if (this.#stored.has(part) && (await this.assets.holds(part))) return;
      try {
        this.#stored.set(part, await this.assets.file(part));
        return;
      } catch (error) {
        if (pause === RETRY_MS[0]) this.warn(`Files of the app are still missing. ${error}`);
        await after(pause);
      }
    }
  }

  /** @param {Asset} asset */
  #bytes(asset) {
    let bytes = this.#unpacked.get(asset);
    if (!bytes) {
      bytes = this.#unpack(asset);
      this.#unpacked.set(asset, bytes);
    }
    return bytes;
  }

  /** @param {Asset} asset */
  #unpack({ parts, size }) {
    if (!this.exports) throw new Error("A file is opened before Python is there.");
    const stored = parts.map((part) => this.#stored.get(part) ?? this.#fetchNow(part));
    const [first, ...more] = /** @type {[Uint8Array, ...Uint8Array[]]} */ (stored);
    return inflate(this.exports, more.length > 0 ? joined(stored) : first, size);
  }

  /** @param {StoredFile} part */
  #fetchNow(part) {
    try {
      const bytes = fetchNow(new URL(part.path, this.assets.site.base).href, part);
      this.#stored.set(part, bytes);
      return bytes;
    } catch (error) {
      this.warn(`A file that Python opens is in ${part.path}, which is not here yet. ${error}`);
      throw error;
    }
  }
}

/**
 * @param {string} url
 * @param {StoredFile} file
 */
function fetchNow(url, { sha256 }) {
  const request = new XMLHttpRequest();
  request.open("GET", url, false);
  request.responseType = "arraybuffer";
  try {
    request.send();
  } catch (error) {
    throw new AssetError(`${url} could not be fetched: the network or the server is down.`, { cause: error });
  }
  if (request.status !== 200) throw new AssetError(`${url} is missing on the server (status ${request.status}).`);
  const bytes = new Uint8Array(request.response);
  if (hexSha256(bytes) !== sha256) throw new AssetError(`${url} is not the file that was built (wrong hash).`);
  return bytes;
}
