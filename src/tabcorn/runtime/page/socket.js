/**
 * Page script: one WebSocket of the app's, from its opening to its end.
 *
 * Runs in the app's documents and workers. This is the state of it and the events; what the page
 * sees of it is in websocket.js. Source: the WebSockets Standard, "Feedback from the protocol".
 */

const CONNECTING = 0;
const OPEN = 1;
const CLOSING = 2;
const CLOSED = 3;

/** Bytes that may be under way to the host. `WINDOW` in shared/site.js. */
const SOCKET_WINDOW = 1024 * 1024;
/** So much is read before the host is told. */
const CREDIT_BYTES = 64 * 1024;
/** What a message costs besides its bytes. `OVERHEAD` in tabcorn/server/websocket.py. */
const OVERHEAD = 64;

/** Close codes without a frame (RFC 6455, 7.4.1). */
const NO_CODE = 1005;
const ABNORMAL = 1006;
const GOING_AWAY = 1001;

/** The only one on its line. */
const ID = 1;

/** Those that are not closed: they end with their document. @type {Set<Socket>} */
const liveSockets = new Set();

/** @typedef {{ data: string | ArrayBuffer | Blob, size: number }} Outgoing */

class Socket {
  state = CONNECTING;
  protocol = "";
  /** @type {"blob" | "arraybuffer"} */
  binaryType = "blob";
  bufferedAmount = 0;
  #underWay = 0;
  #unread = 0;
  /** @type {Outgoing[]} */
  #queue = [];
  /** @type {{ code: number, reason: string } | undefined} our close frame, until it is sent */
  #frame;
  #pumping = false;
  #frameSent = false;
  /** @type {Line | undefined} */
  #line;

  /**
   * @param {EventTarget} target
   * @param {URL} url
   * @param {string[]} protocols
   */
  constructor(target, url, protocols) {
    this.target = target;
    this.url = url;
    this.offered = protocols;
    liveSockets.add(this);
  }

  connect() {
    const on = {
      ready: () => this.#post({ type: "tabcorn.socket", id: ID, url: this.url.href, protocols: this.offered }),
      message: (/** @type {HostToPage} */ message) => this.#receive(message),
      lost: () => this.fail("The app's host has ended."),
    };
    this.#line = new Line(on, "socket");
  }

  /* ---- what the page does ------------------------------------------------------------------ */

  /** @param {string | ArrayBuffer | Blob} data an ArrayBuffer is ours to give away */
  send(data) {
    const size = sizeOf(data);
    this.bufferedAmount += size;
    if (this.state !== OPEN) return this.#count(size);
    this.#queue.push({ data, size });
    void this.#pump();
  }

