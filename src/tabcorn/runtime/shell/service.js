/**
 * Get the service worker to answer for this tab, and make sure that it is of this shell's build.
 *
 * Runs in the shell. One build at a time: a tab that was opened while others run an older build
 * joins them; a tab that is alone may let a newer build take over, since it has started nothing.
 */

import { Assets } from "../shared/assets.js";
import { after, deferred } from "../shared/promises.js";

/** @import { Entry, Failure, ShellToSw, SwBuild, SwToShell } from "../protocol.js" */
/** @import { Site } from "../shared/site.js" */

const CONTROL_MS = 10_000;
/** A page that reloads itself again and again is worse than one that fails. */
const MOST_RELOADS = 3;
const RELOADS = "tabcorn reloads";

/** The service worker could not be had. */
export class ServiceFailure extends Error {
  /** @param {Failure} failure */
  constructor(failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** @param {string} message  @param {unknown} [cause] */
function failed(message, cause) {
  const detail = cause === undefined ? "" : String(cause);
  return new ServiceFailure({ stage: "service-worker", message, detail });
}

export class Service {
  /**
   * @param {Site} site
   * @param {ServiceWorkerRegistration} registration
   */
  constructor(site, registration) {
    this.site = site;
    this.registration = registration;
  }

  /**
   * Whether a service worker was here before this page.
   *
   * @param {Site} site
   */
  static async isInstalled(site) {
    try {
      const registration = await navigator.serviceWorker.getRegistration(site.root.href);
      return registration?.scope === site.root.href && registration.active !== null;
    } catch (error) {
      throw failed("The browser does not let this site have a service worker.", error);
    }
  }

  /**
   * @param {Site} site
   * @returns {Promise<Service>} in control of this page, and of the same build
   * @throws {ServiceFailure | AssetError}
   */
  static async start(site) {
    const registration = await register(site);
    const service = new Service(site, registration);
    await service.#active();
    await service.#control();
    await service.#agreeOnBuild();
    sessionStorage.removeItem(RELOADS);
    // Another build has taken over: this page belongs to the one before it.
    navigator.serviceWorker.addEventListener("controllerchange", () => location.reload());
    return service;
  }

  /**
   * @param {ShellToSw} message
   * @param {Transferable[]} [transfer]
   */
  send(message, transfer = []) {
    navigator.serviceWorker.controller?.postMessage(message, transfer);
  }

  /**
   * @param {(message: SwToShell) => void} listener
   */
  listen(listener) {
    navigator.serviceWorker.addEventListener("message", ({ data }) => listener(data));
    navigator.serviceWorker.startMessages();
  }

  /**
   * How the user came to this tab.
   *
   * @returns {Promise<{ entry: Entry, restored: boolean }>}
   */
  async takeEntry() {
    const { entry, restored } = await this.#ask((reply) => ({ type: "tabcorn.entry.take", reply }));
    // On a first visit the static host answered, which only does GET.
    const plain = { ...PLAIN_ENTRY, url: location.href, referrer: document.referrer };
    return { entry: entry ?? plain, restored };
  }

  /**
   * @param {Entry} entry
   * @returns {Promise<boolean>} the browser has navigated the frame by itself
   */
  async putEntry(entry) {
    const { restored } = await this.#ask((reply) => ({ type: "tabcorn.entry.put", entry, reply }));
    return restored;
  }

  /** Fetch the newest build, let it take over, and start again with it. */
  async switchToNewest() {
    await this.registration.update();
    const waiting = await this.#installed();
    if (waiting) await this.#activate(waiting);
    location.reload();
  }

  async #active() {
    const { registration } = this;
    if (registration.active) return;
    const worker = registration.installing ?? registration.waiting;
    if (!worker) throw failed("The service worker vanished while it was being installed.");
    await stateOf(worker, "activated").catch(() => this.#explainFailedInstall());
  }

  /** The browser does not say why an installation failed: look for what it would have met. */
  async #explainFailedInstall() {
    const assets = new Assets(this.site);
    const { files } = await assets.manifest();
    await Promise.all(files.map((file) => assets.file(file)));
    throw failed("The service worker could not be installed; the browser does not say why.");
  }

  /** A first visit and a hard reload leave the page without a controller. */
  async #control() {
    if (navigator.serviceWorker.controller) return;
    const controlled = deferred();
    navigator.serviceWorker.oncontrollerchange = () => controlled.resolve(true);
    this.registration.active?.postMessage({ type: "tabcorn.sw.claim" });
    if (navigator.serviceWorker.controller) return;
    if (await Promise.race([controlled.promise, after(CONTROL_MS)])) return;
    throw failed("The service worker was installed but does not take control of this page.");
  }

