/**
 * The page's event sources, each known by the name that the page script gave it in the fragment of
 * its address (page/events.js).
 *
 * Runs in the service worker. Chromium does not show it Last-Event-ID, so it reads along. Chromium
 * and Firefox let an EventSource fail for good when a service worker's answer breaks off, though
 * not a server's: such an answer ends instead, and the EventSource comes back.
 */

import { deferred } from "../shared/promises.js";
import { LastEventId } from "./eventids.js";

/** @import { HeaderPairs } from "../protocol.js" */

const NAME = /tabcorn-events-[0-9a-f-]{36}$/;

/** @param {string} url  @returns {boolean} whether it is an event source's, and of no other */
export const isNamed = (url) => NAME.test(url);

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */

/** An event source between two connections. Its page keeps the service worker alive meanwhile. */
class Interrupted {
  #over = deferred();
  /** @param {string} id */
  constructor(id) {
    this.id = id;
  }

  get over() {
    return this.#over.promise;
  }

  cancel() {
    this.#over.resolve(undefined);
  }
}

/** One connection of an event source. */
class Source {
  /** @type {LastEventId} */
  #ids;

  /**
   * @param {string} id
   * @param {boolean} hidden whether the engine does not show it
   * @param {(id: string) => void} interrupted called when the stream has ended or broken off
   */
  constructor(id, hidden, interrupted) {
    this.id = id;
    this.hidden = hidden;
    this.interrupted = interrupted;
    this.#ids = new LastEventId(id);
  }

  /**
   * @param {HeaderPairs} headers
   * @returns {HeaderPairs} with Last-Event-ID, where the engine does not show it
   */
  withLastId(headers) {
    if (!this.hidden || this.id === "") return headers;
    const bytes = new TextEncoder().encode(this.id);
    return [...headers, ["last-event-id", String.fromCharCode(...bytes)]];
  }

  /**
   * @param {ReadableStream<Bytes>} body
   * @returns {ReadableStream<Bytes>} the same bytes; it ends where the other one breaks off
   */
  through(body) {
    /** @type {TransformStream<Bytes, Bytes>} */
    const { readable, writable } = new TransformStream({
      transform: (chunk, controller) => {
        if (this.hidden) this.#ids.read(chunk);
        controller.enqueue(chunk);
      },
      flush: () => this.interrupted(this.#ids.value),
    });
    // When the page cancels, the writable side has failed already and is not closed any more.
    body.pipeTo(writable, { preventAbort: true }).catch(() => writable.close().catch(() => {}));
    return readable;
  }
}

export class EventSources {
  /** @type {Map<string, Interrupted>} by name */
  #interrupted = new Map();

  /**
   * @param {boolean} hidesLastId whether the engine is one that does
   * @param {(interrupted: Interrupted, client: string) => void} watch
   */
  constructor(hidesLastId, watch) {
    this.hidesLastId = hidesLastId;
    this.watch = watch;
  }

  /**
   * The event source that asks, if one does.
   *
   * @param {string} url with its fragment
   * @param {string} client
   * @returns {Source | undefined}
   */
  find(url, client) {
    const name = NAME.exec(url)?.[0];
    if (!name) return undefined;
    const id = this.#interrupted.get(name)?.id ?? "";
    this.closed(url);
    return new Source(id, this.hidesLastId, (lastId) => this.#interrupt(name, lastId, client));
  }

  /**
   * It comes back no more, or has come back.
   *
   * @param {string} url with its fragment
   */
  closed(url) {
    const name = NAME.exec(url)?.[0] ?? "";
    this.#interrupted.get(name)?.cancel();
  }

  /**
   * @param {string} name
   * @param {string} id
   * @param {string} client
   */
  #interrupt(name, id, client) {
    const interrupted = new Interrupted(id);
    this.#interrupted.set(name, interrupted);
    void interrupted.over.then(() => this.#interrupted.delete(name));
    this.watch(interrupted, client);
  }
}
