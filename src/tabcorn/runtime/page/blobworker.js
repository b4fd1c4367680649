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

/** @param {string} url */
const withSockets = (url) => {
  const blob = blobs.get(url);
  if (blob && !standIns.has(url)) {
    const prefix = `(${installSockets})(${JSON.stringify(place)});`;
    standIns.set(url, makeUrl(new Blob([prefix, blob], { type: blob.type })));
  }
  return standIns.get(url) ?? url;
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
        Reflect.construct(target, [url && withSockets(`${url}`), ...rest], newTarget),
    });
    native.prototype.constructor = value;
    Object.defineProperty(globalThis, name, { ...descriptor, value });
  }
}
