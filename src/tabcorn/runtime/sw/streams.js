/**
 * The exchanges that last: keep the service worker alive for them, end those whose page is gone.
 *
 * Runs in the service worker. Firefox ends an idle one after 30 s, streams and all, so a shell
 * pings while something streams. Chromium leaves the streams of a page in the back/forward cache
 * running: each ping looks which pages are still there.
 */

/** @import { Exchange } from "./exchange.js" */

/** Most requests are over long before; only those that are not are worth a message. */
const LASTING_MS = 1000;

export class Streams {
  /** @type {Map<Exchange, string>} with the client each one is for */
  #lasting = new Map();

  /**
   * @param {(client: string) => Promise<boolean>} isAlive
   * @param {(open: boolean) => void} notifyShells
   */
  constructor(isAlive, notifyShells) {
    this.isAlive = isAlive;
    this.notifyShells = notifyShells;
  }

  /**
   * @param {Exchange} exchange
   * @param {string} client its document or worker; empty when unknown
   */
  watch(exchange, client) {
    const timer = setTimeout(() => {
      this.#lasting.set(exchange, client);
      if (this.#lasting.size === 1) this.notifyShells(true);
    }, LASTING_MS);
    void exchange.over.then(() => {
      clearTimeout(timer);
      if (this.#lasting.delete(exchange) && this.#lasting.size === 0) this.notifyShells(false);
    });
  }

  /** End what nobody can be reading any more. */
  async sweep() {
    const lasting = [...this.#lasting];
    for (const [exchange, client] of lasting) {
      if (client !== "" && !(await this.isAlive(client))) exchange.cancel();
    }
  }
}
