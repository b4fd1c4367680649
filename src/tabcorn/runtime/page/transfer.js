/**
 * Page script: one request on the page's own port, and its answer.
 *
 * Runs in the app's own window. The body of an answer is a stream that holds no more than the credit
 * that was given, and gives it anew as it is read. While nobody reads, only the stream itself keeps
 * the transfer: when it is collected, the app is told that the page has left.
 */

/** So much is read before the host is told. `CREDIT` in sw/exchange.js. */
const TRANSFER_CREDIT = 64 * 1024;

/**
 * Streams that the page has let go of, unread, by what the streams alone hold: of a stream itself
 * engines collect what scripts see while it is being read, as after `tee`.
 *
 * @type {FinalizationRegistry<Transfer>}
 */
const forgotten = new FinalizationRegistry((transfer) => transfer.cancel());

/** Whether the engine has streams of bytes, as the bodies of its own responses are. */
const hasByteStreams = (() => {
  try {
    return Boolean(new ReadableStream({ type: "bytes" }));
  } catch {
    return false;
  }
})();

/**
 * @typedef {import("../protocol.js").ResponseStart} ResponseStart
 * @typedef {ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>} BodyController
 *
 * @typedef {object} TransferEvents
 * @property {(start: ResponseStart) => void} started
 * @property {(acknowledged: boolean) => void} failed before it started
 * @property {() => void} closed nothing more will happen to the body
 */

class Transfer {
  #id = 0;
  #acknowledged = false;
  #started = false;
  /** @type {"coming" | "whole" | "broken" | "read"} of the body */
  #state = "coming";
  /** @type {Uint8Array<ArrayBuffer>[]} what has come and is not read */
  #chunks = [];
  #read = 0;
  /** @type {unknown} */
  #error;
  /** @type {(() => void) | undefined} wakes a reader */
  #wake;
  /** @type {BodyController | undefined} */
  #controller;
  /** What the page has given up, with what its readers are told. @type {{ error: unknown } | undefined} */
  aborted;

  /**
   * @param {Port} port
   * @param {TransferEvents} on
   * @param {boolean} abortable
   */
  constructor(port, on, abortable) {
    this.port = port;
    this.on = on;
    this.abortable = abortable;
  }

  /** @param {Omit<import("../protocol.js").RequestOpened, "type" | "id" | "more_body">} head */
  open(head) {
    this.#id = this.port.begin((message) => this.#receive(message));
    this.port.send({ type: "tabcorn.request", id: this.#id, ...head, more_body: false });
  }

  /** The page does not want the rest. */
  cancel() {
    this.#disconnect();
    this.#close();
  }

  /** The page has given it up. @param {unknown} error */
  abort(error) {
    if (this.#state === "read") return;
    this.aborted = { error };
    this.#disconnect();
    this.#controller?.error(error);
    this.#end("broken", error);
  }

  #disconnect() {
    if (this.#state === "coming") this.port.send({ type: "http.disconnect", id: this.#id });
    this.port.end(this.#id);
    this.#chunks = [];
  }

  /** @param {PortMessage} message */
  #receive(message) {
    switch (message.type) {
      case "tabcorn.acknowledged":
        this.#acknowledged = true;
        return;
      case "http.response.start":
        return this.#start(message);
      case "http.response.body":
        return this.#deliver(message);
      case "tabcorn.abort":
        this.#end("broken", brokenBody(message.message));
        if (!this.#started) this.on.failed(this.#acknowledged);
    }
  }

  /** @param {ResponseStart} start */
  #start(start) {
    this.#started = true;
    if (start.body) this.#deliver({ body: start.body, more_body: Boolean(start.more_body) });
    this.on.started(start);
  }

  /** @param {{ body: ArrayBuffer, more_body: boolean }} message */
  #deliver({ body, more_body }) {
    if (body.byteLength > 0) this.#chunks.push(new Uint8Array(body));
    if (more_body) this.#wake?.();
    else this.#end("whole");
  }

  /**
   * @param {"whole" | "broken" | "read"} state
   * @param {unknown} [error]
   */
  #end(state, error) {
    this.#state = state;
    this.#error = error;
    this.port.end(this.#id);
    this.#wake?.();
  }

  #close() {
    this.#end("read");
    this.#controller = undefined;
    this.on.closed();
  }

  /* ---- the body, for the page ---------------------------------------------------------------- */

  /** All of it, when it came with the start; what may be given up is read as a stream. */
  get whole() {
    if (this.#state !== "whole" || this.abortable || this.#chunks.length > 1) return undefined;
    const [chunk = new Uint8Array()] = this.#chunks;
    this.#close();
    return chunk;
  }

  get isBroken() {
    return this.#state === "broken";
  }

  /** @returns {ReadableStream<Uint8Array<ArrayBuffer>>} */
  get stream() {
    const source = {
      start: (/** @type {BodyController} */ controller) => {
        if (this.abortable) this.#controller = controller; // to be told at once
      },
      pull: (/** @type {BodyController} */ controller) => this.#pull(controller),
      cancel: () => this.cancel(),
      ...(hasByteStreams && { type: "bytes" }),
    };
    forgotten.register(source, this);
    return new ReadableStream(/** @type {any} */ (source), { highWaterMark: 0 });
  }

  /** Nobody reads it; to cancel it would tell the app that the page has left. */
  discard() {
    const reader = this.stream.getReader();
    const next = () => void reader.read().then(({ done }) => done || next(), () => {});
    next();
  }

  /** @param {BodyController} controller */
  async #pull(controller) {
    while (this.#chunks.length === 0 && this.#state === "coming") {
      await new Promise((resolve) => (this.#wake = () => resolve(undefined)));
    }
    const chunk = this.#chunks.shift();
    if (chunk) this.#hand(controller, chunk);
    else if (this.#state === "broken") throw this.#error;
    if (this.#chunks.length > 0 || this.#state !== "whole") return;
    controller.close();
    if (!chunk) /** @type {any} */ (controller).byobRequest?.respond(0);
    this.#close();
  }

  /**
   * @param {BodyController} controller
   * @param {Uint8Array<ArrayBuffer>} chunk
   */
  #hand(controller, chunk) {
    this.#read += chunk.byteLength;
    controller.enqueue(chunk);
    if (this.#read < TRANSFER_CREDIT || this.#state !== "coming") return;
    this.port.send({ type: "tabcorn.credit", id: this.#id, bytes: this.#read });
    this.#read = 0;
  }
}

/**
 * What a body's reader is told, in the words of the engine, as of a service worker's.
 *
 * @param {string} message
 */
const brokenBody = (message) => {
  if (isChromium) return new TypeError("network error");
  if (isFirefox) return new TypeError("Error in input stream");
  return new TypeError(`FetchEvent.respondWith received an error: Broken: ${message}`);
};
