/**
 * Page script: tells the service worker of requests that the page gives up before they are
 * answered. No engine does (`FetchEvent.request.signal` never fires); later, the body's stream is
 * cancelled, and nothing needs to be told.
 *
 * Runs in the app's own window. A request is named by its method and address alone: a header of
 * our own would be seen by other origins after a redirect.
 */

(() => {
  /**
   * @param {string} method
   * @param {string | URL} url
   */
  const tell = (method, url) => {
    navigator.serviceWorker?.controller?.postMessage({
      type: "tabcorn.page.aborted",
      method: /^(?:delete|get|head|options|post|put)$/i.test(method) ? method.toUpperCase() : method,
      url: new URL(url, document.baseURI).href,
    });
  };

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

  /** @param {string} url */
  const isOurs = (url) =>
    URL.canParse(url, document.baseURI) && new URL(url, document.baseURI).origin === location.origin;

  replaceMethod(window, "fetch", (native, self, args) => {
    const [input, init, ...more] = args;
    const request = input instanceof Request ? input : undefined;
    const given = controlled(init, request, request?.url ?? String(input));
    const answer = native.apply(self, given === init ? args : [input, given, ...more]);
    const signal = init?.signal ?? request?.signal;
    if (!signal || signal.aborted) return answer;
    const aborted = () => tell(init?.method ?? request?.method ?? "GET", request?.url ?? input);
    signal.addEventListener("abort", aborted, { once: true });
    const settled = () => signal.removeEventListener("abort", aborted);
    answer.then(settled, settled);
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

  /** @type {WeakMap<XMLHttpRequest, { method: string, url: string | URL }>} */
  const opened = new WeakMap();
  /** @param {XMLHttpRequest} xhr */
  const givenUp = (xhr) => {
    const { method, url } = opened.get(xhr) ?? {};
    if (method && url !== undefined) tell(method, url);
  };
  replaceMethod(XMLHttpRequest.prototype, "open", (native, xhr, args) => {
    native.apply(xhr, args);
    aborted.delete(xhr);
    if (!opened.has(xhr)) {
      xhr.addEventListener("timeout", () => givenUp(xhr));
      xhr.addEventListener("abort", correct);
    }
    opened.set(xhr, { method: String(args[0]), url: args[1] });
  });
  replaceMethod(XMLHttpRequest.prototype, "abort", (native, xhr, args) => {
    aborted.add(xhr);
    if (xhr.readyState === XMLHttpRequest.OPENED) givenUp(xhr);
    return native.apply(xhr, args);
  });
  // As the service worker knows it: events.js puts another getter in the place of this one.
  const url = Object.getOwnPropertyDescriptor(EventSource.prototype, "url");
  replaceMethod(EventSource.prototype, "close", (native, source, args) => {
    if (source.readyState === EventSource.CONNECTING) tell("GET", url?.get?.call(source));
    return native.apply(source, args);
  });
})();
