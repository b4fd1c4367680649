/**
 * The way from the service worker to the host: found, used, found again.
 *
 * Runs in the service worker, which may be ended at any time and wakes with nothing: it then asks
 * the shells for a port. A port is never seen to die; what tells is an acknowledgement that does
 * not come, and then a host with another identity on the next port.
 */

import { after } from "../shared/promises.js";
import { Connection } from "./connection.js";

/** @import { Site } from "../shared/site.js" */

/** Shells and a host that idles answer in a few ms; a host that computes answers when it is done. */
const ASK_AGAIN_MS = 3000;

export class NoHost extends Error {
  name = "NoHost";
}

export class Link {
  /** @type {Connection | undefined} */
  #current;
  /** @type {Set<(connection: Connection) => void>} */
  #waiting = new Set();
  /** All who ask at once wait for the same answer. @type {Promise<Connection> | undefined} */
  #renewal;

  /**
   * @param {Site} site
   * @param {() => Promise<number>} askShells asks all shells for a port; resolves to their number
   */
  constructor(site, askShells) {
    this.site = site;
    this.askShells = askShells;
  }

  /**
   * A shell handed over a port to the host.
   *
   * @param {MessagePort} port
   */
  adopt(port) {
    port.onmessage = ({ data }) => {
      if (data.type !== "tabcorn.attached" || data.build !== this.site.build) {
        port.close();
        return;
      }
      if (this.#current?.host === data.host) port.close();
      else this.#current = new Connection(port, data.host);
      for (const resolve of this.#waiting) resolve(/** @type {Connection} */ (this.#current));
      this.#waiting.clear();
    };
  }

  /**
   * The present connection, or a new one when there is none.
   *
   * @returns {Promise<Connection>}
   * @throws {NoHost} when no tab has a host to offer
   */
  async connection() {
    return this.#current ?? this.renewed();
  }

  /**
   * Ask who the host is now. The same connection again means that it lives and is slow.
   *
   * @returns {Promise<Connection>}
   * @throws {NoHost}
   */
  renewed() {
    this.#renewal ??= this.#renew().finally(() => (this.#renewal = undefined));
    return this.#renewal;
  }

  async #renew() {
    /** @type {Promise<Connection>} */
    const answer = new Promise((resolve) => this.#waiting.add(resolve));
    while ((await this.askShells()) > 0) {
      const connection = await Promise.race([answer, after(ASK_AGAIN_MS)]);
      if (connection) return connection;
    }
    throw new NoHost("No tab of this site is open that could reach the app.");
  }
}
