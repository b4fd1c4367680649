/**
 * Page script: the page's own port to the host, and what is under way on it.
 *
 * Runs in the app's own window. The line is opened with the first request, which still takes the
 * service worker's way. A host that dies is seen to die by its lock: what it has not acknowledged
 * may be asked of the next one, by the service worker; what it has is lost, as from a network.
 */

/**
 * @typedef {Exclude<import("../protocol.js").HostToPort, { type: "tabcorn.attached" }>} PortMessage
 * @typedef {(message: PortMessage) => void} PortReceiver
 */

class Port {
  /** @type {Map<number, PortReceiver>} */
  #receivers = new Map();
  #nextId = 1;
  /** @type {Line} */
  #line;
  /** @type {"opening" | "open" | "lost"} */
  state = "opening";

  constructor() {
    hearOfCache();
    this.#line = new Line(
      {
        ready: () => (this.state = "open"),
        message: (/** @type {any} */ message) => this.#receivers.get(message.id)?.(message),
        lost: () => this.#lose(),
      },
      "requests",
    );
  }

  /**
   * @param {PortReceiver} receiver
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
   * @param {import("../protocol.js").PortToHost} message
   * @param {Transferable[]} [transfer]
   */
  send(message, transfer) {
    this.#line.post(message, transfer);
  }

  #lose() {
    this.state = "lost";
    this.#line.close();
    for (const [id, receive] of [...this.#receivers]) {
      receive({ type: "tabcorn.abort", id, message: "The app's host has ended." });
    }
  }
}

/** @type {Port | undefined} */
let ownPort;

/** The port, if it is open; else it is opened for the next request. */
const openPort = () => {
  if (!ownPort || ownPort.state === "lost") ownPort = new Port();
  return ownPort.state === "open" ? ownPort : undefined;
};
