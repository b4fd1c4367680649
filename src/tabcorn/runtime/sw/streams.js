/**
 * The exchanges that last: keep the service worker alive for them, end those whose page is gone.
 *
 * Runs in the service worker. Firefox ends an idle one after 30 s, streams and all, so a shell
 * pings while something streams. Chromium leaves the streams of a page in the back/forward cache
 * running: each ping looks which pages are still there.
 */

/** What lasts: an exchange, or an event source that is to come back. @typedef {{ over: Promise<unknown>, cancel: () => void }} Lasting */

/**
 * Who reads a response: its document or worker; `id` is empty when unknown. What a navigation will
 * show is no client before it is shown, and a download never becomes one: `seen` tells.
 *
 * @typedef {{ id: string, seen: boolean }} Reader
 */

/** Most requests are over long before; only those that are not are worth a message. */
const LASTING_MS = 1000;

export class Streams {
  /** @type {Map<Lasting, Reader>} */
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
   * @param {Lasting} exchange
   * @param {Reader} reader
   */
  watch(exchange, reader) {
    const timer = setTimeout(() => {
      this.#lasting.set(exchange, reader);
      this.notifyShells(true); // also those that have been opened since the first
    }, LASTING_MS);
    void exchange.over.then(() => {
      clearTimeout(timer);
      if (this.#lasting.delete(exchange) && this.#lasting.size === 0) this.notifyShells(false);
    });
  }

  /** Whether a shell that opens now has to ping as well. */
  get open() {
    return this.#lasting.size > 0;
  }

  /** End what nobody can be reading any more. */
  async sweep() {
    for (const [exchange, reader] of [...this.#lasting]) {
      const alive = reader.id !== "" && (await this.isAlive(reader.id));
      if (reader.seen && !alive) exchange.cancel();
      reader.seen ||= alive;
    }
  }
}
