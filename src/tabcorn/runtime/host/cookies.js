/**
 * The host's part in cookies: on disk before anybody hears of them, and shown to all documents.
 *
 * Runs in the host worker. The jar itself is in Python, and decides; no HttpOnly cookie is in what
 * it lets scripts see (its sight). Session cookies are kept too, under the name of a browser
 * session that only open tabs know: a reload ends the host in some engines, and not the session.
 */

import { CookieStore } from "./cookiestore.js";

/** @import { CookieState, WriteCookies } from "../protocol.js" */
/** @import { Site } from "../shared/site.js" */
/** @import { Change, Row } from "./cookiestore.js" */
/** @import { Outbox } from "./outbox.js" */

/** Documents whose last write is remembered. */
const MOST_DOCUMENTS = 1000;

/**
 * @typedef {object} Surroundings
 * @property {Outbox} outbox
 * @property {(call: (bridge: any) => void) => void} call calls Python as soon as it is up, in order
 * @property {(session: string) => void} nameSession tells all shells which session they are in
 * @property {(line: string) => void} warn
 */

export class Cookies {
  #store;
  #channel;
  /** @type {Promise<Row[]>} */
  #rows;
  /** @type {Row[]} kept from a session that a tab may still know of */
  #earlier = [];
  /** @type {any} */
  #bridge;
  /** @type {string[]} the sessions that tabs came with before the app was up */
  #offered = [];
  #session = "";
  #sight = "{}";
  #version = Date.now();
  /** @type {Map<string, number>} the last write of each document */
  #written = new Map();

  /**
   * @param {Site} site
   * @param {string} host this host's identity
   * @param {Surroundings} around
   * @param {Pick<CookieStore, "load" | "save">} store
   */
  constructor(site, host, around, store = new CookieStore(site, host)) {
    this.around = around;
    this.#store = store;
    this.#rows = this.#store.load().catch((error) => {
      around.warn(
        `Cookies cannot be stored (${error.message ?? error}): they end with the last tab. ` +
          "A private window or blocked site data may be the reason.",
      );
      return [];
    });
    this.#channel = new BroadcastChannel(site.cookies);
    this.#channel.onmessage = ({ data }) => {
      if (data.type === "tabcorn.cookies.wanted") this.#publish();
    };
  }

  /** What Python calls, before it sends what has changed the jar. */
  sink = {
    /** @type {(rows: string, sight: string) => void} */
    cookies: (rows, sight) => {
      void this.around.outbox.hold(this.#save(JSON.parse(rows)));
      if (sight === this.#sight) return; // an HttpOnly cookie has another value
      this.#sight = sight;
      this.#version = Math.max(this.#version + 1, Date.now());
      this.#publish();
    },
  };

  /** What scripts may see now. */
  get state() {
    return { version: this.#version, sight: this.#sight };
  }

  /**
   * Give the jar what was kept. To be called before the first request.
   *
   * @param {any} bridge
   */
  async open(bridge) {
    const rows = await this.#rows;
    this.#earlier = rows.filter(({ session }) => session !== "");
    this.#load(bridge, rows.filter(({ session }) => session === ""));
    this.#bridge = bridge;
    const known = this.#offered.find((name) => this.#earlier.some(({ session }) => session === name));
    const first = known ?? this.#offered[0];
    if (first !== undefined) this.#begin(first);
  }

  /**
   * A tab is there, which says what session it was in before, if any.
   *
   * @param {string} session
   */
  attach(session) {
    if (!this.#bridge) this.#offered.push(session);
    else if (this.#session) this.around.nameSession(this.#session);
    else this.#begin(session);
  }

  /**
   * A document's script sets cookies. The same writes may come twice, on different ways.
   *
   * @param {WriteCookies} message
   */
  write({ document, writes }) {
    this.around.call((bridge) => {
      const last = this.#written.get(document) ?? 0;
      const fresh = writes.filter(({ seq }) => seq > last);
      if (fresh.length > 0) bridge.write_cookies(JSON.stringify(fresh));
      this.#remember(document, Math.max(last, ...fresh.map(({ seq }) => seq)));
      this.#publish(document);
    });
  }

  close() {
    this.#channel.close();
  }

  /** @param {string} session the one that a tab came with; empty: it is new */
  #begin(session) {
    this.#session = session || crypto.randomUUID();
    this.#load(this.#bridge, this.#earlier.filter((row) => row.session === this.#session));
    const over = this.#earlier.filter((row) => row.session !== this.#session);
    this.#earlier = [];
    if (over.length > 0) void this.#save(over.map(({ key }) => ({ key, cookie: null })));
    this.around.nameSession(this.#session);
  }

  /**
   * @param {any} bridge
   * @param {Row[]} rows
   */
  #load(bridge, rows) {
    this.#sight = bridge.load_cookies(JSON.stringify(rows.map(({ cookie }) => cookie)));
    this.#version += 1;
  }

  /** @param {Change[]} changes */
  async #save(changes) {
    try {
      await this.#store.save(changes, this.#session);
    } catch (error) {
      this.around.warn(`A cookie could not be stored: ${error}`);
    }
  }

  /**
   * @param {string} document
   * @param {number} seq
   */
  #remember(document, seq) {
    this.#written.delete(document);
    this.#written.set(document, seq);
    const [oldest] = this.#written.keys();
    if (this.#written.size > MOST_DOCUMENTS && oldest) this.#written.delete(oldest);
  }

  /** @param {string} [document] whose writes have arrived */
  #publish(document) {
    const written = document && { document, seq: this.#written.get(document) ?? 0 };
    /** @type {CookieState} */
    const message = { type: "tabcorn.cookies.state", ...this.state, written: written || undefined };
    this.around.outbox.send(() => this.#channel.postMessage(message));
  }
}
