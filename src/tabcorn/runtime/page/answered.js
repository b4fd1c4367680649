/**
 * Page script: answers of the host as the responses that a page gets from the service worker.
 *
 * Runs in the app's own window. A Response that a script makes knows no address, its headers can be
 * changed, and some statuses let it have no body, where those of a network have an empty one: what is
 * known of ours the classes' own properties tell. Sources: Fetch, "Response class", "Headers class"
 * (guard).
 */

/** Fetch, "null body status". */
const NULL_BODY_STATUS = new Set([101, 204, 205, 304]);

/** Its errors of what is parsed at once name the method. */
const isChromium = navigator.userAgent.includes("Chrome/");
/** It has no body for an answer to HEAD, others an empty one; what breaks off it calls aborted. */
const isFirefox = navigator.userAgent.includes("Firefox/");

/**
 * @typedef {object} Ours what a response of ours tells
 * @property {string} url
 * @property {"basic"} type
 * @property {number} status
 * @property {boolean} ok
 * @property {Transfer | undefined} transfer when its body is still coming
 */

/** @type {WeakMap<Response, Ours>} */
const ours = new WeakMap();
/** @type {WeakSet<Headers>} */
const immutable = new WeakSet();

/**
 * @param {Response} response
 * @param {Ours} told
 */
const asFetched = (response, told) => {
  ours.set(response, told);
  immutable.add(response.headers);
  return response;
};

/**
 * @param {ResponseStart} start
 * @param {Transfer} transfer
 * @param {Portable} asked
 */
const toResponse = ({ status, reason: statusText, headers: pairs }, transfer, { request }) => {
  const headers = new Headers();
  for (const [name, value] of pairs) headers.append(name, value);
  const bodiless = NULL_BODY_STATUS.has(status);
  const body = bodiless || request.method === "HEAD" ? noBody(transfer, bodiless) : bodyOf(pairs, transfer);
  const response = new Response(body, { status: bodiless ? 200 : status, statusText, headers });
  // As the page has asked for it: what is outside the site means the app's own, and says so nowhere.
  const [url = ""] = request.url.split("#", 1);
  const streams = body !== null && !(body instanceof Uint8Array);
  return asFetched(response, { url, type: "basic", status, ok: status < 300, transfer: streams ? transfer : undefined });
};

/**
 * @param {Transfer} transfer
 * @param {boolean} bodiless by its status
 */
const noBody = (transfer, bodiless) => {
  transfer.discard();
  return bodiless || !isFirefox ? new Uint8Array() : null;
};

/**
 * @param {[string, string][]} pairs
 * @param {Transfer} transfer
 */
const bodyOf = (pairs, transfer) => {
  const undo = pairs.some(([name]) => name === "content-encoding") ? decoder(pairs) : undefined;
  if (undo) return undo(transfer.stream);
  return transfer.whole ?? transfer.stream;
};

/* ---- in the classes ------------------------------------------------------------------------------ */

/**
 * @param {any} prototype
 * @param {string} name
 * @param {"get" | "value"} kind
 * @param {(native: Function, self: any, args: unknown[]) => unknown} apply
 */
const wrap = (prototype, name, kind, apply) => {
  const native = Object.getOwnPropertyDescriptor(prototype, name);
  if (native?.[kind]) Object.defineProperty(prototype, name, { ...native, [kind]: new Proxy(native[kind], { apply }) });
};

/** @param {keyof Ours} name */
const tell = (name) =>
  wrap(Response.prototype, name, "get", (native, self, args) => {
    const told = ours.get(self);
    return told ? told[name] : Reflect.apply(native, self, args);
  });

/** What the page has given up it cannot read, in the engine's words. @param {string} name */
const readAs = (name) =>
  wrap(Response.prototype, name, "value", (native, self, args) => {
    const told = ours.get(self);
    if (told?.transfer) return readStreamed(told.transfer, () => Reflect.apply(native, self, args));
    return told && name === "json" && isChromium ? readJson(native, self) : Reflect.apply(native, self, args);
  });

/**
 * @param {Transfer} transfer
 * @param {() => Promise<unknown>} read
 */
const readStreamed = async (transfer, read) => {
  if (transfer.aborted) throw transfer.aborted.error;
  try {
    return await read();
  } catch (error) {
    throw readError(transfer, error);
  }
};

/**
 * @param {Transfer} transfer
 * @param {unknown} error what the engine makes of it in a script's own response
 */
const readError = ({ aborted, isBroken }, error) => {
  if (isFirefox && isBroken) return new DOMException("The operation was aborted. ", "AbortError");
  return aborted ? aborted.error : error;
};

const nativeText = Response.prototype.text;

/**
 * @param {Function} native
 * @param {Response} response
 */
const readJson = async (native, response) => {
  let text;
  try {
    text = await Reflect.apply(nativeText, response, []);
  } catch {
    return Reflect.apply(native, response, []); // says why not
  }
  return JSON.parse(text);
};

const installAnswers = () => {
  for (const name of /** @type {const} */ (["url", "type", "status", "ok"])) tell(name);
  for (const name of ["arrayBuffer", "blob", "bytes", "formData", "json", "text"]) readAs(name);
  wrap(Response.prototype, "clone", "value", (native, self, args) => {
    const copy = Reflect.apply(native, self, args);
    const told = ours.get(self);
    return told ? asFetched(copy, told) : copy;
  });
  const { headers: locked } = Response.error(); // says no in the engine's own words
  for (const name of ["append", "delete", "set"]) {
    wrap(Headers.prototype, name, "value", (native, self, args) =>
      Reflect.apply(native, immutable.has(self) ? locked : self, args),
    );
  }
};
