/**
 * What leaves the host: at once, or after what it tells of has been stored.
 *
 * Runs in the host worker. The rule: when a page has the answer, the write is on disk. While
 * something is being stored, nothing that could tell of it is sent, whichever request it is of.
 */

export class Outbox {
  /** @type {{ action: () => void, refuse: (reason: string) => void }[]} */
  #waiting = [];
  #holds = 0;

  /**
   * Begins to store what has changed without notice, if anything has.
   *
   * @type {() => Promise<string> | undefined} never rejects; resolves to why it cannot be stored, or nothing
   */
  store = () => undefined;

  /**
   * @param {() => void} action posts a message
   * @param {(reason: string) => void} [refuse] instead, when what it tells of cannot be stored
   */
  send(action, refuse = () => {}) {
    const stored = this.store();
    if (stored) void this.hold(stored);
    if (this.#holds === 0) action();
    else this.#waiting.push({ action, refuse });
  }

  /**
   * Send nothing more until something is stored; or nothing of what waits, when it cannot be.
   *
   * @param {Promise<string | void>} stored never rejects
   */
  async hold(stored) {
    this.#holds += 1;
    const reason = await stored;
    this.#holds -= 1;
    if (reason) this.#waiting.splice(0).forEach(({ refuse }) => refuse(reason));
    while (this.#holds === 0) {
      const next = this.#waiting.shift();
      if (!next) return;
      next.action();
    }
  }
}
