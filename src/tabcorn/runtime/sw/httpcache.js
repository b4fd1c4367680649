/**
 * A private HTTP cache in the place of the browser's own, which never sees what a service worker answers.
 *
 * Runs in the service worker, in memory: it is empty when the browser has ended that, and with each
 * build. Documents are asked of the app each time. Of all else, what the app lets be kept is given
 * again while it is fresh, and asked for with a condition when it is not. Sources: RFC 9111; Fetch,
 * "HTTP-network-or-cache fetch".
 */

import { joined } from "../shared/bytes.js";
import { cacheDirectives, clearsCache, conditions, isFresh, isKeepable, variant, voidedBy } from "../shared/freshness.js";
import { discard, wholeAnswer } from "./exchange.js";
import { Store } from "./stored.js";

/** @import { HeaderPairs } from "../protocol.js" */
/** @import { Head, Times } from "../shared/freshness.js" */
/** @import { Answer } from "./exchange.js" */
/** @import { Stored } from "./stored.js" */

/** Bytes of a body that is kept. */
const LARGEST = 2 * 1024 * 1024;
/** Addresses that are remembered without an answer. */
const MOST_MISSED = 500;

/** A page that sets one of these sees to what it has by itself; a part of an answer is not kept. */
const UNCACHED = new Set([
  ...["if-match", "if-modified-since", "if-none-match", "if-range", "if-unmodified-since"],
  ...["authorization", "range"],
]);

/** What a 304 cannot say of the body that is kept (RFC 9111, 3.2). */
const OF_THE_BODY = new Set(["content-encoding", "content-length", "content-range", "content-type", "transfer-encoding"]);

/**
 * @typedef {object} Asked
 * @property {string} method
 * @property {URL} url
 * @property {HeaderPairs} headers as the app sees them
 * @property {RequestCache} cache
 * @property {boolean} navigates
 *
 * @typedef {(conditions: HeaderPairs) => Promise<Answer>} Ask the app, with further headers
 */

export class HttpCache {
  #store;
  /** @type {Set<string>} */
  #missed = new Set();

  /**
   * @param {(url: URL) => URL} inside what the app means by an address
   * @param {(url: string) => void} onKept called with an address that was not kept before
   * @param {() => number} [now]
   */
  constructor(inside, onKept, now = Date.now) {
    this.inside = inside;
    this.now = now;
    this.#store = new Store(onKept);
  }

  /** The addresses of all that is kept, or would be if it came this way. */
  get urls() {
    return [...this.#store.keys, ...this.#missed];
  }

  /**
   * A page has got by its own port what could have been kept.
   *
   * @param {URL} url
   */
  miss(url) {
    const key = keyOf(url);
    this.#missed.delete(key);
    this.#missed.add(key);
    const [oldest] = this.#missed;
    if (this.#missed.size > MOST_MISSED && oldest !== undefined) this.#missed.delete(oldest);
  }

  /**
   * @param {Asked} asked
   * @param {Ask} ask
   * @returns {Promise<Answer | undefined>} undefined: it is not kept, and the app may not be asked
   */
  async answer(asked, ask) {
    const mode = modeOf(asked);
    const stored = mode === "no-store" || mode === "reload" ? undefined : this.#find(asked);
    if (stored && this.#suffices(stored, mode)) return toAnswer(stored);
    if (mode === "only-if-cached") return undefined;
    const begun = this.now();
    const asking = stored ? conditions(stored.headers) : [];
    const answer = await ask(asking);
    const times = { asked: begun, received: this.now() };
    if (!stored || asking.length === 0 || answer.status !== 304) return this.take(asked, answer, times);
    this.passed(asked.method, asked.url, answer);
    return this.#renewed(keyOf(asked.url), stored, answer, times);
  }

  /**
   * Keep what the app has answered, if it may be.
   *
   * @param {Asked} asked
   * @param {Answer} answer
   * @param {Times} times
   * @returns {Answer} the same, to be read on
   */
  take(asked, answer, times) {
    this.passed(asked.method, asked.url, answer);
    if (modeOf(asked) === "no-store") return answer;
    const { status, reason, headers } = answer;
    const key = keyOf(asked.url);
    const length = declaredLength(headers);
    if (!isKeepable(answer, times.received) || (length ?? 0) > LARGEST) {
      if (status < 500) this.#store.remove(key);
      return answer;
    }
    const head = { status, reason, headers, variant: variant(headers, asked.headers), times };
    return copied(answer, (bytes) => {
      const whole = bytes.byteLength === (length ?? bytes.byteLength);
      if (whole && bytes.byteLength <= LARGEST) this.#store.put(key, { ...head, bytes });
    });
  }

  /**
   * The app has given an answer: it may make void what is kept.
   *
   * @param {string} method
   * @param {URL} url
   * @param {Head} head
   */
  passed(method, url, head) {
    for (const each of voidedBy(method, url, head)) this.#store.drop(keyOf(this.inside(each)), this.now());
    if (clearsCache(head.headers)) this.#store.clear(this.now());
  }

  /** @param {Asked} asked */
  #find({ url, headers }) {
    const stored = this.#store.find(keyOf(url));
    return stored && stored.variant === variant(stored.headers, headers) ? stored : undefined;
  }

  /**
   * @param {Stored} stored
   * @param {RequestCache} mode
   */
  #suffices(stored, mode) {
    if (mode === "force-cache" || mode === "only-if-cached") return true;
    return mode === "default" && isFresh(stored, stored.times, this.now());
  }

  /**
   * What is kept still holds.
   *
   * @param {string} key
   * @param {Stored} stored
   * @param {Answer} answer that says so
   * @param {Times} times
   */
  #renewed(key, stored, answer, times) {
    discard(answer);
    const renewed = { ...stored, headers: refreshed(stored.headers, answer.headers), times };
    if (isKeepable(renewed, times.received)) this.#store.put(key, renewed);
    else this.#store.remove(key);
    return toAnswer(renewed, answer.cookies);
  }
}

