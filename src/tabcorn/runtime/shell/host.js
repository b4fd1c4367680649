/**
 * Reach the host, starting it when it is not there.
 *
 * Runs in the shell. Where SharedWorker is missing one tab runs the host for all: the one that
 * holds the lock; when it closes, the lock falls to another tab, which starts a new host.
 */

import { after } from "../shared/promises.js";

/** @import { Announcement } from "../protocol.js" */
/** @import { Site } from "../shared/site.js" */

/** A worker that just ended may swallow a connection: a host that says nothing is called again. */
const SILENCE_MS = 3000;

export class Host {
  #shell = crypto.randomUUID();
  #heard = false;
  /** @type {Worker | undefined} */
  #dedicated;
  #channel;

  /**
   * @param {Site} site
   * @param {(message: Announcement) => void} onAnnouncement
   * @param {() => void} onTakeover this tab has started a host of its own, for all tabs
   * @param {(message: string) => void} onError the worker's script does not run
   */
  constructor(site, onAnnouncement, onTakeover, onError) {
    this.site = site;
    this.onTakeover = onTakeover;
    this.onError = onError;
    this.#channel = new BroadcastChannel(site.announcements);
    this.#channel.onmessage = ({ data }) => {
      if (data.type === "tabcorn.host.started") this.#introduce();
      if (data.type === "tabcorn.shell.opened" || data.type === "tabcorn.host.started") return;
      this.#heard = true;
      if (data.shell === undefined || data.shell === this.#shell) onAnnouncement(data);
    };
  }

  /** Start the host, or find the one that runs. */
  connect() {
    // Held until this tab is gone: that is how the host knows.
    void navigator.locks.request(this.site.shellLock(this.#shell), () => {
      this.#call();
      return new Promise(() => {});
    });
  }

  /**
   * Whether the lock is still held. WebKit takes it from a tab that it keeps for Back, some moments
   * after that has come back, and grants it none any more: to the host such a tab has gone.
   */
  async isKnown() {
    await after(1000);
    const { held = [] } = await navigator.locks.query();
    return held.some(({ name }) => name === this.site.shellLock(this.#shell));
  }

  /**
   * A port on which a service worker may send requests.
   *
   * @param {string} session what this tab remembers to be in, or empty
   * @returns {MessagePort | undefined} undefined when another tab has the host
   */
  attach(session) {
    const worker = this.#worker();
    if (!worker) return undefined;
    const { port1, port2 } = new MessageChannel();
    worker.postMessage({ type: "tabcorn.attach", port: port1, shell: this.#shell, session }, [port1]);
    return port2;
  }

  #call() {
    if (typeof SharedWorker === "function") this.#worker();
    else if (!this.#dedicated) this.#competeForHost();
    this.#introduce();
    setTimeout(() => {
      if (!this.#heard) this.#call();
    }, SILENCE_MS);
  }

  /**
   * A SharedWorker is named anew each time: the constructor starts it again if it has died.
   *
   * @returns {MessagePort | Worker | undefined}
   */
  #worker() {
    if (typeof SharedWorker !== "function") return this.#dedicated;
    const options = { type: "module", name: this.site.hostName, extendedLifetime: true };
    const worker = new SharedWorker(this.#script, /** @type {WorkerOptions} */ (options));
    worker.onerror = this.#failed;
    worker.port.start();
    return worker.port;
  }

  #competing = false;

  #competeForHost() {
    if (this.#competing) return;
    this.#competing = true;
    void navigator.locks.request(this.site.hostLock, () => {
      this.#dedicated = new Worker(this.#script, { type: "module", name: this.site.hostName });
      this.#dedicated.onerror = this.#failed;
      this.onTakeover();
      return new Promise(() => {});
    });
  }

  #introduce() {
    this.#channel.postMessage({ type: "tabcorn.shell.opened", shell: this.#shell });
  }

  #failed = (/** @type {Event} */ event) => {
    if (this.#heard) return; // the script runs: this is an error in it, and the console has it
    const { message } = /** @type {ErrorEvent} */ (event);
    this.onError(message ?? `${this.#script} could not be loaded.`);
  };

  get #script() {
    return new URL("runtime/host/main.js", this.site.base);
  }
}
