/**
 * Requests in, responses out: between the ports of service workers and the server in Python.
 *
 * Runs in the host worker. Each message becomes one call into Python with flat arguments, and
 * each call out of Python one message. Before the app is up, calls wait in their order.
 */

import { first, flatten, unflatten } from "../shared/headers.js";
import { release } from "../shared/release.js";

/** @import { ConnectHost, CookieState, HostToSw, Introduced, RequestOpened, ResponseStart, SwToHost, WriteCookies } from "../protocol.js" */
/** @import { Outbox } from "./outbox.js" */

/**
 * A request as its sender knows it: an id is unique only on its port.
 *
 * @typedef {object} Exchange
 * @property {MessagePort} port
 * @property {number} id
 * @property {Map<number, number>} keys
 * @property {number} seen the version of the cookies that its page knows; 0: it is a new page
 * @property {CookieState["written"]} written what its document had set before it, on the same port
 * @property {ResponseStart} [start] not sent yet: the first of its body goes with it, if it comes at once
 *
 * @typedef {Exclude<SwToHost, Introduced>} RequestMessage
 */

export class Gateway {
  /** @type {any} tabcorn.server.bridge */
  #bridge = undefined;
  /** @type {((bridge: any) => void)[]} */
  #waiting = [];
  /** Why no request will be answered any more, if so. */
  broken = "";
  /** @type {Map<number, Exchange>} by the key that Python knows the request by */
  #exchanges = new Map();
  /** Those whose start waits for its body. @type {Set<Exchange>} */
  #started = new Set();
  /** @type {WeakMap<MessagePort, NonNullable<CookieState["written"]>>} */
  #written = new WeakMap();
  /** @type {WeakMap<MessagePort, string>} the service worker at the other end */
  #senders = new WeakMap();
  #nextKey = 1;

  /**
   * @param {string} host this host's identity
   * @param {string} build
   * @param {Outbox} outbox
   */
  constructor(host, build, outbox) {
    this.host = host;
    this.build = build;
    this.outbox = outbox;
  }

  /** What scripts may see of the cookies. @type {() => Pick<CookieState, "version" | "sight">} */
  cookies = () => ({ version: 0, sight: "{}" });

  /** A document's script sets cookies. @type {(message: WriteCookies) => void} */
  onCookieWrite = () => {};

  /** A document wants a line of its own. @type {(message: ConnectHost) => void} */
  onPage = () => {};

  /**
   * What Python calls; the other half is in tabcorn/server/bridge.py.
   */
  sink = {
    /** @type {(key: number, status: number, reason: string, headers: string) => void} */
    start: (key, status, reason, headers) => {
      const exchange = this.#exchanges.get(key);
      if (!exchange) return;
      const { id } = exchange;
      const pairs = unflatten(headers);
      exchange.start = { type: "http.response.start", id, status, reason, headers: pairs, cookies: this.#news(key) };
      if (this.#started.size === 0) queueMicrotask(this.sink.flush);
      this.#started.add(exchange);
    },
    /** Python is about to compute, or has ended its turn: no start waits any longer. */
    flush: () => {
      for (const exchange of this.#started) this.#sendStart(exchange);
    },
    /** @type {(key: number, bytes: Uint8Array<ArrayBuffer>, more: boolean) => void} */
    body: (key, bytes, more) => {
      const body = ownBuffer(bytes);
      const exchange = this.#exchanges.get(key);
      if (exchange?.start) {
        Object.assign(exchange.start, { body, more_body: more });
        this.#sendStart(exchange);
      } else this.#send(key, (id) => ({ type: "http.response.body", id, body, more_body: more }), [body]);
      if (!more) this.#forget(key);
    },
    /** @type {(key: number, bytes: number) => void} */
    consumed: (key, bytes) => {
      this.#send(key, (id) => ({ type: "tabcorn.credit", id, bytes }));
    },
    /** @type {(key: number, message: string) => void} */
    abort: (key, message) => {
      this.#send(key, (id) => ({ type: "tabcorn.abort", id, message }));
      this.#forget(key);
    },
  };

  /**
   * Serve the requests that come on a port.
   *
   * @param {MessagePort} port
   */
  attach(port) {
    /** @type {Map<number, number>} from the sender's ids to keys */
    const keys = new Map();
    port.onmessage = ({ data }) => {
      if (data.type === "tabcorn.sw.introduced") this.#introduce(port, data);
      else this.#receive(port, keys, data);
    };
    post(port, { type: "tabcorn.attached", host: this.host, build: this.build });
  }

  /**
   * Serve the requests of one document, on a line of its own.
   *
   * @param {MessagePort} port
   * @param {number} client what stands for the document's TCP port
   * @returns {() => void} to be called when the document has gone
   */
  attachPage(port, client) {
    /** @type {Map<number, number>} */
    const keys = new Map();
    port.onmessage = ({ data }) => {
      if (data.type === "tabcorn.request") this.#begin(port, keys, { ...data, port: client });
      else this.#receive(port, keys, data);
    };
    return () => {
      port.onmessage = null;
      for (const key of [...keys.values()]) this.#disconnect(key);
    };
  }

  /**
   * The app is up: make the calls that have waited.
   *
   * @param {any} bridge
   */
  open(bridge) {
    this.#bridge = bridge;
    for (const call of this.#waiting.splice(0)) call(bridge);
  }

  /**
   * The app will not come up, or went away.
   *
   * @param {string} reason
   */
  close(reason) {
    this.broken = reason;
    this.#waiting = [];
    for (const key of [...this.#exchanges.keys()]) this.sink.abort(key, reason);
  }

  /**
   * There is one service worker at a time: what another one had asked for, nobody reads any more.
   *
   * @param {MessagePort} port
   * @param {Introduced} message
   */
  #introduce(port, { sw }) {
    this.#senders.set(port, sw);
    for (const [key, exchange] of [...this.#exchanges]) {
      const sender = this.#senders.get(exchange.port);
      if (sender === undefined || sender === sw) continue;
      this.#disconnect(key);
    }
  }

  /** @param {number} key of a request whose answer nobody reads any more */
  #disconnect(key) {
    this.#forget(key);
    this.#callFor(key, (bridge) => bridge.disconnect(key));
  }

  /**
   * @param {MessagePort} port
   * @param {Map<number, number>} keys
   * @param {RequestMessage} message
   */
  #receive(port, keys, message) {
    if (message.type === "tabcorn.host.connect") {
      this.onPage(message);
      return;
    }
    if (message.type === "tabcorn.cookies.write") {
      this.#noteWrites(port, message);
      this.onCookieWrite(message);
      return;
    }
    if (message.type === "tabcorn.request") {
      this.#begin(port, keys, message);
      return;
    }
    const key = keys.get(message.id);
    if (key === undefined) return; // already answered to its end
    switch (message.type) {
      case "http.request": {
        const body = new Uint8Array(message.body);
        return this.#callFor(key, (bridge) => {
          bridge.feed(key, body, message.more_body); // copies
          release(message.body);
        });
      }
      case "tabcorn.credit":
        return this.#callFor(key, (bridge) => bridge.grant(key, message.bytes));
      case "http.disconnect":
        return this.#disconnect(key);
    }
  }

  /**
   * @param {MessagePort} port
   * @param {Map<number, number>} keys
   * @param {RequestOpened} request
   */
  #begin(port, keys, request) {
    const { id, method, path, query, headers, more_body, credentials } = request;
    const key = this.#nextKey++;
    keys.set(id, key);
    const seen = first(headers, "sec-fetch-mode") === "navigate" ? 0 : this.cookies().version;
    this.#exchanges.set(key, { port, id, keys, seen, written: this.#written.get(port) });
    post(port, { type: "tabcorn.acknowledged", id });
    if (this.broken) {
      this.sink.abort(key, this.broken);
      return;
    }
    const body = request.body && new Uint8Array(request.body);
    const flat = flatten(headers);
    this.#callFor(key, (bridge) =>
      bridge.open(key, method, path, query, flat, request.port, body, more_body, credentials),
    );
  }

