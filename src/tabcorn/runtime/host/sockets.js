/**
 * WebSockets in and out: between the lines of pages and the server in Python.
 *
 * Runs in the host worker. Each message becomes one call into Python with flat arguments, and
 * each call out of Python one message. A line is a MessagePort, or a BroadcastChannel between two.
 */

import { flatten } from "../shared/headers.js";
import { release } from "../shared/release.js";
import { socketHeaders } from "../shared/request-headers.js";
import { ownBuffer } from "./gateway.js";

/** @import { HostToPage, PageToHost, SocketOpened } from "../protocol.js" */
/** @import { Site } from "../shared/site.js" */
/** @import { Gateway } from "./gateway.js" */

/** RFC 6455, 7.4.1: what a browser says for a page that leaves. */
const GOING_AWAY = 1001;

/** @typedef {MessagePort | BroadcastChannel} Line */
/** @typedef {{ line: Line, id: number, keys: Map<number, number> }} Socket */

export class Sockets {
  /** @type {Map<number, Socket>} by the key that Python knows the socket by */
  #sockets = new Map();
  #nextKey = 1;

  /**
   * @param {Site} site
   * @param {Gateway} gateway
   */
  constructor(site, gateway) {
    this.site = site;
    this.gateway = gateway;
  }

  /**
   * What Python calls; the other half is in tabcorn/server/bridge.py.
   */
  sink = {
    /** @type {(key: number, subprotocol: string, headers: string) => void} */
    socket_accept: (key, subprotocol) => {
      const cookies = this.gateway.cookies();
      this.#send(key, (id) => ({ type: "websocket.accept", id, subprotocol, cookies }));
    },
    /** @type {(key: number, status: number, headers: string) => void} */
    socket_reject: (key, status) => {
      const message = `Error during WebSocket handshake: Unexpected response code: ${status}`;
      this.#end(key, (id) => ({ type: "tabcorn.abort", id, message }));
    },
    /** @type {(key: number, text: string) => void} */
    socket_text: (key, text) => {
      this.#send(key, (id) => ({ type: "websocket.send", id, text }));
    },
    /** @type {(key: number, data: Uint8Array<ArrayBuffer>) => void} */
    socket_bytes: (key, data) => {
      const bytes = ownBuffer(data);
      this.#send(key, (id) => ({ type: "websocket.send", id, bytes }), [bytes]);
    },
    /** @type {(key: number, bytes: number) => void} */
    socket_consumed: (key, bytes) => {
      this.#send(key, (id) => ({ type: "tabcorn.credit", id, bytes }));
    },
    /** @type {(key: number, code: number, reason: string) => void} */
    socket_close: (key, code, reason) => {
      // Not the end yet: the page answers, and until then the app's errors are those of a closing.
      this.#send(key, (id) => ({ type: "websocket.close", id, code, reason }));
    },
    /** @type {(key: number, message: string) => void} */
    socket_lost: (key, message) => {
      this.#end(key, (id) => ({ type: "tabcorn.abort", id, message }));
    },
  };

  /**
   * Serve the sockets that come on a line.
   *
   * @param {Line} line
   * @param {number} port what stands for the page's TCP port
   * @returns {() => void} to be called when whoever is at the other end has gone
   */
  attach(line, port) {
    /** @type {Map<number, number>} from the page's ids to keys */
    const keys = new Map();
    line.onmessage = ({ data }) => this.#receive(line, port, keys, data);
    return () => {
      line.onmessage = null;
      for (const key of keys.values()) this.#closed(key, GOING_AWAY, "");
    };
  }

  /**
   * @param {Line} line
   * @param {number} port
   * @param {Map<number, number>} keys
   * @param {PageToHost} message
   */
  #receive(line, port, keys, message) {
    if (message.type === "tabcorn.socket") return this.#open(line, port, keys, message);
    const key = keys.get(message.id);
    if (key === undefined) return; // already lost
    switch (message.type) {
      case "websocket.receive": {
        const { text, bytes } = message;
        if (text !== undefined) return this.#call((bridge) => bridge.socket_text(key, text));
        const data = new Uint8Array(/** @type {ArrayBuffer} */ (bytes));
        return this.#call((bridge) => {
          bridge.socket_bytes(key, data); // copies
          release(data.buffer);
        });
      }
      case "tabcorn.credit":
        return this.#call((bridge) => bridge.socket_grant(key, message.bytes));
      case "websocket.disconnect":
        return this.#closed(key, message.code, message.reason);
    }
  }

  /**
   * @param {Line} line
   * @param {number} port
   * @param {Map<number, number>} keys
   * @param {SocketOpened} message
   */
  #open(line, port, keys, { id, url, protocols }) {
    const key = this.#nextKey++;
    keys.set(id, key);
    this.#sockets.set(key, { line, id, keys });
    if (this.gateway.broken) return this.sink.socket_lost(key, this.gateway.broken);
    const { origin } = this.site.root;
    const target = this.site.inside(new URL(url.replace(/^ws/, "http")));
    const headers = flatten(socketHeaders({ url: target, origin, protocols }, navigator));
    const query = target.search.slice(1);
    const offered = protocols.join("\n");
    this.#call((bridge) =>
      bridge.open_socket(key, target.pathname, query, headers, port, offered),
    );
  }

  /**
   * The page closed its socket, answered our closing, or has left.
   *
   * @param {number} key
   * @param {number} code
   * @param {string} reason
   */
  #closed(key, code, reason) {
    this.#call((bridge) => {
      bridge.socket_close(key, code, reason);
      this.#forget(key); // after the answer
    });
  }

  /** @param {(bridge: any) => void} call */
  #call(call) {
    this.gateway.call(call);
  }

  /**
   * @param {number} key
   * @param {(id: number) => HostToPage} message
   * @param {Transferable[]} [transfer]
   */
  #send(key, message, transfer = []) {
    const socket = this.#sockets.get(key);
    // A BroadcastChannel takes no second argument, and copies.
    if (!socket) return;
    const line = /** @type {MessagePort} */ (socket.line);
    const { id } = socket;
    this.gateway.outbox.send(
      () => line.postMessage(message(id), transfer),
      (reason) => {
        line.postMessage({ type: "tabcorn.abort", id, message: reason });
        this.#closed(key, GOING_AWAY, "");
      },
    );
  }

  /**
   * @param {number} key
   * @param {(id: number) => HostToPage} message
   */
  #end(key, message) {
    this.#send(key, message);
    this.#forget(key);
  }

  /** @param {number} key */
  #forget(key) {
    const socket = this.#sockets.get(key);
    socket?.keys.delete(socket.id);
    this.#sockets.delete(key);
  }
}
