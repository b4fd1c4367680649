/**
 * Page script: tells the service worker of requests that the page gives up. No engine does
 * (`FetchEvent.request.signal` never fires) before they are answered; later it cancels the body's
 * stream, but not where it had given up before it saw the answer.
 *
 * Runs in the app's own window. A request is named by its method and address alone: a header of
 * our own would be seen by other origins after a redirect. So nothing is told while the page waits
 * for another that is alike.
 */

(() => {
  /** A message may be faster than the request it is about. */
  const TELL_AGAIN_MS = [300, 1000, 3000];

  /** Addresses that are remembered when nothing is under way to them. */
  const REMEMBERED = 500;

  /**
   * @param {string} method
   * @param {string} url
   * @param {boolean} read whether the page may still be reading an earlier answer of the address
   */
  const tell = (method, url, read) => {
    navigator.serviceWorker?.controller?.postMessage({ type: "tabcorn.page.aborted", method, url, read });
  };

  /** The page's requests of one method and address. */
  class Alike {
    /** @type {Map<string, Alike>} */
    static #all = new Map();
    /** How many are not answered, or by XMLHttpRequest not whole. */
    #waiting = 0;
    #begun = 0;
    /** Whether one was given up while the page waited for others. */
    #owed = false;
    /** By `fetch`, whose answers are read nobody knows how long. */
    #read = false;

    /**
     * @param {string} method
     * @param {string} url
     */
    constructor(method, url) {
      this.method = method;
      this.url = url;
    }

    /**
     * @param {string} method
     * @param {string | URL} url
     */
    static of(method, url) {
      const usual = /^(?:delete|get|head|options|post|put)$/i.test(method) ? method.toUpperCase() : method;
      const { href } = new URL(url, document.baseURI);
      const key = `${usual} ${href}`;
      const alike = Alike.#all.get(key) ?? new Alike(usual, href);
      Alike.#all.delete(key); // to its end
      Alike.#all.set(key, alike);
      if (Alike.#all.size > REMEMBERED) Alike.#forget();
      return alike;
    }

    static #forget() {
      for (const [key, alike] of Alike.#all) {
        if (alike.#waiting > 0) continue;
        Alike.#all.delete(key);
        return;
      }
    }

    begin() {
      this.#waiting += 1;
      this.#begun += 1;
    }

    /** @param {"answered" | "over" | "given up"} how */
    end(how) {
      this.#waiting -= 1;
      if (how === "answered") this.#read = true;
      this.#owed ||= how === "given up";
      if (this.#waiting > 0 || !this.#owed) return;
      this.#owed = false;
      this.#tell(this.#begun, TELL_AGAIN_MS);
    }

    /**
     * @param {number} begun how many were, when it was given up: what comes later is not meant
     * @param {number[]} again
     */
    #tell(begun, [next, ...more]) {
      if (this.#waiting > 0 || this.#begun > begun) return;
      tell(this.method, this.url, this.#read);
      if (next) setTimeout(() => this.#tell(begun, more), next);
    }
  }

  /**
   * Firefox sends what is to outlive the page past the service worker, where nobody knows the app:
   * here it cannot outlive the page.
   *
   * @param {RequestInit | undefined} init
   * @param {Request | undefined} request
   * @param {string} url
   */
  const controlled = (init, request, url) => {
    const keeps = init?.keepalive ?? request?.keepalive;
    const passes = keeps && navigator.userAgent.includes("Firefox/") && isOurs(url);
    return passes ? Object.create(init ?? null, { keepalive: { value: false } }) : init;
  };

  /** @param {string | URL} url */
  const isOurs = (url) =>
    URL.canParse(url, document.baseURI) && new URL(url, document.baseURI).origin === location.origin;

  replaceMethod(window, "fetch", (native, self, args) => {
    const [input, init, ...more] = args;
    const request = input instanceof Request ? input : undefined;
    const given = controlled(init, request, request?.url ?? String(input));
    const answer = native.apply(self, given === init ? args : [input, given, ...more]);
    const signal = init?.signal ?? request?.signal;
    const url = request?.url ?? (typeof input === "string" || input instanceof URL ? input : undefined);
    if (url === undefined || signal?.aborted || !isOurs(url)) return answer;
    const alike = Alike.of(`${init?.method ?? request?.method ?? "GET"}`, url);
    alike.begin();
    answer.then(
      () => alike.end("answered"),
      () => alike.end(signal?.aborted ? "given up" : "over"),
    );
    return answer;
  });

  /** @type {WeakSet<XMLHttpRequest>} */
  const aborted = new WeakSet();
  /**
   * Chromium takes an answer that a service worker has broken off for a request that the page has
   * given up: what the page has not, is an error.
   *
   * @param {ProgressEvent} event
   */
  const correct = (event) => {
    const xhr = /** @type {XMLHttpRequest} */ (event.target);
    if (aborted.has(xhr)) return;
    event.stopImmediatePropagation();
    const { lengthComputable, loaded, total } = event;
    xhr.dispatchEvent(new ProgressEvent("error", { lengthComputable, loaded, total }));
  };

  /**
   * @typedef {object} Sending
   * @property {string} method
   * @property {string | URL} url
   * @property {Alike} [alike] while it is under way
   */
  /** @type {WeakMap<XMLHttpRequest, Sending>} */
  const opened = new WeakMap();

  /**
   * @param {XMLHttpRequest} xhr
   * @param {"over" | "given up"} how
   */
  const end = (xhr, how) => {
    const sending = opened.get(xhr);
    sending?.alike?.end(how);
    delete sending?.alike;
  };
  replaceMethod(XMLHttpRequest.prototype, "open", (native, xhr, args) => {
    native.apply(xhr, args);
    aborted.delete(xhr);
    end(xhr, "given up"); // what is under way ends without an event
    if (!opened.has(xhr)) {
      xhr.addEventListener("timeout", () => end(xhr, "given up"));
      xhr.addEventListener("abort", correct);
      xhr.addEventListener("loadend", () => end(xhr, aborted.has(xhr) ? "given up" : "over"));
    }
    opened.set(xhr, { method: `${args[0]}`, url: args[1] });
  });
  replaceMethod(XMLHttpRequest.prototype, "send", (native, xhr, args) => {
    const ready = xhr.readyState === XMLHttpRequest.OPENED;
    const answer = native.apply(xhr, args);
    const sending = opened.get(xhr);
    if (!ready || !sending || !isOurs(sending.url) || xhr.readyState === XMLHttpRequest.DONE) return answer;
    sending.alike = Alike.of(sending.method, sending.url);
    sending.alike.begin();
    return answer;
  });
  replaceMethod(XMLHttpRequest.prototype, "abort", (native, xhr, args) => {
    aborted.add(xhr);
    return native.apply(xhr, args);
  });
  // As the service worker knows it: events.js puts another getter in the place of this one.
  const url = Object.getOwnPropertyDescriptor(EventSource.prototype, "url");
  replaceMethod(EventSource.prototype, "close", (native, source, args) => {
    if (source.readyState === EventSource.CONNECTING) tell("GET", url?.get?.call(source), true);
    return native.apply(source, args);
  });
})();
