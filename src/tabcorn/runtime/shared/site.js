/**
 * What a script of the runtime knows about its site from its own address.
 *
 * Runs in every worker and document of the runtime. Names of channels, locks and caches begin
 * with the site's URL: several sites may live on one origin and must never answer each other.
 */

import { inside } from "./inside.js";

/** Bytes that may be on their way, per direction and request, before the reader gives credit. */
export const WINDOW = 1024 * 1024;

/** The worker that makes a snapshot: a file of the build that no first visit waits for. */
export const SNAPSHOT_MAKER = "runtime/host/snapshot/maker.js";

export class Site {
  /** @param {URL} root the folder that holds index.html and sw.js  @param {string} build */
  constructor(root, build) {
    this.root = root;
    this.build = build;
    this.base = new URL(`_tabcorn/${build}/`, root);
  }

  /**
   * The site of a module at `<root>/_tabcorn/<build>/runtime/…`.
   *
   * @param {string} moduleUrl `import.meta.url`
   */
  static of(moduleUrl) {
    const match = /^(.*\/)_tabcorn\/([0-9a-f]+)\/runtime\//.exec(moduleUrl);
    if (!match) throw new Error(`Not a file of a tabcorn site: ${moduleUrl}`);
    return new Site(new URL(/** @type {string} */ (match[1])), /** @type {string} */ (match[2]));
  }

  /** Where the host says what it is doing; one channel a build. */
  get announcements() {
    return `tabcorn ${this.root} ${this.build} announcements`;
  }

  get cache() {
    return `${this.cachePrefix}${this.build}`;
  }

  /** All caches of this site, of whatever build, begin with this. */
  get cachePrefix() {
    return `tabcorn ${this.root} `;
  }

  /** The cache of snapshots, whatever the build. */
  get snapshotCache() {
    return `tabcorn snapshots ${this.root}`;
  }

  /** What a snapshot consists of has addresses in here, though no server knows of them. */
  get snapshots() {
    return new URL("_tabcorn/snapshots/", this.root);
  }

  /** Held by the tab that makes a snapshot. */
  get snapshotLock() {
    return `tabcorn ${this.root} snapshot`;
  }

  /** The IndexedDB database that the app's files are kept in, whatever the build. */
  get fileDatabase() {
    return `tabcorn ${this.root} files`;
  }

  /** The IndexedDB database that the cookies are kept in, whatever the build. */
  get cookieDatabase() {
    return `tabcorn ${this.root} cookies`;
  }

  /** Where the host says what scripts may see of the cookies. */
  get cookies() {
    return `tabcorn ${this.root} ${this.build} cookies`;
  }

  /** The SharedWorker's name: tabs that use the same name share one host. */
  get hostName() {
    return `tabcorn ${this.root} ${this.build}`;
  }

  /** Held by the tab that runs the host where SharedWorker is missing. */
  get hostLock() {
    return `tabcorn ${this.root} host`;
  }

  /** Where the service worker says which addresses its cache holds. */
  get kept() {
    return `tabcorn ${this.root} ${this.build} kept`;
  }

  /** Where a worker of the app asks the host for a line. */
  get lines() {
    return `tabcorn ${this.root} ${this.build} lines`;
  }

  /**
   * The BroadcastChannel that is a worker's line.
   *
   * @param {string} page the worker's name for it
   */
  line(page) {
    return `tabcorn ${this.root} ${this.build} line ${page}`;
  }

  /**
   * Held for as long as it lives by a host, or by what is at the other end of one of its lines.
   *
   * @param {string} who
   */
  lifeLock(who) {
    return `tabcorn ${this.root} life ${who}`;
  }

  /**
   * Held by a shell for as long as it lives.
   *
   * @param {string} shell
   */
  shellLock(shell) {
    return `tabcorn ${this.root} shell ${shell}`;
  }

  /**
   * The path that ASGI calls `root_path`: no slash at the end, empty at the origin's root.
   */
  get rootPath() {
    return this.root.pathname.replace(/\/$/, "");
  }

  /**
   * Whether a URL is the app's: inside the site, and not one of the site's own files.
   *
   * @param {URL} url
   */
  isApp(url) {
    return this.contains(url) && !this.isReserved(url);
  }

  /** @param {URL} url */
  contains(url) {
    return url.origin === this.root.origin && url.pathname.startsWith(this.root.pathname);
  }

  /**
   * @param {URL} url
   * @returns {URL} what the app means by it
   */
  inside(url) {
    return inside(url, this.root);
  }

  /**
   * Whether a URL is of a file that may be in one of the caches.
   *
   * @param {URL} url
   */
  isKept(url) {
    return [this.base, this.snapshots].some((folder) => url.href.startsWith(folder.href));
  }

  /**
   * The site's own files, which no app can answer.
   *
   * @param {URL} url a URL inside the site
   */
  isReserved(url) {
    const path = url.pathname.slice(this.root.pathname.length);
    return path.startsWith("_tabcorn/") || path === "sw.js";
  }
}
