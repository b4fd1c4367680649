/**
 * Page script: how the other files of this folder stand in for what the browser has.
 *
 * Runs in the app's own window. The service worker joins the files inside one function: what is
 * declared here is seen by the others, and not by the app.
 */

/** The shell's window, if this document is what it shows; not in a frame of the app's own. */
const shell = (() => {
  const { frameElement, parent } = window;
  const top = frameElement?.ownerDocument.documentElement;
  return frameElement?.id === "tabcorn-app" && top?.dataset["tabcorn"] !== undefined ? parent : undefined;
})();

/** @param {import("../protocol.js").PageToShell} message */
const tellShell = (message) => shell?.postMessage(message, location.origin);

/**
 * Put a method in the place of a native one, with all that can be seen of it.
 *
 * @param {any} owner
 * @param {string} name
 * @param {(native: Function, self: any, args: any[]) => any} call
 */
const replaceMethod = (owner, name, call) => {
  const descriptor = /** @type {PropertyDescriptor} */ (Object.getOwnPropertyDescriptor(owner, name));
  const native = descriptor.value;
  const replacement = {
    /** @this {any} @param {any[]} args */
    [name](...args) {
      return call(native, this, args);
    },
  }[name];
  Object.defineProperty(replacement, "length", { value: native.length, configurable: true });
  Object.defineProperty(owner, name, { ...descriptor, value: replacement });
};

/** @type {[EventTarget, string, (event: any) => void, boolean][]} */
const listening = [];

/**
 * Listen for as long as the window lives: `document.open` takes all listeners from it and from the
 * document (HTML, "document open steps").
 *
 * @param {EventTarget} target
 * @param {string} type
 * @param {(event: any) => void} listener
 * @param {boolean} capture
 */
const listen = (target, type, listener, capture = false) => {
  listening.push([target, type, listener, capture]);
  target.addEventListener(type, listener, capture);
};

for (const name of ["open", "write", "writeln"]) {
  replaceMethod(Document.prototype, name, (native, self, args) => {
    const returned = native.apply(self, args);
    if (self === document) {
      for (const [target, type, listener, capture] of listening) target.addEventListener(type, listener, capture);
    }
    return returned;
  });
}

/**
 * Put a getter in the place of a native one; without `set`, the native setter stays.
 *
 * @param {any} owner
 * @param {string} name
 * @param {(native: () => any, self: any) => any} get
 * @param {(value: any) => void} [set]
 */
const replaceGetter = (owner, name, get, set) => {
  const descriptor = /** @type {PropertyDescriptor} */ (Object.getOwnPropertyDescriptor(owner, name));
  const replacement = {
    /** @this {any} */
    [`get ${name}`]() {
      return get(() => descriptor.get?.call(this), this);
    },
    /** @param {any} value */
    [`set ${name}`](value) {
      set?.(value);
    },
  };
  const accessors = { get: replacement[`get ${name}`], set: set ? replacement[`set ${name}`] : descriptor.set };
  Object.defineProperty(owner, name, /** @type {PropertyDescriptor} */ ({ ...descriptor, ...accessors }));
};
