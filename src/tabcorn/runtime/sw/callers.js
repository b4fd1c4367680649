/**
 * Whether a document asks or a worker: Chromium sends no client hints from workers.
 *
 * Runs in the service worker. What is known of a client is only kept to save the question.
 */

const WORKERS = new Set(["worker", "sharedworker"]);
const MOST = 200;

export class Callers {
  /** @type {Map<string, boolean>} */
  #workers = new Map();

  /** @param {(id: string) => Promise<Client | undefined>} find */
  constructor(find) {
    this.find = find;
  }

  /** @param {Pick<FetchEvent, "clientId"> & { request: Pick<Request, "destination"> }} event */
  async isWorker({ clientId, request }) {
    if (WORKERS.has(request.destination)) return true;
    if (clientId === "") return false;
    const known = this.#workers.get(clientId);
    if (known !== undefined) return known;
    const worker = WORKERS.has((await this.find(clientId))?.type ?? "");
    if (this.#workers.size >= MOST) this.#workers.clear();
    this.#workers.set(clientId, worker);
    return worker;
  }
}
