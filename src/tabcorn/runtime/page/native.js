/**
 * Page script: how the other files of this folder stand in for what the browser has.
 *
 * Runs in the app's own window. The service worker joins the files inside one function: what is
 * declared here is seen by the others, and not by the app.
 */

/** Whether this document is what the shell shows, and not in a frame of the app's own. */
const inShell = (() => {
  const { frameElement } = window;
  const shell = frameElement?.ownerDocument.documentElement;
  return frameElement?.id === "tabcorn-app" && shell?.dataset["tabcorn"] !== undefined;
})();

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
