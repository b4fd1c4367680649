/**
 * One port to one host, and the requests that are under way on it.
 *
 * Runs in the service worker. Hands every message to the request it belongs to.
 */

/** @import { HostToSw, SwToHost } from "../protocol.js" */

/** @typedef {Exclude<HostToSw, { type: "tabcorn.attached" }>} Reply */

export class Connection {
  /** @type {Map<number, (reply: Reply) => void>} */
  #receivers = new Map();
  #nextId = 1;

  /**
   * @param {MessagePort} port
   * @param {string} host
   */
  constructor(port, host) {
    this.host = host;
    this.port = port;
    port.onmessage = ({ data }) => this.#receivers.get(data.id)?.(data);
  }

  /**
   * @param {(reply: Reply) => void} receiver
   * @returns {number} the new request's id
   */
  begin(receiver) {
    const id = this.#nextId++;
    this.#receivers.set(id, receiver);
    return id;
  }

  /** @param {number} id */
  end(id) {
    this.#receivers.delete(id);
  }

  /**
   * @param {SwToHost} message
   * @param {Transferable[]} [transfer]
   */
  send(message, transfer = []) {
    this.port.postMessage(message, transfer);
  }
}
