/**
 * Page script: `cookieStore`, where the browser has one, over what the jar lets scripts see.
 *
 * Runs in the app's own window (Cookie Store API). The native object stays: only what its methods
 * do is changed, and its `change` events are of these cookies.
 */

(() => {
  const { CookieStore, CookieChangeEvent, cookieStore } = /** @type {any} */ (window);
  if (!CookieStore || !cookieStore) return;
  const short = navigator.userAgent.includes("Firefox/"); // has names and values only

  /** @param {VisibleCookie} cookie */
  const item = ({ name, value, domain, path, expires, secure, sameSite }) => {
    if (short) return { name, value };
    const enforced = sameSite === "default" ? "lax" : sameSite;
    return { domain, expires, name, partitioned: false, path, sameSite: enforced, secure, value };
  };

  /** @param {any[]} args */
  const wanted = (args) => {
    const [given] = args;
    const options = given !== null && typeof given === "object" ? given : { name: `${given}` };
    if (options.url !== undefined && new URL(options.url, document.baseURI).href.split("#")[0] !== document.URL.split("#")[0]) {
      throw new TypeError("URL must match the document URL");
    }
    return { name: options.name === undefined ? undefined : trimmed(`${options.name}`), options };
  };

  /** @param {string | undefined} name */
  const find = (name) =>
    pageCookies
      .visible()
      .filter((cookie) => name === undefined || cookie.name === name)
      .map(item);

  /**
   * The line that says the same, or a TypeError (Cookie Store API, "set a cookie").
   *
   * @param {any} given
   */
  const lineOf = ({ name, value, domain = null, path = "/", expires = null, sameSite = "strict" }) => {
    const [key, text] = [trimmed(`${name}`), trimmed(`${value}`)];
    const refuse = (/** @type {string} */ why) => {
      throw new TypeError(why);
    };
    if (/[;\x00-\x08\x0a-\x1f\x7f]/.test(key + text) || key.includes("=")) refuse("Cookie name or value has a forbidden character");
    if (!key && (!text || text.includes("="))) refuse("Cookie name and value cannot both be empty, nor hide a name");
    if (octets(key + text).length > 4096) refuse("Cookie name and value are too long");
    if (`${path}`[0] !== "/" || `${path}${domain}`.includes(";")) refuse("Cookie path must start with '/'");
    if (octets(`${path}`).length > 1024) refuse("Cookie path is too long");
    if (domain?.startsWith(".")) refuse("Cookie domain cannot start with '.'");
    const parts = [`${key}=${text}`, `Path=${path}`, "Secure", `SameSite=${sameSite}`];
    if (domain !== null) parts.push(`Domain=${domain}`);
    if (expires !== null) parts.push(`Expires=${new Date(Number(expires)).toUTCString()}`);
    const setting = { host: location.hostname, path: location.pathname, now: Date.now() };
    if (!readCookie(parts.join("; "), setting)) refuse("Cookie was refused");
    return parts.join("; ");
  };

  /** @type {Record<string, (args: any[]) => any>} */
  const methods = {
    get: (args) => {
      const { name, options } = wanted(args);
      if (args.length === 0 || (name === undefined && options.url === undefined)) {
        throw new TypeError("CookieStoreGetOptions must not be empty");
      }
      return find(name)[0] ?? null;
    },
    getAll: (args) => find(args.length === 0 ? undefined : wanted(args).name),
    set: (args) => {
      const [given, value] = args;
      return pageCookies.write(lineOf(args.length > 1 ? { name: given, value } : given));
    },
    delete: ([given]) => {
      const { name, path = "/", domain } = typeof given === "object" ? given : { name: given };
      const within = domain ? `; Domain=${domain}` : "";
      return pageCookies.write(`${trimmed(`${name}`)}=; Path=${path}; Max-Age=0; Secure${within}`);
    },
  };

  for (const [name, method] of Object.entries(methods)) {
    if (!(name in CookieStore.prototype)) continue;
    replaceMethod(CookieStore.prototype, name, async (native, self, args) => {
      return self === cookieStore ? method(args) : native.apply(self, args);
    });
  }

  pageCookies.listen(({ changed, deleted }) => {
    const gone = deleted.map((cookie) => ({ ...item(cookie), value: undefined }));
    const event = new CookieChangeEvent("change", { changed: changed.map(item), deleted: gone });
    setTimeout(() => cookieStore.dispatchEvent(event));
  });
})();
