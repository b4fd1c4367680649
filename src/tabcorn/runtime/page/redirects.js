/**
 * Page script: `response.redirected` in WebKit, which leaves it false when a service worker sent the
 * redirect. The response's address is right, and tells.
 *
 * Runs in the app's own window.
 */

(() => {
  if (/(?:Chrome|Firefox)\//.test(navigator.userAgent)) return;
  /** @type {WeakMap<Response, string>} the address that was asked for, by the response */
  const asked = new WeakMap();

  replaceMethod(window, "fetch", async (native, self, args) => {
    const [input] = args;
    const answer = native.apply(self, args);
    const response = await answer;
    const address = input instanceof Request ? input.url : new URL(input, document.baseURI).href;
    asked.set(response, address.split("#", 1)[0] ?? "");
    return response;
  });

  replaceMethod(Response.prototype, "clone", (native, response, args) => {
    const copy = native.apply(response, args);
    const address = asked.get(response);
    if (address !== undefined) asked.set(copy, address);
    return copy;
  });

  const native = /** @type {PropertyDescriptor} */ (
    Object.getOwnPropertyDescriptor(Response.prototype, "redirected")
  );
  const replacement = {
    get redirected() {
      const response = /** @type {Response} */ (/** @type {unknown} */ (this));
      const address = asked.get(response);
      const moved = address !== undefined && !["", address].includes(response.url);
      return native.get?.call(response) || moved;
    },
  };
  const { get } = Object.getOwnPropertyDescriptor(replacement, "redirected") ?? {};
  if (get) Object.defineProperty(Response.prototype, "redirected", { ...native, get });
})();
