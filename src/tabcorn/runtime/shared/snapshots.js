/**
 * The store of snapshots: one at a time, under a key of all that it depends on.
 *
 * Runs in the host, in the worker that makes a snapshot, and in the shell, which asks whether one is
 * wanted. Who restores one says so before and after: if that never ended, it is not tried again.
 */

import { SLICES } from "../host/snapshot/image.js";

/** @import { Manifest } from "./assets.js" */
/** @import { Site } from "./site.js" */

/** So often it may fail before this browser does without, until the site or the browser changes. */
const MOST_FAILURES = 2;

/** Where it is another than for mere bytes: or else `compileStreaming` and `import` refuse them. */
const TYPES = new Map([
  ["wasm", "application/wasm"],
  ["library", "application/wasm"],
  ["script", "text/javascript"],
]);
const SLICE_NAMES = Array.from({ length: SLICES }, (_, n) => `slice-${n}`);

export class Snapshots {
  /** @type {Promise<Cache> | undefined} */
  #cache;

  /**
   * @param {Site} site
   * @param {string} key
   * @param {string[]} libraries paths of the shared objects that a snapshot needs
   */
  constructor(site, key, libraries) {
    this.site = site;
    this.key = key;
    this.libraries = libraries;
  }

  /**
   * @param {Site} site
   * @param {Manifest} manifest
   * @returns {Promise<Snapshots | undefined>} undefined for a site that wants none
   */
  static async of(site, manifest) {
    const { snapshot } = manifest;
    return snapshot ? new Snapshots(site, await keyOf(manifest), snapshot.libraries) : undefined;
  }

  /** Whether one should be made. */
  async isWanted() {
    const cache = await this.#open();
    return !(await cache.match(this.#url("head"))) && (await this.#failures(cache)) < MOST_FAILURES;
  }

  /**
   * For a restore, which is to be followed by `succeeded` or `failed`.
   *
   * @returns {Promise<Kept | undefined>}
   *
   * @typedef {object} Kept
   * @property {Promise<Uint8Array<ArrayBuffer>>} head see host/snapshot/image.js
   * @property {Promise<Uint8Array<ArrayBuffer>>[]} slices
   * @property {string} script address of the script that goes with Python, for the service worker
   * @property {Response} wasm Python itself, as it is compiled
   * @property {Response[]} libraries shared objects, in the order of the manifest
   */
  async take() {
    const cache = await this.#open();
    const responses = await Promise.all(
      ["attempt", "script", "wasm", ...this.#libraries(), "head", ...SLICE_NAMES].map((name) => cache.match(this.#url(name))),
    );
    const [attempt, ...kept] = responses;
    if (kept.includes(undefined)) return undefined;
    if (attempt) return void (await this.failed());
    const [, wasm, ...rest] = /** @type {[Response, Response, ...Response[]]} */ (kept);
    const begun = cache.put(this.#url("attempt"), new Response(""));
    const [head, ...slices] = rest.splice(this.libraries.length).map((response) => begun.then(() => bytesOf(response)));
    for (const each of slices) each.catch(() => {}); // reported where it is awaited
    return { head: /** @type {Promise<Uint8Array<ArrayBuffer>>} */ (head), slices, script: this.#url("script"), wasm, libraries: rest };
  }

  async succeeded() {
    const cache = await this.#open();
    await Promise.all([cache.delete(this.#url("attempt")), cache.delete(this.#url("failures"))]);
  }

  /** Drop the image, and remember. */
  async failed() {
    const cache = await this.#open();
    const failures = (await this.#failures(cache)) + 1;
    await cache.put(this.#url("failures"), new Response(String(failures)));
    await Promise.all([cache.delete(this.#url("head")), cache.delete(this.#url("attempt"))]);
  }

  /**
   * Keep one, and none of those before it. The head comes last: without it the others are nothing.
   *
   * @param {{ image: { head: Uint8Array<ArrayBuffer>, slices: Uint8Array<ArrayBuffer>[] }, script: Blob,
   *   wasm: Blob, libraries: Uint8Array<ArrayBuffer>[] }} parts
   */
  async keep({ image, script, wasm, libraries }) {
    const cache = await this.#open();
    const others = (await cache.keys()).filter(({ url }) => !url.startsWith(this.#url("")));
    await Promise.all(others.map((other) => cache.delete(other)));
    const names = ["script", "wasm", ...this.#libraries(), ...SLICE_NAMES, "head"];
    const contents = [script, wasm, ...libraries, ...image.slices, image.head];
    for (const [n, name] of names.entries()) {
      const type = TYPES.get(/** @type {string} */ (name.split("-", 1)[0]));
      const headers = { "content-type": type ?? "application/octet-stream" };
      await cache.put(this.#url(name), new Response(contents[n] ?? null, { headers }));
    }
  }

  #libraries() {
    return this.libraries.map((_, n) => `library-${n}`);
  }

  /** @param {Cache} cache */
  async #failures(cache) {
    return Number(await (await cache.match(this.#url("failures")))?.text()) || 0;
  }

  #open() {
    return (this.#cache ??= caches.open(this.site.snapshotCache));
  }

  /** @param {string} name */
  #url(name) {
    return new URL(`${this.key}/${name}`, this.site.snapshots).href;
  }
}

/**
 * An image is of one Python, one set of packages and one browser. It is not of one build: the app is
 * not in it, nor is it of anything that the app needs later.
 *
 * @param {Manifest} manifest
 * @returns {Promise<string>} hex
 */
async function keyOf({ tabcorn, pyodide, interpreter, packs, files, app, snapshot }) {
  const { env, cwd, path } = app;
  const imported = packs.filter(({ part, later }) => part !== "app" && !later).map(({ asset }) => hashes(asset));
  const host = files.filter((file) => /^(core|runtime\/host)\//.test(file.path)).map(({ sha256 }) => sha256);
  const python = [hashes(interpreter.wasm), hashes(interpreter.script), host];
  const all = [navigator.userAgent, tabcorn, pyodide, python, imported, env, cwd, path, snapshot];
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(JSON.stringify(all)));
  return Array.from(new Uint8Array(digest, 0, 10), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {import("./assets.js").Asset} asset */
function hashes({ parts }) {
  return parts.map(({ sha256 }) => sha256);
}

/** @param {Response} response */
async function bytesOf(response) {
  return new Uint8Array(await response.arrayBuffer());
}
