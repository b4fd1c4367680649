/**
 * Page script: the windows that the app opens, each as the app's own document in it.
 *
 * Runs in the app's own window. What `window.open` opens on the site has a shell at its top, and
 * the app in the shell's frame. What the script gets stands for the window that is meant: for the
 * frame's once the app is there, until then, and elsewhere, for the top one.
 */

(() => {
  /** How often it is looked whether the app is there, for those who wait for its `load`. */
  const LOOK_MS = 30;
  /** Of the tab, not of the document in it. */
  const OF_THE_TAB = new Set([
    ...["close", "closed", "focus", "blur", "opener"],
    ...["moveBy", "moveTo", "resizeBy", "resizeTo"],
  ]);
  const ITSELF = new Set(["window", "self", "top", "parent", "frames"]);
  /** @type {WeakMap<Window, Window>} */
  const standIns = new WeakMap();

  /**
   * @param {Window} top
   * @returns {Window | undefined} the app's window, if this is one of its tabs and it is there
   */
  const appIn = (top) => {
    try {
      const { documentElement } = top.document;
      const frame = documentElement.querySelector("iframe#tabcorn-app");
      const inner = documentElement.dataset["tabcorn"] ? /** @type {any} */ (frame)?.contentWindow : undefined;
      return inner && inner.location.href !== "about:blank" ? inner : undefined;
    } catch {
      return undefined; // of another origin
    }
  };

  /** Whether a shell is there, or may yet come. @param {Window} top */
  const isComing = (top) => {
    try {
      const { documentElement: root, readyState } = top.document; // no root yet: it has only begun
      const isUnknown = !root || readyState === "loading" || top.location.href === "about:blank";
      return !top.closed && (isUnknown || root.dataset["tabcorn"] !== undefined);
    } catch {
      return false;
    }
  };

  /**
   * Listen for the app's `load`, not for the shell's.
   *
   * @param {Window} top
   * @param {(event: Event) => void} listener
   */
  const whenLoaded = (top, listener) => {
    const app = appIn(top);
    if (app && app.document.readyState === "complete") return listener.call(app, new Event("load"));
    if (app) return app.addEventListener("load", listener, { once: true });
    if (isComing(top)) setTimeout(whenLoaded, LOOK_MS, top, listener);
    return undefined;
  };

  /** @param {Window} top */
  const standInFor = (top) => {
    const meant = (/** @type {any} */ name) => (OF_THE_TAB.has(name) ? top : (appIn(top) ?? top));
    const waits = () => appIn(top) === undefined && isComing(top);
    /** @type {(type: string, listener: any, ...options: any[]) => void} */
    const listen = (type, listener, ...options) => {
      if (type === "load" && waits()) whenLoaded(top, listener.handleEvent?.bind(listener) ?? listener);
      else meant(type).addEventListener(type, listener, ...options);
    };
    /** @type {any} */
    const self = new Proxy(Object.create(null), {
      get(_, name) {
        if (ITSELF.has(/** @type {string} */ (name))) return self;
        if (name === "addEventListener") return listen;
        const value = Reflect.get(meant(name), name);
        return typeof value === "function" && !value.prototype ? value.bind(meant(name)) : value;
      },
      set(_, name, value) {
        if (name === "onload" && waits() && typeof value === "function") whenLoaded(top, value);
        else Reflect.set(meant(name), name, value);
        return true;
      },
      has: (_, name) => Reflect.has(meant(name), name),
      deleteProperty: (_, name) => Reflect.deleteProperty(meant(name), name),
      ownKeys: () => Reflect.ownKeys(meant("")),
      getPrototypeOf: () => Reflect.getPrototypeOf(meant("")),
      getOwnPropertyDescriptor(_, name) {
        const found = Reflect.getOwnPropertyDescriptor(meant(name), name);
        return found && { ...found, configurable: true };
      },
    });
    return self;
  };

  /** @param {Window | null} opened */
  const meantBy = (opened) => {
    if (!opened || opened === window.top || opened.top !== opened) return opened; // a frame, or this tab
    const known = standIns.get(opened) ?? standInFor(opened);
    standIns.set(opened, known);
    return known;
  };

  replaceMethod(window, "open", (native, self, args) => meantBy(native.apply(self, args)));

  /** A script compares who has sent a message with the window that it has opened. */
  replaceGetter(MessageEvent.prototype, "source", (native) => {
    const source = native();
    return (source?.top && standIns.get(source.top)) ?? source;
  });
})();
