/**
 * Page script: what would tell a request by the port from one that the browser has made itself.
 *
 * Runs in the app's own window. The browser keeps no timing of what goes by the port: a document that
 * looks at the timing of resources has its requests go the service worker's way from then on. And a
 * cache takes a response's address from where no script reaches: what is put into one is asked of the
 * service worker, which answers with what it is given (sw/handed.js).
 */

/** Whether the document has looked at what the browser has timed. */
let looksAtTiming = false;

/** @param {unknown[]} args */
const isOfResources = ([given]) => {
  const { entryTypes, type } = /** @type {any} */ (Object(given));
  return given === undefined || [given, type, ...(Array.isArray(entryTypes) ? entryTypes : [])].includes("resource");
};

/**
 * @param {any} prototype
 * @param {string} name
 * @param {(args: unknown[]) => boolean} looks
 */
const watch = (prototype, name, looks) =>
  wrap(prototype, name, "value", (native, self, args) => {
    looksAtTiming ||= looks(args);
    return Reflect.apply(native, self, args);
  });

/**
 * The response as the browser's own.
 *
 * @param {Function} native
 * @param {Response} response
 * @param {Ours} told
 */
const asNative = async (native, response, { url, status }) => {
  const headers = /** @type {[string, string][]} */ ([...response.headers]);
  const { statusText: echoed } = response;
  const body = await response.blob();
  return Reflect.apply(native, window, [url + handedOver({ status, headers, echoed }), { method: "POST", body }]);
};

/** @param {Function} native the `fetch` of the service worker's way */
const installWatches = (native) => {
  watch(PerformanceObserver.prototype, "observe", isOfResources);
  for (const name of ["getEntries", "getEntriesByName"]) watch(Performance.prototype, name, () => true);
  watch(Performance.prototype, "getEntriesByType", isOfResources);
  if (!globalThis.Cache) return;
  wrap(Cache.prototype, "put", "value", (put, self, [key, response, ...more]) => {
    const told = ours.get(/** @type {Response} */ (response));
    if (!told || !(response instanceof Response) || response.bodyUsed) return Reflect.apply(put, self, [key, response, ...more]);
    return asNative(native, response, told).then((own) => Reflect.apply(put, self, [key, own]));
  });
};