/** @param {URL} url */
function keyOf({ href }) {
  return /** @type {string} */ (href.split("#", 1)[0]);
}

/**
 * How the cache is used; "no-store" is not at all.
 *
 * @param {Asked} asked
 * @returns {RequestCache}
 */
function modeOf({ method, headers, cache, navigates }) {
  if (method !== "GET" || navigates || headers.some(([name]) => UNCACHED.has(name))) return "no-store";
  if (cache !== "default") return cache;
  const directives = cacheDirectives(headers); // of the page's own
  if (directives.has("no-store")) return "no-store";
  if (directives.has("no-cache") || headers.some(([name]) => name === "pragma")) return "reload";
  return directives.get("max-age") === "0" ? "no-cache" : "default";
}

/** @param {HeaderPairs} headers */
function declaredLength(headers) {
  const value = headers.find(([name]) => name === "content-length")?.[1];
  return value === undefined ? undefined : Number(value);
}

/**
 * The kept headers, with what a 304 says anew.
 *
 * @param {HeaderPairs} kept
 * @param {HeaderPairs} told
 * @returns {HeaderPairs}
 */
function refreshed(kept, told) {
  const anew = told.filter(([name]) => !OF_THE_BODY.has(name));
  const names = new Set(anew.map(([name]) => name));
  return [...kept.filter(([name]) => !names.has(name)), ...anew];
}

/**
 * Cookies that came with it are not set again.
 *
 * @param {Stored} stored
 * @param {Answer["cookies"]} [cookies] that an answer has set now
 * @returns {Answer}
 */
function toAnswer({ status, reason, headers, bytes }, cookies) {
  return wholeAnswer({ status, reason, headers, cookies }, bytes);
}

/**
 * Keep a copy of what passes.
 *
 * @param {Answer} answer
 * @param {(bytes: ArrayBuffer) => void} done called at its end; not when it broke off, was given up or is
 *   too large
 * @returns {Answer} the same, to be read on
 */
function copied(answer, done) {
  if (answer.whole) {
    done(answer.whole);
    return answer;
  }
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const chunks = [];
  let size = 0;
  /** @type {TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>} */
  const copy = new TransformStream({
    transform: (chunk, controller) => {
      size += chunk.byteLength;
      if (size <= LARGEST) chunks.push(chunk.slice());
      else chunks.length = 0;
      controller.enqueue(chunk);
    },
  });
  const { body, whole: _, ...start } = answer;
  const end = () => void (size <= LARGEST && done(joined(chunks).buffer));
  body.pipeTo(copy.writable).then(end, () => {});
  return { ...start, body: copy.readable };
}
