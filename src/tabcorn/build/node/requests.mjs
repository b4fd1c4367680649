/**
 * Asks the app as a browser's first visit does: the front page, where it leads, and what it shows.
 *
 * Runs in node at build time, in the place of the gateway (runtime/host/gateway.js).
 */

import { passwords } from "../../runtime/host/passwords.js";
import { first, unflatten } from "../../runtime/shared/headers.js";

const HOST = "127.0.0.1:8000";
const HTML = "text/html,*/*;q=0.8";
const MOST_REDIRECTS = 5;
const MOST_RESOURCES = 30;

/** What a page has a browser fetch at once. */
const RESOURCE = /<(?:link|script|img|source)\b[^>]*?\s(?:href|src)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))/gi;

/**
 * @typedef {object} Answer
 * @property {number} status 0 where none came
 * @property {string} ended `complete`, `unfinished`, or `aborted: ` and why
 * @property {[string, string][]} headers
 * @property {Uint8Array<ArrayBuffer>[]} chunks
 */

/** The sink of all requests; what Python calls is in `tabcorn.server.bridge`. */
export class Requests {
  passwords = passwords;
  /** @type {any} */
  bridge;
  #ids = 0;
  /** @type {Map<number, Answer & { settle: (ended: string) => void }>} */
  #open = new Map();

  /**
   * @param {URL} url
   * @param {string} accept
   * @param {number} ms
   * @returns {Promise<Answer>}
   */
  async get({ pathname, search }, accept, ms) {
    const id = (this.#ids += 1);
    const ended = new Promise((settle) => {
      this.#open.set(id, { status: 0, ended: "unfinished", headers: [], chunks: [], settle });
    });
    const headers = ["host", HOST, "accept", accept].join("\n");
    this.bridge.open(id, "GET", pathname, search.slice(1), headers, 50000, undefined, false);
    const answer = /** @type {Answer} */ (this.#open.get(id));
    answer.ended = await within(ended, ms, "unfinished");
    if (answer.ended === "unfinished") this.bridge.disconnect(id);
    this.#open.delete(id);
    return answer;
  }

  /** @param {number} id  @param {number} status  @param {string} _reason  @param {string} headers */
  start(id, status, _reason, headers) {
    Object.assign(this.#open.get(id) ?? {}, { status, headers: unflatten(headers) });
  }

  /** @param {number} id  @param {Uint8Array<ArrayBuffer>} bytes  @param {boolean} moreBody */
  body(id, bytes, moreBody) {
    const answer = this.#open.get(id);
    answer?.chunks.push(bytes);
    // Not from within the call: the app's send() has not returned yet.
    queueMicrotask(() => this.bridge.grant(id, bytes.length));
    if (!moreBody) answer?.settle("complete");
  }

  consumed() {}

  /** @param {number} id  @param {string} message */
  abort(id, message) {
    this.#open.get(id)?.settle(`aborted: ${message}`);
  }
}

/**
 * The answer to `GET /`.
 *
 * @param {Requests} requests
 * @param {number} ms
 */
export function askFrontPage(requests, ms) {
  return requests.get(new URL(`http://${HOST}/`), HTML, ms);
}

/**
 * Go where it leads, and fetch what is shown there.
 *
 * @param {Requests} requests
 * @param {Answer} answer to `GET /`
 * @param {number} ms for each request
 */
export async function look(requests, answer, ms) {
  let url = new URL(`http://${HOST}/`);
  for (let n = 0; n < MOST_REDIRECTS && answer.status >= 300 && answer.status < 400; n += 1) {
    const target = inside(first(answer.headers, "location"), url);
    if (!target) return;
    url = target;
    answer = await requests.get(url, HTML, ms);
  }
  if (!first(answer.headers, "content-type").startsWith("text/html")) return;
  for (const resource of resources(await new Blob(answer.chunks).text(), url)) {
    await requests.get(resource, "*/*", ms);
  }
}

/**
 * @param {string} html
 * @param {URL} page
 * @returns {URL[]} of the app's, in their order
 */
export function resources(html, page) {
  /** @type {Map<string, URL>} */
  const found = new Map();
  for (const [, ...forms] of html.matchAll(RESOURCE)) {
    const url = inside((forms.find((form) => form !== undefined) ?? "").replaceAll("&amp;", "&"), page);
    if (url) found.set(url.href, url);
  }
  return [...found.values()].slice(0, MOST_RESOURCES);
}

/**
 * @param {string} address
 * @param {URL} page
 */
function inside(address, page) {
  const url = URL.canParse(address, page) ? new URL(address, page) : undefined;
  if (url?.origin !== page.origin) return undefined;
  url.hash = "";
  return url;
}

/**
 * @template T
 * @param {Promise<T>} promise
 * @param {number} ms
 * @param {T} otherwise
 */
export function within(promise, ms, otherwise) {
  return Promise.race([promise, new Promise((resolve) => setTimeout(resolve, ms, otherwise))]);
}
