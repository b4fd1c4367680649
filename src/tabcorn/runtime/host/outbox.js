/**
 * What leaves the host: at once, or after what it tells of has been stored.
 *
 * Runs in the host worker. The rule: when a page has the answer, the write is on disk. While
 * something is being stored, nothing that could tell of it is sent, whichever request it is of.
 */

export class Outbox {
  /** @type {(() => void)[]} */
  #waiting = [];
  #holds = 0;

  /** @param {() => void} action posts a message */
  send(action) {
    if (this.#holds === 0) action();
    else this.#waiting.push(action);
  }

  /**
   * Send nothing more until something is stored, or cannot be.
   *
   * @param {Promise<unknown>} stored never rejects
   */
  async hold(stored) {
    this.#holds += 1;
    await stored;
    this.#holds -= 1;
    while (this.#holds === 0 && this.#waiting.length > 0) {
      /** @type {() => void} */ (this.#waiting.shift())();
    }
  }
}
