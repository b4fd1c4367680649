/**
 * The lines of pages and workers to this host: made when one asks, ended when it has gone.
 *
 * Runs in the host worker. Each end holds a Web Lock for as long as it lives, which the other end
 * asks for: nothing else tells for certain that a document, a worker or a host is gone.
 */

import { after } from "../shared/promises.js";

/** @import { ConnectHost, ConnectWorker } from "../protocol.js" */
/** @import { Site } from "../shared/site.js" */
/** @import { Gateway } from "./gateway.js" */
/** @import { Line, Sockets } from "./sockets.js" */

/** What a document says as it goes may come after the word that it has gone (WebKit). */
const LAST_WORDS_MS = 100;

export class Lines {
  /** @type {Promise<void>} settles when the lock is held that says we live */
  #alive;
  /** @type {Set<string>} asked for and not yet gone: who waits for long asks again */
  #known = new Set();

  /**
   * @param {Site} site
   * @param {string} host this host's identity
   * @param {Sockets} sockets
   * @param {Gateway} gateway
   */
  constructor(site, host, sockets, gateway) {
    this.site = site;
    this.host = host;
    this.sockets = sockets;
    this.gateway = gateway;
    this.#alive = new Promise((resolve) => {
      void navigator.locks.request(site.lifeLock(host), () => {
        resolve();
        return new Promise(() => {});
      });
    });
    // Chromium gives a worker no way to reach the service worker, nor to be reached by it.
    new BroadcastChannel(site.lines).onmessage = ({ data }) => this.connectWorker(data);
  }

  /**
   * A document asks, through the service worker.
   *
   * @param {ConnectHost} message
   */
  connectPage({ port, page, client, carries }) {
    const serve = carries === "requests" ? () => this.gateway.attachPage(port, client) : () => this.sockets.attach(port, client);
    void this.#connect(page, port, serve);
  }

  /** @param {ConnectWorker} message */
  connectWorker({ page, client }) {
    if (this.#known.has(page)) return;
    const line = new BroadcastChannel(this.site.line(page));
    void this.#connect(page, line, () => this.sockets.attach(line, client));
  }

  /**
   * @param {string} page
   * @param {Line} line
   * @param {() => () => void} serve returns what to do when it has gone
   */
  async #connect(page, line, serve) {
    if (this.#known.has(page)) return;
    this.#known.add(page);
    const detach = serve();
    await this.#alive;
    line.postMessage({ type: "tabcorn.attached", host: this.host, build: this.site.build });
    await navigator.locks.request(this.site.lifeLock(page), () => {}); // until it has gone
    await after(LAST_WORDS_MS);
    detach();
    line.close();
    this.#known.delete(page);
  }
}
