/**
 * Page script: workers whose script is a Blob get `WebSocket` as well.
 *
 * Runs in the app's documents and workers. Other worker scripts pass through the service worker,
 * which puts the same before them. (A script given as a data: URL runs in an origin of its own,
 * which cannot reach the host.)
 */

/** The browser forgets a Blob only when its URL is revoked, and so do we. @type {Map<string, Blob>} */
const blobs = new Map();

/** What stands for each: a SharedWorker is known by its URL. @type {Map<string, string>} */
const standIns = new Map();

/**
 * @param {any} url a string, what has one, or a TrustedScriptURL
 * @returns {any} the same where there is nothing to add
 */
const withSockets = (url) => {
  const text = `${url}`;
  const blob = blobs.get(text);
  const trust = blob && trustLike(url);
  if (!blob || !trust) return url;
  if (!standIns.has(text)) {
    const prefix = `(${installSockets})(${JSON.stringify(place)});`;
    standIns.set(text, makeUrl(new Blob([prefix, blob], { type: blob.type })));
  }
  return trust(/** @type {string} */ (standIns.get(text)));
};

/**
 * What makes a URL as trusted as this one is; undefined where the page says who may.
 *
 * @param {any} url
 * @returns {((url: string) => any) | undefined}
 */
const trustLike = (url) => {
  const { trustedTypes } = /** @type {any} */ (globalThis);
  if (!trustedTypes?.isScriptURL(url)) return (own) => own;
  if (presentPolicies().some((policy) => /(?:^|[;,])\s*trusted-types(?![\w-])/i.test(policy))) return undefined;
  return (own) => trustedTypes.createPolicy("tabcorn", { createScriptURL: () => own }).createScriptURL("");
};

const { createObjectURL: makeUrl, revokeObjectURL: dropUrl } = URL;

URL.createObjectURL = new Proxy(makeUrl, {
  apply: (target, self, args) => {
    const url = Reflect.apply(target, self, args);
    if (args[0] instanceof Blob) blobs.set(url, args[0]);
    return url;
  },
});

URL.revokeObjectURL = new Proxy(dropUrl, {
  apply: (target, self, args) => {
    const url = `${args[0]}`;
    const standIn = standIns.get(url);
    blobs.delete(url);
    standIns.delete(url);
    if (standIn) Reflect.apply(target, self, [standIn]);
    return Reflect.apply(target, self, args);
  },
});

for (const name of ["Worker", "SharedWorker"]) {
  const descriptor = Object.getOwnPropertyDescriptor(globalThis, name);
  const native = descriptor?.value; // not every kind of worker may start every other
  if (native) {
    const value = new Proxy(native, {
      construct: (target, [url, ...rest], newTarget) =>
        Reflect.construct(target, [url && withSockets(url), ...rest], newTarget),
    });
    native.prototype.constructor = value;
    Object.defineProperty(globalThis, name, { ...descriptor, value });
  }
}
