/**
 * Page script: a request that a script makes after it has set a cookie carries that cookie.
 *
 * Runs in the app's own window. Messages and requests reach the service worker on different ways,
 * and a request may be the faster: it waits, for a ms or so, where a cookie is on its way.
 * (Navigations wait in the service worker.)
 */

(() => {
  replaceMethod(window, "fetch", (native, self, args) => {
    const { arriving } = pageCookies;
    if (!arriving || args.length === 0) return native.apply(self, args);
    try {
      const request = new Request(args[0], args[1]); // as it is now, whatever becomes of `args`
      return arriving.then(() => native.call(self, request));
    } catch (error) {
      return Promise.reject(error);
    }
  });

  /** @type {WeakMap<XMLHttpRequest, { async: boolean, waiting: boolean }>} */
  const opened = new WeakMap();

  replaceMethod(XMLHttpRequest.prototype, "open", (native, xhr, args) => {
    native.apply(xhr, args);
    opened.set(xhr, { async: args.length < 3 || Boolean(args[2]), waiting: false });
  });

  replaceMethod(XMLHttpRequest.prototype, "send", (native, xhr, args) => {
    const { arriving } = pageCookies;
    const state = opened.get(xhr);
    if (state?.waiting) throw new DOMException("The request has been sent.", "InvalidStateError");
    if (!arriving || !state?.async || xhr.readyState !== XMLHttpRequest.OPENED) {
      return native.apply(xhr, args);
    }
    state.waiting = true;
    void arriving.then(() => {
      if (!state.waiting || opened.get(xhr) !== state) return; // opened anew, or given up
      state.waiting = false;
      native.apply(xhr, args);
    });
  });

  replaceMethod(XMLHttpRequest.prototype, "abort", (native, xhr, args) => {
    const state = opened.get(xhr);
    if (!state?.waiting) return native.apply(xhr, args);
    state.waiting = false;
    opened.delete(xhr);
    for (const type of ["abort", "loadend"]) xhr.dispatchEvent(new ProgressEvent(type));
  });
})();