  async #agreeOnBuild() {
    const { build, shells } = await this.#build();
    const alone = shells <= 1;
    const ours = build === this.site.build;
    if (ours && !(alone && this.registration.waiting)) return;
    const newer = alone ? await this.#installed() : undefined;
    if (newer) await this.#activate(newer);
    // When the newcomer is of our own build, all is as it should be now.
    if (newer && !ours && (await this.#build()).build === this.site.build) return;
    reloadInsteadOf("The page and its service worker belong to different builds.");
    await new Promise(() => {}); // the page is going away
  }

  /** @returns {Promise<SwBuild>} */
  async #build() {
    return this.#ask((reply) => ({ type: "tabcorn.sw.build?", reply }));
  }

  /** @returns {Promise<ServiceWorker | undefined>} an update that is ready to take over */
  async #installed() {
    const { installing } = this.registration;
    if (installing) await stateOf(installing, "installed").catch(() => {});
    return this.registration.waiting ?? undefined;
  }

  /** @param {ServiceWorker} worker */
  async #activate(worker) {
    const changed = deferred();
    navigator.serviceWorker.addEventListener("controllerchange", () => changed.resolve(true));
    worker.postMessage({ type: "tabcorn.sw.activate" });
    await Promise.race([changed.promise, after(CONTROL_MS)]);
  }

  /**
   * @param {(reply: MessagePort) => ShellToSw} question
   * @returns {Promise<any>}
   */
  async #ask(question) {
    const { port1, port2 } = new MessageChannel();
    const answer = new Promise((resolve) => (port1.onmessage = ({ data }) => resolve(data)));
    this.send(question(port2), [port2]);
    const data = await Promise.race([answer, after(CONTROL_MS)]);
    if (data === undefined) throw failed("The service worker does not answer.");
    return data;
  }
}

/** @type {Omit<Entry, "url" | "referrer">} */
const PLAIN_ENTRY = {
  method: "GET",
  origin: "",
  hidden: false,
  own: false,
  through: "",
  headers: [["accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"]],
  cache: "default",
  body: undefined,
};

/** @param {Site} site */
async function register(site) {
  try {
    return await navigator.serviceWorker.register(new URL("sw.js", site.root), {
      type: "module",
      scope: site.root.href,
      updateViaCache: "none",
    });
  } catch (error) {
    const registered = await navigator.serviceWorker.getRegistration(site.root.href);
    if (registered?.scope === site.root.href && registered.active) return registered; // offline
    throw failed("The browser refused to install this site's service worker (sw.js).", error);
  }
}

/**
 * @param {ServiceWorker} worker
 * @param {"installed" | "activated"} wanted
 */
async function stateOf(worker, wanted) {
  const order = ["installing", "installed", "activating", "activated"];
  const reached = () => order.indexOf(worker.state) >= order.indexOf(wanted);
  while (!reached()) {
    if (worker.state === "redundant") throw new Error("The installation failed.");
    await new Promise((resolve) => worker.addEventListener("statechange", resolve, { once: true }));
  }
}

/** @param {string} problem what the reload is to heal */
function reloadInsteadOf(problem) {
  const reloads = Number(sessionStorage.getItem(RELOADS)) + 1;
  if (reloads > MOST_RELOADS) throw failed(`${problem} Reloading did not help.`);
  sessionStorage.setItem(RELOADS, String(reloads));
  location.reload();
}
