/**
 * Page script: `document.cookie`, over what the jar lets scripts see.
 *
 * Runs in the app's own window. What this document has set and the jar has not yet confirmed is
 * put over what the jar said last; the jar's word counts as soon as it comes.
 */

/**
 * @typedef {{ seq: number, path: string, line: string }} CookieWrite
 * @typedef {{ changed: VisibleCookie[], deleted: VisibleCookie[] }} CookieDifference
 */

const pageCookies = (() => {
  const RESEND_MS = 2000;
  /** Longest that a request waits for what was written before it. */
  const PATIENCE_MS = 1000;
  const LONGEST_TIMER_MS = 3600_000;
  const name = crypto.randomUUID();
  const channel = new BroadcastChannel(`tabcorn ${place.root} ${place.build} cookies`);
  const { dataset } = /** @type {HTMLScriptElement} */ (document.currentScript);
  /** Where the document was loaded from decides, in all engines, and not where pushState says it is. */
  const { hostname: host, pathname: path } = location;

  let version = 0;
  /** @type {VisibleCookie[]} */
  let confirmed = [];
  /** @type {VisibleCookie[]} */
  let shown = [];
  let guarded = new Set();
  let seq = 0;
  /** @type {(CookieWrite & { done: () => void })[]} */
  let pending = [];
  /** @type {((difference: CookieDifference) => void)[]} */
  const listeners = [];

  const now = () => Date.now();
  const visible = () => cookiesAt(shown, path, now());

  /** @param {CookieWrite} write */
  const apply = ({ line }) => {
    const cookie = readable(line);
    if (cookie) shown = withCookie(shown, cookie, now());
  };

  /**
   * The cookie that a script makes of a line; undefined when it is not allowed to.
   *
   * @param {string} line
   */
  const readable = (line) => {
    const cookie = readCookie(line, { host, path, now: now() });
    return cookie && !guarded.has(cookieHash(cookie)) ? cookie : undefined;
  };

  /** @param {{ version: number, sight: string, written?: { document: string, seq: number } }} state */
  const receive = (state) => {
    const { written } = state;
    const done = pending.filter((write) => written?.document === name && write.seq <= written.seq);
    pending = pending.filter((write) => !done.includes(write));
    if (state.version >= version) {
      version = state.version;
      const sight = JSON.parse(state.sight);
      guarded = new Set(sight.guarded);
      confirmed = sight.cookies ?? [];
      tellChanges();
    }
    shown = confirmed;
    pending.forEach(apply);
    for (const write of done) write.done();
  };

  /** @type {VisibleCookie[]} what listeners know of */
  let told = [];
  let lapsing = 0;

  /** Tell of what has changed since, and again when the next cookie has lapsed. */
  const tellChanges = () => {
    const current = cookiesAt(confirmed, path, now());
    tell(told, current);
    told = current;
    clearTimeout(lapsing);
    const next = Math.min(...current.map(({ expires }) => expires ?? Infinity));
    if (next < Infinity) lapsing = setTimeout(tellChanges, Math.min(next - now(), LONGEST_TIMER_MS));
  };

  /**
   * @param {VisibleCookie[]} before
   * @param {VisibleCookie[]} after
   */
  const tell = (before, after) => {
    const text = (/** @type {VisibleCookie} */ cookie) => JSON.stringify(cookie);
    const known = new Set(before.map(text));
    const kept = new Set(after.map(cookieHash));
    const changed = after.filter((cookie) => !known.has(text(cookie)));
    const deleted = before.filter((cookie) => !kept.has(cookieHash(cookie)));
    if (changed.length + deleted.length === 0) return;
    for (const listener of listeners) listener({ changed, deleted });
  };

  /** All that is not confirmed, each time: what came before is known there. */
  const message = () => ({
    type: "tabcorn.cookies.write",
    document: name,
    writes: pending.map(({ seq, path, line }) => ({ seq, path, line })),
  });

  /** @type {Promise<unknown> | undefined} settles when what was written is where requests pass */
  let arriving;

  /** Whether something was sent in this turn: what is written after it goes in one message. */
  let sent = false;
  let more = false;

  /** At once, as an image or a script that is asked for next does not wait for its turn's end. */
  const send = () => {
    more = sent;
    if (sent) return;
    sent = true;
    queueMicrotask(() => {
      sent = false;
      if (more) send();
    });
    const { port1, port2 } = new MessageChannel();
    navigator.serviceWorker.controller?.postMessage(message(), [port2]);
    const arrived = new Promise((resolve) => {
      port1.onmessage = resolve;
      setTimeout(resolve, PATIENCE_MS, undefined);
    }).then(() => {
      port1.close();
      if (arriving === arrived) arriving = undefined;
    });
    arriving = arrived;
  };

  const resend = () => {
    if (pending.length === 0) return;
    send();
    setTimeout(resend, RESEND_MS);
  };

  /**
   * Set a cookie as `document.cookie = line` does.
   *
   * @param {string} line
   * @returns {Promise<void>} settles when the jar has seen it
   */
  const write = (line) => {
    seq += 1;
    const { promise, resolve } = Promise.withResolvers?.() ?? withResolvers();
    const added = { seq, path, line, done: () => resolve(undefined) };
    pending.push(added);
    apply(added);
    send();
    if (pending.length === 1) setTimeout(resend, RESEND_MS);
    return promise;
  };

  const withResolvers = () => {
    /** @type {any} */
    const it = {};
    it.promise = new Promise((resolve) => (it.resolve = resolve));
    return it;
  };

  channel.onmessage = ({ data }) => {
    if (data.type === "tabcorn.cookies.state") receive(data);
  };
  place.onCookies = receive;
  const wanted = () => channel.postMessage({ type: "tabcorn.cookies.wanted" });
  listen(window, "pageshow", ({ persisted }) => persisted && wanted());

  // First of all listeners, so that the app's own never see these messages.
  navigator.serviceWorker.addEventListener("message", (event) => {
    const { data } = event;
    if (!String(data?.type).startsWith("tabcorn.cookies.")) return;
    event.stopImmediatePropagation();
    if (data.type === "tabcorn.cookies.state") receive(data);
    data.reply.postMessage(message());
  });
  navigator.serviceWorker.startMessages();

  receive(JSON.parse(dataset["cookies"] ?? '{"version":0,"sight":"{}"}'));
  wanted();

  const native = /** @type {PropertyDescriptor} */ (
    Object.getOwnPropertyDescriptor(Document.prototype, "cookie")
  );
  const serialized = () =>
    visible()
      .map(({ name, value }) => (name ? `${name}=${value}` : value))
      .join("; ");
  /**
   * An accessor for this document; others (an XMLHttpRequest's, a parser's) have no cookies, and the
   * native one says so. It also converts, and throws, as the browser does.
   *
   * @param {"get" | "set"} kind
   * @param {(args: any[]) => unknown} call
   */
  const accessor = (kind, call) => {
    const apply = (/** @type {Function} */ native, /** @type {unknown} */ self, /** @type {any[]} */ args) => {
      const ours = self === document && typeof args[0] !== "symbol";
      return ours ? call(args) : Reflect.apply(native, self, args);
    };
    return new Proxy(/** @type {any} */ (native[kind]), { apply });
  };
  Object.defineProperty(Document.prototype, "cookie", {
    ...native,
    get: accessor("get", serialized),
    set: accessor("set", ([line]) => void write(new TextDecoder().decode(octets(`${line}`)))),
  });

  return {
    visible,
    write,
    /** What is not confirmed, on another way as well: what is sent there next does not overtake it. */
    sendBy: (/** @type {(message: any) => void} */ send) => pending.length > 0 && send(message()),
    /** Whether a script may set a cookie so. */
    allows: (/** @type {string} */ line) => readable(line) !== undefined,
    listen: (/** @type {(difference: CookieDifference) => void} */ listener) => listeners.push(listener),
    /** Undefined when nothing that was written is still on its way. */
    get arriving() {
      return arriving;
    },
  };
})();
