/**
 * A request on its way to the app: from what is known of it to an exchange with the host.
 *
 * Runs in the service worker. First the request is made as the app will see it, which tells whether the
 * app has to be asked at all; only then is it sent.
 */

import { isWebKit, requestHeaders } from "../shared/request-headers.js";
import { portOf } from "./asked.js";
import { RequestBody } from "./body.js";
import { Exchange } from "./exchange.js";

/** @import { HeaderPairs } from "../protocol.js" */
/** @import { Browser } from "../shared/request-headers.js" */
/** @import { Asked } from "./asked.js" */
/** @import { Callers } from "./callers.js" */
/** @import { PageCookies } from "./cookies.js" */
/** @import { EventSources } from "./events.js" */
/** @import { Link } from "./link.js" */
/** @import { Redirected } from "./redirected.js" */
/** @import { Streams } from "./streams.js" */
/** @import { Underway } from "./underway.js" */

/**
 * @typedef {object} Means by which requests are made and sent
 * @property {Browser} browser
 * @property {Callers} callers
 * @property {PageCookies} cookies
 * @property {EventSources} eventSources
 * @property {Link} link
 * @property {Redirected | undefined} redirected
 * @property {Streams} streams
 * @property {Underway} underway
 *
 * @typedef {object} Made
 * @property {RequestBody} body
 * @property {HeaderPairs} headers
 * @property {string} client who asks, or what will show the answer
 * @property {ReturnType<EventSources["find"]>} eventSource
 */

export class Asking {
  /** @type {Exchange | undefined} */
  #exchange;

  /**
   * @param {Means} means
   * @param {FetchEvent} event
   * @param {Asked} facts
   * @param {Made} made
   */
  constructor(means, event, facts, made) {
    this.means = means;
    this.event = event;
    this.facts = facts;
    this.body = made.body;
    this.headers = made.headers;
    this.client = made.client;
    this.eventSource = made.eventSource;
  }

  /**
   * @param {Means} means
   * @param {FetchEvent} event
   * @param {Asked} facts
   * @param {RequestBody} [known] the body, when it is not the request's own
   */
  static async make(means, event, facts, known) {
    const { browser, callers, eventSources, redirected } = means;
    const { request } = event;
    const brought = redirected?.take(event.clientId, request);
    const keepsBody = facts.method !== "GET" && facts.method !== "HEAD";
    const body = (keepsBody ? brought : undefined) ?? known ?? (await bodyOf(request, browser));
    const inWorker = await callers.isWorker(event);
    const client = event.resultingClientId || event.clientId;
    const eventSource = eventSources.find(request.url, client);
    if (brought && !keepsBody && facts.mode !== "navigate") facts.headers.push(["origin", facts.url.origin]);
    const headers = requestHeaders({ ...facts, length: body.length, given: body.given, inWorker }, browser);
    return new Asking(means, event, facts, { body, headers: eventSource?.withLastId(headers) ?? headers, client, eventSource });
  }

  /** @param {HeaderPairs} more headers that ask whether an earlier answer holds */
  async send(more) {
    const { cookies, streams, underway } = this.means;
    const { clientId, request } = this.event;
    await cookies.settle(clientId, request);
    this.#exchange = this.#begin(more);
    streams.watch(this.#exchange, { id: this.client, seen: this.facts.mode !== "navigate" });
    const { destination, url } = request;
    return underway.answer(this.#exchange, this.client, { destination, method: this.facts.method, url });
  }

  /** @param {HeaderPairs} more */
  #begin(more) {
    const { url, method, credentials } = this.facts;
    const head = {
      method,
      path: url.pathname,
      query: url.search.slice(1),
      headers: [...this.headers, ...more],
      port: portOf(this.client),
      credentials: credentials !== "omit",
    };
    return new Exchange(this.means.link, head, this.body);
  }

  /** Nobody will read the answer. */
  cancel() {
    this.#exchange?.cancel();
  }
}

/**
 * @param {Request} request
 * @param {Browser} browser
 */
export function bodyOf(request, { userAgent }) {
  return RequestBody.from(request, !isWebKit(userAgent));
}
