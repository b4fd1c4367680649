/**
 * One request to the app and its response, as streams with backpressure in both directions.
 *
 * Runs in the service worker. Nothing of the request's body but its first part is sent before the
 * host has acknowledged it; so a request that found a dead host can be sent again, whole.
 */

import { after, deferred } from "../shared/promises.js";
import { WINDOW } from "../shared/site.js";

/** @import { Credit, RequestOpened, ResponseBody, ResponseStart } from "../protocol.js" */
/** @import { Deferred } from "../shared/promises.js" */
/** @import { Connection, Reply } from "./connection.js" */
/** @import { Link } from "./link.js" */
/** @import { RequestBody } from "./body.js" */

/** A living host acknowledges in about a millisecond, unless Python is computing. */
const ACKNOWLEDGEMENT_MS = 1000;
/** What the browser may hold unread before the app is asked to wait. */
const BUFFER = 256 * 1024;
/** So much is read before the host is told: small chunks are not worth a message each. */
const CREDIT = 64 * 1024;

/** The app's response broke off, before or after its start. */
export class Broken extends Error {
  name = "Broken";
}

/**
 * @typedef {Omit<RequestOpened, "type" | "id" | "body" | "more_body">} Head
 * @typedef {Pick<ResponseStart, "status" | "reason" | "headers" | "cookies">} Start
 * @typedef {Start & { body: ReadableStream<Uint8Array<ArrayBuffer>>, whole?: ArrayBuffer | undefined }} Answer
 *   `whole` is all of the body, if it came with the start: it, or `body`, is read
 */

export class Exchange {
  /** @type {Connection | undefined} */
  #connection;
  #id = 0;
  /** @type {Deferred<void>} */
  #acknowledged = deferred();
  /** @type {Deferred<ResponseStart>} */
  #start = deferred();
  /** @type {ReadableStreamDefaultController<Uint8Array<ArrayBuffer>> | undefined} */
  #controller;
  /** Made when the answer begins, unless it is whole. @type {ReadableStream<Uint8Array<ArrayBuffer>> | undefined} */
  #stream;
  /** Why the response broke off, when what came before is not read yet. @type {Error | undefined} */
  #broken;
  #read = 0;
  #window = WINDOW;
  /** @type {Deferred<void>} */
  #windowOpened = deferred();
  #ended = false;
  /** @type {Deferred<void>} */
  #over = deferred();

  /**
   * @param {Link} link
   * @param {Head} head
   * @param {RequestBody} body
   */
  constructor(link, head, body) {
    this.link = link;
    this.head = head;
    this.body = body;
    this.#start.promise.catch(() => {}); // a response nobody waits for any more
  }

  /** Settles when nothing more will happen, however it came about. */
  get over() {
    return this.#over.promise;
  }

  /**
   * @returns {Promise<Answer>}
   * @throws {Broken} when the app gave no response
   * @throws {import("./link.js").NoHost}
   */
  async answer() {
    await this.#reachHost();
    void this.#upload();
    return toAnswer(await this.#start.promise, this.#stream);
  }

  /** The page is gone, or does not want the rest. */
  cancel() {
    if (this.#ended) return;
    this.#connection?.send({ type: "http.disconnect", id: this.#id });
    this.#fail(new Broken("The page gave the request up."));
  }

  async #reachHost() {
    let connection = await this.link.connection();
    for (;;) {
      this.#open(connection);
      const successor = await this.#replaced(connection);
      if (!successor) return;
      connection.end(this.#id);
      connection = successor;
    }
  }

  /**
   * Wait for the acknowledgement.
   *
   * @param {Connection} connection
   * @returns {Promise<Connection | undefined>} the host that took the place of one that died
   */
  async #replaced(connection) {
    for (;;) {
      const received = this.#acknowledged.promise.then(() => true);
      if (await Promise.race([received, after(ACKNOWLEDGEMENT_MS)])) return undefined;
      const present = await this.link.renewed();
      if (present !== connection) return present;
    }
  }

  /** @param {Connection} connection */
  #open(connection) {
    this.#connection = connection;
    this.#id = connection.begin((reply) => this.#receive(reply));
    const { first, complete } = this.body;
    this.#window = WINDOW - (first?.byteLength ?? 0);
    connection.send({
      type: "tabcorn.request",
      id: this.#id,
      ...this.head,
      body: first, // copied, not transferred: it may have to be sent again
      more_body: !complete,
    });
  }

