/**
 * Page script: gives every EventSource a name of its own, in the fragment of its address, which
 * only the service worker sees.
 *
 * Runs in the app's documents and workers. Chromium does not show a service worker the header
 * Last-Event-ID, and it and Firefox take an answer of one that breaks off for a failure for good:
 * by the name, sw/events.js makes up for both. WebKit needs neither.
 */

const EVENT_SOURCE = "tabcorn-events-";

(() => {
  const Native = globalThis.EventSource;
  if (!Native || !/Chrome\/|Firefox\//.test(navigator.userAgent)) return;
  const { origin } = new URL(place.root);
  /** What was put at the end of an address. @type {WeakMap<EventSource, string>} */
  const added = new WeakMap();

  /** @param {string} url  @returns {string} what to put at its end; empty for other origins */
  const nameFor = (url) => {
    const base = typeof document === "undefined" ? location.href : document.baseURI;
    if (!URL.canParse(url, base) || new URL(url, base).origin !== origin) return "";
    return `${url.includes("#") ? "" : "#"}${EVENT_SOURCE}${crypto.randomUUID()}`;
  };

  const Named = new Proxy(Native, {
    construct(target, args, newTarget) {
      const [given, ...rest] = args;
      if (args.length === 0 || typeof given === "symbol") return Reflect.construct(target, args, newTarget);
      // Once, as the browser does: an object may say something else the next time.
      const url = `${given}`.replace(/[\0- ]+$/, "");
      const name = nameFor(url);
      const source = Reflect.construct(target, [url + name, ...rest], newTarget);
      added.set(source, name);
      return source;
    },
  });

  const { prototype } = Native;
  const url = /** @type {PropertyDescriptor} */ (Object.getOwnPropertyDescriptor(prototype, "url"));
  const { get } = {
    /** @this {EventSource} */
    get() {
      const whole = url.get?.call(this);
      return whole.slice(0, whole.length - (added.get(this)?.length ?? 0));
    },
  };
  Object.defineProperty(get, "name", { value: "get url", configurable: true });
  Object.defineProperty(prototype, "url", { ...url, get });
  Object.defineProperty(prototype, "constructor", { value: Named, writable: true, configurable: true });
  Object.defineProperty(globalThis, "EventSource", { value: Named, writable: true, configurable: true });
})();