  /**
   * Call Python as soon as the app is up, in order; never, when it will not come up.
   *
   * @param {(bridge: any) => void} call
   */
  call(call) {
    if (this.#bridge) call(this.#bridge);
    else if (!this.broken) this.#waiting.push(call);
  }

  /**
   * Call Python for a request. What it should never do is raise.
   *
   * @param {number} key
   * @param {(bridge: any) => void} call
   */
  #callFor(key, call) {
    this.call((bridge) => {
      try {
        call(bridge);
      } catch (error) {
        this.sink.abort(key, `The server failed: ${error}`);
      }
    });
  }

  /**
   * @param {number} key
   * @param {(id: number) => HostToSw} message
   * @param {Transferable[]} [transfer]
   */
  #send(key, message, transfer = []) {
    const exchange = this.#exchanges.get(key);
    if (!exchange) return;
    this.#sendStart(exchange);
    const { port, id } = exchange;
    this.outbox.send(() => post(port, message(id), transfer), refusal(port, id));
  }

  /** @param {Exchange} exchange */
  #sendStart(exchange) {
    const { port, id, start } = exchange;
    if (!start) return;
    delete exchange.start;
    this.#started.delete(exchange);
    this.outbox.send(() => post(port, start, start.body ? [start.body] : []), refusal(port, id));
  }

  /**
   * @param {MessagePort} port
   * @param {WriteCookies} message
   */
  #noteWrites(port, { document, writes }) {
    const seq = writes.at(-1)?.seq;
    if (seq !== undefined) this.#written.set(port, { document, seq });
  }

  /**
   * The cookies, for a page that does not know them yet. What it had set before is in them: without
   * being told so, it would put that over them once more, a deletion over what was set after it.
   *
   * @param {number} key
   */
  #news(key) {
    const { seen, written } = this.#exchanges.get(key) ?? {};
    const cookies = this.cookies();
    return cookies.version === seen ? undefined : { ...cookies, written };
  }

  /** @param {number} key */
  #forget(key) {
    const exchange = this.#exchanges.get(key);
    exchange?.keys.delete(exchange.id);
    this.#exchanges.delete(key);
  }
}

/**
 * @param {MessagePort} port
 * @param {HostToSw} message
 * @param {Transferable[]} [transfer]
 */
function post(port, message, transfer = []) {
  port.postMessage(message, transfer);
}

/**
 * Says that what an answer tells of could not be stored. Python goes on, and is not heard any more.
 *
 * @param {MessagePort} port
 * @param {number} id
 * @returns {(reason: string) => void}
 */
function refusal(port, id) {
  return (message) => post(port, { type: "tabcorn.abort", id, message });
}

/**
 * The buffer behind some bytes, fit to be transferred: a view of a larger one is copied out.
 *
 * @param {Uint8Array<ArrayBuffer>} bytes
 */
export function ownBuffer(bytes) {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes.buffer : bytes.slice().buffer;
}
