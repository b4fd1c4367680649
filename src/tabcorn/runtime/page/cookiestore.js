/**
 * Page script: `cookieStore`, where the browser has one, over what the jar lets scripts see.
 *
 * Runs in the app's own window (Cookie Store API). The native object stays: only what its methods
 * do is changed, and its `change` events are of these cookies.
 */

(() => {
  const { CookieStore, CookieChangeEvent, cookieStore } = /** @type {any} */ (window);
  if (!CookieStore || !cookieStore) return;
  const creationUrl = document.URL;

  /** @param {VisibleCookie} cookie */
  const fullItem = ({ name, value, domain, path, expires, secure, sameSite }) => {
    const enforced = sameSite === "default" ? "lax" : sameSite;
    return { domain, expires, name, partitioned: false, path, sameSite: enforced, secure, value };
  };

  /** The members of an item in this browser: its own event has no others. */
  const listed = (() => {
    const any = { name: "a", value: "", domain: null, path: "/", expires: null, secure: true, sameSite: "lax" };
    const { changed } = new CookieChangeEvent("change", { changed: [fullItem(any)] });
    return new Set([...Object.keys(changed[0]), "name", "value"]);
  })();

  /** @param {VisibleCookie} cookie */
  const item = (cookie) =>
    Object.fromEntries(Object.entries(fullItem(cookie)).filter(([name]) => listed.has(name)));

  /** Whether this browser reads `maxAge`. It sets nothing, since the value cannot be read. */
  const readsMaxAge = (() => {
    let read = false;
    const init = {
      name: ";",
      get maxAge() {
        return void (read = true);
      },
      get value() {
        throw new TypeError("This is only to be looked at.");
      },
    };
    cookieStore.set?.(init)?.catch(() => {});
    return read;
  })();

  /** @type {(why: string) => never} */
  const refuse = (why) => {
    throw new TypeError(why);
  };

  /** A USVString (Web IDL). @param {any} value */
  const string = (value) => new TextDecoder().decode(octets(`${value}`));

  /** @param {any} value */
  const isDictionary = (value) =>
    value === undefined || value === null || typeof value === "object" || typeof value === "function";

  /** @param {any} given  @param {string} member */
  const required = (given, member) => {
    const value = given?.[member];
    return value === undefined ? refuse(`Required member ${member} is undefined`) : string(value);
  };

  /** @param {any} given  @param {string} member */
  const optional = (given, member) => {
    const value = given?.[member];
    return value === undefined || value === null ? null : string(value);
  };

  /**
   * What `get` and `getAll` are asked for.
   *
   * @param {any} given a name or CookieStoreGetOptions
   * @returns {{ name?: string, url?: string }}
   */
  const wanted = (given) => {
    if (!isDictionary(given)) return { name: trimmed(string(given)) };
    const [name, url] = [given?.name, given?.url];
    return {
      ...(name === undefined ? {} : { name: trimmed(string(name)) }),
      ...(url === undefined ? {} : { url: string(url) }),
    };
  };

  /** @param {string | undefined} url */
  const checkUrl = (url) => {
    if (url === undefined) return;
    const asked = URL.canParse(url, document.baseURI) ? new URL(url, document.baseURI).href : "";
    if (asked.split("#")[0] !== creationUrl.split("#")[0]) refuse("URL must match the document URL");
  };

  /** @param {string | undefined} name */
  const find = (name) =>
    pageCookies
      .visible()
      .filter((cookie) => name === undefined || cookie.name === name)
      .map(item);

  /**
   * @typedef {object} CookieInit
   * @property {string} name
   * @property {string} value
   * @property {string | null} domain
   * @property {string} path
   * @property {number | null} expires ms since the epoch
   * @property {string} sameSite
   */

  /** In ms since the epoch. @param {any} given */
  const readExpiry = (given) => {
    const maxAge = readsMaxAge ? (given?.maxAge ?? null) : null;
    const expires = given?.expires ?? (maxAge === null ? null : Date.now() + Math.trunc(Number(maxAge)) * 1000);
    if (expires === null || Number.isFinite(Number(expires))) return expires && Number(expires);
    return refuse("The cookie's expiry is not a finite number");
  };

  /** @param {any} given  @returns {CookieInit} */
  const readInit = (given) => {
    if (!isDictionary(given)) refuse("The cookie is not a CookieInit");
    const domain = optional(given, "domain");
    const expires = readExpiry(given);
    const name = required(given, "name");
    const path = given?.path === undefined ? "/" : string(given.path);
    const sameSite = given?.sameSite === undefined ? "strict" : string(given.sameSite);
    if (!/^(?:strict|lax|none)$/.test(sameSite)) refuse(`${sameSite} is not a CookieSameSite`);
    return { name, value: required(given, "value"), domain, path, expires, sameSite };
  };

  /** @param {CookieInit} init */
  const checkNameAndValue = ({ name, value }) => {
    if (/[;\x00-\x08\x0a-\x1f\x7f]/.test(name + value)) refuse("Cookie name or value has a forbidden character");
    if (name.includes("=")) refuse("Cookie name cannot contain '='");
    if (!name && value.includes("=")) refuse("Cookie value cannot contain '=' if the name is empty");
    if (!name && !value) refuse("Cookie name and value both cannot be empty");
    if (octets(name + value).length > 4096) refuse("Cookie name and value are too long");
  };

  /** @param {CookieInit} init */
  const checkPlace = ({ name, domain, path }) => {
    if (path !== "" && !path.startsWith("/")) refuse("Cookie path must start with '/'");
    if (path.includes(";") || octets(path).length > 1024) refuse("Cookie path is malformed");
    if (domain?.startsWith(".")) refuse("Cookie domain cannot start with '.'");
    const within = cookieDomain((domain ?? "").toLowerCase(), location.hostname) !== undefined;
    if (domain === "" || !within) refuse("Cookie domain must domain-match current host");
    if (domain !== null && /^__host-/i.test(name)) refuse("A __Host- cookie cannot have a domain");
  };

  /**
   * The line that says the same, or a TypeError (Cookie Store API, "set a cookie").
   *
   * @param {CookieInit} given
   */
  const lineOf = (given) => {
    const init = { ...given, name: trimmed(given.name), value: trimmed(given.value) };
    checkNameAndValue(init);
    checkPlace(init);
    const { name, value, domain, path, expires, sameSite } = init;
    const parts = [`${name}=${value}`, `Path=${path}`, "Secure", `SameSite=${sameSite}`];
    if (domain !== null) parts.push(`Domain=${domain}`);
    if (expires !== null) {
      const date = new Date(Math.min(Math.max(expires, 0), Date.now() + MAX_AGE_MS));
      parts.push(`Expires=${date.toUTCString()}`);
    }
    const line = parts.join("; ");
    return pageCookies.allows(line) ? line : refuse("The cookie could not be stored");
  };

  /** @param {any} given a name or CookieStoreDeleteOptions  @returns {CookieInit} */
  const readDeletion = (given) => {
    const options = isDictionary(given) ? given : { name: given };
    const domain = optional(options, "domain");
    const name = required(options, "name");
    const path = options?.path === undefined ? "/" : string(options.path);
    return { name, value: trimmed(name) ? "" : "any", domain, path, expires: 0, sameSite: "strict" };
  };

  /** @param {any[]} args  @param {string} what */
  const needOne = (args, what) => args.length > 0 || refuse(`${what}: 1 argument required, but only 0 present.`);

  /** @type {Record<string, (args: any[]) => any>} */
  const methods = {
    get: ([given]) => {
      const { name, url } = wanted(given);
      if (name === undefined && url === undefined) refuse("CookieStoreGetOptions must not be empty");
      checkUrl(url);
      return find(name)[0] ?? null;
    },
    getAll: ([given]) => {
      const { name, url } = wanted(given);
      checkUrl(url);
      return find(name);
    },
    set: (args) => {
      needOne(args, "set");
      const [given, value] = args;
      const init = args.length > 1 ? { name: string(given), value: string(value) } : given;
      return pageCookies.write(lineOf(readInit(init)));
    },
    delete: (args) => {
      needOne(args, "delete");
      return pageCookies.write(lineOf(readDeletion(args[0])));
    },
  };

  for (const [name, method] of Object.entries(methods)) {
    if (!(name in CookieStore.prototype)) continue;
    replaceMethod(CookieStore.prototype, name, async (native, self, args) => {
      return self === cookieStore ? method(args) : native.apply(self, args);
    });
  }

  // One event a change, as browsers do; the event itself keeps what this browser has of an item.
  pageCookies.listen(({ changed, deleted }) => {
    const all = [
      ...deleted.map((cookie) => ({ deleted: [{ ...fullItem(cookie), value: undefined }] })),
      ...changed.map((cookie) => ({ changed: [fullItem(cookie)] })),
    ];
    const events = all.map((lists) => new CookieChangeEvent("change", lists));
    setTimeout(() => events.forEach((event) => cookieStore.dispatchEvent(event)));
  });
})();