  /** @param {Reply} reply */
  #receive(reply) {
    switch (reply.type) {
      case "tabcorn.acknowledged":
        return this.#acknowledged.resolve();
      case "http.response.start":
        return this.#begin(reply);
      case "http.response.body":
        return this.#deliver(reply);
      case "tabcorn.credit":
        return this.#widen(reply);
      case "tabcorn.abort":
        this.#fail(new Broken(reply.message));
    }
  }

  /* ---- the request's body, up ------------------------------------------------------------ */

  async #upload() {
    if (this.body.complete) return;
    try {
      for await (const chunk of this.body.rest()) {
        await this.#sendBody(chunk, true);
        if (this.#ended) return; // answered without reading on, or given up
      }
      await this.#sendBody(new ArrayBuffer(0), false);
    } catch {
      this.cancel(); // the page took its upload back, or it could not be read
    }
  }

  /**
   * @param {ArrayBuffer} body
   * @param {boolean} more
   */
  async #sendBody(body, more) {
    while (!this.#ended && this.#window <= 0 && body.byteLength > 0) {
      await this.#windowOpened.promise;
    }
    if (this.#ended) return;
    this.#window -= body.byteLength;
    const message = /** @type {const} */ ({
      type: "http.request",
      id: this.#id,
      body,
      more_body: more,
    });
    this.#connection?.send(message, [body]);
  }

  /** @param {Credit} credit */
  #widen({ bytes }) {
    this.#window += bytes;
    this.#windowOpened.resolve();
    this.#windowOpened = deferred();
  }

  /* ---- the response's body, down ---------------------------------------------------------- */

  /** @param {ResponseStart} start */
  #begin(start) {
    this.#start.resolve(start);
    if (start.body && !start.more_body) return this.#end();
    this.#stream = this.#makeStream();
    if (start.body) this.#deliver({ body: start.body, more_body: true });
  }

  /** @returns {ReadableStream<Uint8Array<ArrayBuffer>>} */
  #makeStream() {
    return new ReadableStream(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        pull: (controller) => {
          if (this.#broken && controller.desiredSize === BUFFER) controller.error(this.#broken);
          else this.#giveCredit();
        },
        cancel: () => this.cancel(),
      },
      { highWaterMark: BUFFER, size: (chunk) => chunk.byteLength },
    );
  }

  /** Pulled means that the reader has room: what it took before may be sent anew. */
  #giveCredit() {
    if (this.#read < CREDIT) return;
    this.#connection?.send({ type: "tabcorn.credit", id: this.#id, bytes: this.#read });
    this.#read = 0;
  }

  /** @param {Pick<ResponseBody, "body" | "more_body">} message */
  #deliver({ body, more_body }) {
    if (body.byteLength > 0) {
      this.#read += body.byteLength;
      this.#controller?.enqueue(new Uint8Array(body));
    }
    if (more_body) return;
    this.#controller?.close();
    this.#end();
  }

  /** @param {Error} error */
  #fail(error) {
    this.#start.reject(error);
    // As from a network, the page first reads what has come.
    if (this.#controller?.desiredSize === BUFFER) this.#controller.error(error);
    else this.#broken = error;
    this.#end();
  }

  #end() {
    this.#ended = true;
    this.#controller = undefined;
    this.#connection?.end(this.#id);
    this.#windowOpened.resolve();
    this.#over.resolve();
  }
}

/**
 * @param {ResponseStart} start
 * @param {ReadableStream<Uint8Array<ArrayBuffer>> | undefined} stream of the body; undefined when it came whole
 * @returns {Answer}
 */
function toAnswer({ status, reason, headers, cookies, body }, stream) {
  const start = { status, reason, headers, cookies };
  return stream ? { ...start, body: stream } : wholeAnswer(start, body);
}

/**
 * @param {Start} start
 * @param {ArrayBuffer | undefined} whole
 * @returns {Answer}
 */
export function wholeAnswer(start, whole) {
  return {
    ...start,
    whole,
    get body() {
      return /** @type {ReadableStream<Uint8Array<ArrayBuffer>>} */ (new Response(whole).body);
    },
  };
}

/**
 * Read a body that no page will see. To cancel it would tell the app that the page has left.
 *
 * @param {Answer} answer
 */
export function discard(answer) {
  if (!answer.whole) answer.body.pipeTo(new WritableStream()).catch(() => {}); // broken or not, nobody reads it
}
