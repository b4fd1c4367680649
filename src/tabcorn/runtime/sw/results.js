/**
 * What the app has answered to forms, for Back and Forward: a browser shows such a page again from
 * its cache, and would not send the form a second time. A service worker is asked all the same.
 *
 * Runs in the service worker, and is gone with it; then the user is asked.
 */

/** @import { Answer } from "./exchange.js" */

const MOST_RESULTS = 8;
const MOST_BYTES = 1024 * 1024;

export class Results {
  /** @type {Map<string, { start: Omit<Answer, "body">, chunks: Uint8Array<ArrayBuffer>[] }>} */
  #kept = new Map();

  /**
   * Keep a copy of what passes, if it is not too much.
   *
   * @param {string} key
   * @param {Answer} answer
   * @returns {Answer} the same, to be read on
   */
  keep(key, { body, whole: _, ...start }) {
    /** @type {Uint8Array<ArrayBuffer>[]} */
    const chunks = [];
    let size = 0;
    const copy = new TransformStream({
      transform: (/** @type {Uint8Array<ArrayBuffer>} */ chunk, controller) => {
        size += chunk.byteLength;
        if (size <= MOST_BYTES) chunks.push(chunk.slice());
        controller.enqueue(chunk);
      },
      flush: () => {
        if (size <= MOST_BYTES) this.#put(key, { start, chunks });
      },
    });
    return { ...start, body: body.pipeThrough(copy) };
  }

  /**
   * @param {string} key
   * @param {boolean} bodiless the browser does not say which form it was (Chromium's history): then
   *   only an answer that is the one of its address will do
   * @returns {Answer | undefined}
   */
  find(key, bodiless) {
    const address = key.slice(0, key.lastIndexOf(" ") + 1);
    const alike = [...this.#kept].filter(([other]) => other.startsWith(address));
    const found = this.#kept.get(key) ?? (bodiless && alike.length === 1 ? alike[0]?.[1] : undefined);
    if (!found) return undefined;
    return { ...found.start, body: /** @type {Answer["body"]} */ (new Blob(found.chunks).stream()) };
  }

  /**
   * @param {string} key
   * @param {{ start: Omit<Answer, "body">, chunks: Uint8Array<ArrayBuffer>[] }} result
   */
  #put(key, result) {
    this.#kept.delete(key);
    this.#kept.set(key, result);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST_RESULTS && oldest !== undefined) this.#kept.delete(oldest);
  }
}

/**
 * What tells the forms apart.
 *
 * @param {Request} request
 * @param {ArrayBuffer | undefined} body its first part
 */
export async function resultKey({ method, url }, body = new ArrayBuffer(0)) {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
  return `${method} ${url} ${hash.join()}`;
}

/**
 * Whether the browser goes to where it has been, in its history. (HTML, "create navigation params
 * by fetching": the request's cache mode says so; WebKit leaves it as it is.)
 *
 * @param {Request} request a navigation
 */
export function isHistoric({ cache }) {
  return cache === "force-cache" || cache === "only-if-cached";
}

/** What stands for an answer that nobody has kept: to reload it sends the form again. */
export function resendDocument() {
  const html =
    '<!doctype html><html lang="en"><meta name="color-scheme" content="light dark"><title>Send again?</title>' +
    "<h1>This page was the answer to a form</h1><p>To show it again, the form has to be sent again.</p>" +
    '<p><button onclick="location.reload()">Send it again</button></p>';
  return new Response(html, { headers: { "content-type": "text/html; charset=utf-8" } });
}
