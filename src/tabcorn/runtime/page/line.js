/**
 * Page script: a line to the host, for one WebSocket.
 *
 * Runs in the app's documents and workers. A document asks the service worker, which hands its port
 * on; a worker of the app cannot (Chromium gives it no way there) and talks on a BroadcastChannel.
 * A Web Lock that each end holds tells the other when it has gone: ports never do.
 */

/**
 * @typedef {import("../protocol.js").HostToPage} HostToPage
 * @typedef {import("../protocol.js").PageToHost} PageToHost
 * @typedef {import("../protocol.js").PortToHost} PortToHost
 */

/** A living host answers in some ms, one that computes when it is done. */
const ASK_AGAIN_MS = 3000;

class Line {
  #page = crypto.randomUUID();
  /** @type {MessagePort | BroadcastChannel | undefined} the end that the host has answered on */
  #end;
  /** @type {(MessagePort | BroadcastChannel)[]} those that it might yet answer on */
  #asked = [];
  #closing = new AbortController();
  #timer = 0;
  /** @type {() => void} */
  #release = () => {};

  /**
   * @param {{ ready: () => void, message: (message: HostToPage) => void, lost: () => void }} on
   *   `ready`: the host has answered; `lost`: it has gone
   * @param {import("../protocol.js").LineUse} carries a worker's carries sockets
   */
  constructor(on, carries) {
    this.on = on;
    this.carries = carries;
    const living = () => {
      this.#ask(false);
      return new Promise((resolve) => (this.#release = () => resolve(undefined)));
    };
    navigator.locks.request(this.#lock(this.#page), { signal: this.#signal }, living).catch(() => {});
  }

  /**
   * @param {PageToHost | PortToHost} message
   * @param {Transferable[]} [transfer]
   */
  post(message, transfer = []) {
    // A BroadcastChannel takes no second argument, and copies.
    /** @type {MessagePort | undefined} */ (this.#end)?.postMessage(message, transfer);
  }

  /** What was posted still arrives. */
  close() {
    clearTimeout(this.#timer);
    this.#closing.abort();
    for (const end of this.#asked) end.close();
    // A BroadcastChannel that is closed in the same turn may take its last message with it.
    setTimeout(() => this.#end?.close(), 1000);
    setTimeout(this.#release, 1000);
  }

  get #signal() {
    return this.#closing.signal;
  }

  /** @param {string} who */
  #lock(who) {
    return `tabcorn ${place.root} life ${who}`;
  }

  /** @param {boolean} again */
  #ask(again) {
    if (this.#signal.aborted) return;
    this.#timer = setTimeout(() => this.#ask(true), ASK_AGAIN_MS);
    const end = typeof document === "undefined" ? this.#askHost() : this.#askThroughSw(again);
    if (!end) return;
    this.#asked.push(end);
    end.onmessage = ({ data }) => this.#receive(end, data);
  }

  /** @param {boolean} again */
  #askThroughSw(again) {
    const { port1, port2 } = new MessageChannel();
    const message = { type: "tabcorn.page.connect", port: port2, page: this.#page, again, carries: this.carries };
    navigator.serviceWorker.controller?.postMessage(message, [port2]);
    return port1;
  }

  #askHost() {
    const name = `tabcorn ${place.root} ${place.build} line`;
    const end = this.#asked.length > 0 ? undefined : new BroadcastChannel(`${name} ${this.#page}`);
    const client = 49152 + (parseInt(this.#page.slice(0, 4), 16) % 16384);
    const door = new BroadcastChannel(`${name}s`);
    door.postMessage({ type: "tabcorn.worker.connect", page: this.#page, client });
    door.close();
    return end;
  }

  /**
   * @param {MessagePort | BroadcastChannel} end
   * @param {HostToPage} message
   */
  #receive(end, message) {
    if (this.#signal.aborted && message.type === "tabcorn.attached") return;
    if (message.type === "tabcorn.attached") this.#attached(end, message.host);
    else this.on.message(message);
  }

  /**
   * @param {MessagePort | BroadcastChannel} end
   * @param {string} host
   */
  #attached(end, host) {
    if (this.#end) return;
    clearTimeout(this.#timer);
    this.#end = end;
    for (const other of this.#asked.splice(0)) if (other !== end) other.close();
    const options = { signal: this.#signal };
    navigator.locks.request(this.#lock(host), options, () => this.on.lost()).catch(() => {});
    this.on.ready();
  }
}