  /** @param {number} size of a message that comes after the closing, and is lost */
  #count(size) {
    if (quirks.countsFrames) this.bufferedAmount += frameOverhead(size);
  }

  /**
   * @param {number} code
   * @param {string} reason
   */
  close(code, reason) {
    if (this.state >= CLOSING) return;
    const opened = this.state === OPEN;
    this.state = CLOSING;
    this.#frame = { code, reason };
    if (opened) void this.#pump();
    else setTimeout(() => this.fail("WebSocket is closed before the connection is established."));
  }

  /** The document goes away. */
  leave() {
    if (this.state === CLOSED) return;
    this.#sendFrame(GOING_AWAY, "");
    this.#end();
  }

  /** It has come back, and what the page would have been told then is told now. */
  missed() {
    this.#dispatchFailure();
  }

  /* ---- what the app does ------------------------------------------------------------------- */

  /** @param {HostToPage} message */
  #receive(message) {
    if (this.state === CLOSED) return;
    switch (message.type) {
      case "websocket.accept":
        place.onCookies?.(message.cookies); // scripts see them when the socket opens
        return this.#accepted(message.subprotocol);
      case "websocket.send":
        return this.#deliver(/** @type {string | ArrayBuffer} */ (message.text ?? message.bytes));
      case "tabcorn.credit":
        this.#underWay -= message.bytes;
        this.bufferedAmount -= message.bytes;
        return void this.#pump();
      case "websocket.close":
        if (quirks.refuses(message.code)) return this.fail("The server's close code is not allowed.");
        this.#sendFrame(message.code, message.reason);
        return this.#closed(message.code, message.reason, true);
      case "tabcorn.abort":
        if (this.state === CONNECTING) return this.fail(message.message);
        this.#tell(message.message); // as for a connection that a server drops: no error event
        return this.#closed(ABNORMAL, "", false);
    }
  }

  /** @param {string} protocol */
  #accepted(protocol) {
    if (this.state !== CONNECTING) return;
    const agreed = quirks.agree(this.offered, protocol);
    if (agreed === undefined) {
      const got = protocol || "(none)";
      return this.fail(`Error during WebSocket handshake: subprotocol '${got}' is none that was asked for`);
    }
    this.state = OPEN;
    this.protocol = agreed;
    this.#dispatch(new Event("open"));
  }

  /** @param {string | ArrayBuffer} content */
  #deliver(content) {
    this.#unread += sizeOf(content) + OVERHEAD;
    if (this.state === OPEN) {
      const asBlob = typeof content !== "string" && this.binaryType === "blob";
      const data = asBlob ? new Blob([content]) : content;
      this.#dispatch(new MessageEvent("message", { data, origin: originOf(this.url) }));
    }
    if (this.#unread < CREDIT_BYTES) return;
    this.#post({ type: "tabcorn.credit", id: ID, bytes: this.#unread });
    this.#unread = 0;
  }

  /* ---- the way out ------------------------------------------------------------------------- */

  /** Send what may be sent, in order: a Blob holds up what comes after it until it is read. */
  async #pump() {
    if (this.#pumping) return;
    this.#pumping = true;
    while (this.#queue.length > 0 && this.#underWay < SOCKET_WINDOW && this.state !== CLOSED) {
      const { data, size } = /** @type {Outgoing} */ (this.#queue.shift());
      const sent = isBlob(data) ? await data.arrayBuffer().catch(() => undefined) : data;
      if (sent === undefined) this.fail("A Blob could not be read.");
      else this.#sendMessage(sent, size);
    }
    this.#pumping = false;
    if (this.#frame && this.#queue.length === 0) this.#sendFrame(this.#frame.code, this.#frame.reason);
  }

  /**
   * @param {string | ArrayBuffer} data
   * @param {number} size
   */
  #sendMessage(data, size) {
    this.#underWay += size;
    if (typeof data === "string") this.#post({ type: "websocket.receive", id: ID, text: data });
    else this.#post({ type: "websocket.receive", id: ID, bytes: data }, [data]);
  }

  /**
   * @param {number} code
   * @param {string} reason
   */
  #sendFrame(code, reason) {
    if (this.#frameSent) return;
    this.#frameSent = true;
    this.#post({ type: "websocket.disconnect", id: ID, code, reason });
  }

  /**
   * @param {PageToHost} message
   * @param {Transferable[]} [transfer]
   */
  #post(message, transfer) {
    this.#line?.post(message, transfer);
  }

  /* ---- the end ----------------------------------------------------------------------------- */

  /** @param {string} message no browser says more to the page than that it failed */
  #tell(message) {
    console.error(`WebSocket connection to '${this.url.href}' failed: ${message}`);
  }

  /** @param {string} message */
  fail(message) {
    if (this.state === CLOSED) return;
    this.#sendFrame(ABNORMAL, "");
    this.#end();
    this.#tell(message);
    this.#dispatchFailure();
  }

  #dispatchFailure() {
    this.#dispatch(new Event("error"));
    const closed = { code: ABNORMAL, reason: "", wasClean: false };
    nextTask(() => this.#dispatch(new CloseEvent("close", closed)));
  }

  /**
   * @param {number} code
   * @param {string} reason
   * @param {boolean} wasClean
   */
  #closed(code, reason, wasClean) {
    this.#end();
    this.#dispatch(new CloseEvent("close", { code, reason, wasClean }));
  }

  #end() {
    this.state = CLOSED;
    liveSockets.delete(this);
    this.#line?.close();
  }

  /** @param {Event} event */
  #dispatch(event) {
    fire(this.target, event);
  }
}

/** @param {URL} url browsers give no origin for ws in some versions, so it is put together */
const originOf = ({ protocol, host }) => `${protocol}//${host}`;

/** The document goes away; from the back/forward cache it may come again. */
const leaveAll = () => {
  const left = [...liveSockets];
  for (const socket of left) socket.leave();
  const back = () => left.forEach((socket) => socket.missed());
  addEventListener("pageshow", back, { once: true });
};

if (typeof document !== "undefined") {
  // After all listeners of the page's own, which may send something yet: those that are added
  // meanwhile, or when the document turns hidden, if it was not already.
  const { passesLateListeners } = quirks;
  let isLeaving = false;
  const leave = () => {
    isLeaving = true;
    if (passesLateListeners && document.hidden) leaveAll();
    else if (!passesLateListeners) addEventListener("pagehide", leaveAll, { once: true });
  };
  addEventListener("pagehide", leave, { capture: true });
  addEventListener("pageshow", () => (isLeaving = false), { capture: true });
  addEventListener("visibilitychange", () => passesLateListeners && isLeaving && leaveAll());
}
