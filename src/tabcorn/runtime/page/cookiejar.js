/**
 * Page script: the cookies that a document's script may see, and what becomes of them when it
 * sets one, as RFC 6265bis says. The jar in Python decides; this is what a script sees meanwhile,
 * since `document.cookie` answers at once.
 *
 * Runs in the app's own window. Pure; its tests and the jar's share their vectors.
 */

const MAX_AGE_MS = 400 * 24 * 3600 * 1000;
const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");

/** In the order in which a date's words are tried (RFC 6265bis, 5.1.1). */
const DATE_FIELDS = /** @type {const} */ ([
  ["time", /^(\d{1,2}):(\d{1,2}):(\d{1,2})(?!\d)/],
  ["day", /^(\d{1,2})(?!\d)/],
  ["month", /^(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)/i],
  ["year", /^(\d{2,4})(?!\d)/],
]);

/**
 * @param {string} text
 * @returns {number | undefined} ms since the epoch
 */
const readCookieDate = (text) => {
  /** @type {Record<string, string[]>} */
  const found = {};
  for (const word of text.split(/[\x09\x20-\x2f\x3b-\x40\x5b-\x60\x7b-\x7e]+/)) {
    const field = DATE_FIELDS.find(([name, pattern]) => !found[name] && pattern.test(word));
    if (field) found[field[0]] = /** @type {string[]} */ (field[1].exec(word)?.slice(1));
  }
  const { time, day, month, year } = found;
  if (!time || !day || !month || !year) return undefined;
  const [hours = 0, minutes = 0, seconds = 0] = time.map(Number);
  const short = Number(year[0]);
  const full = short > 99 ? short : short + (short >= 70 ? 1900 : 2000);
  const date = new Date(0);
  date.setUTCFullYear(full, MONTHS.indexOf(String(month[0]).toLowerCase()), Number(day[0]));
  const exists = date.getUTCDate() === Number(day[0]) && hours < 24 && minutes < 60 && seconds < 60;
  return full >= 1601 && exists ? date.setUTCHours(hours, minutes, seconds) : undefined;
};

/** @param {string} text */
const octets = (text) => new TextEncoder().encode(text);
/** @param {string} text */
const asciiLower = (text) => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
/** @param {string} text */
const trimmed = (text) => text.replace(/^[ \t]+|[ \t]+$/g, "");

/**
 * @typedef {object} VisibleCookie
 * @property {string} name
 * @property {string} value
 * @property {string | null} domain null: the host's alone
 * @property {string} path
 * @property {number | null} expires ms since the epoch; null: with the session
 * @property {boolean} secure
 * @property {string} sameSite
 *
 * @typedef {{ host: string, path: string, now: number }} CookieSetting where and when it is set
 */

/**
 * The attributes of a cookie, the last of each kind winning (5.6.1 to 5.6.7).
 *
 * @param {string[]} texts
 * @param {number} now
 */
const readAttributes = (texts, now) => {
  /** @type {{ [name: string]: any }} */
  const found = { domain: "", sameSite: "default" };
  for (const text of texts) {
    const [, name = "", value = ""] = /^([^=]*)=?([^]*)$/.exec(text)?.map(trimmed) ?? [];
    if (octets(value).length > 1024) continue;
    switch (asciiLower(name)) {
      case "expires":
        found["expires"] = readCookieDate(value) ?? found["expires"];
        break;
      case "max-age":
        if (/^-?\d+$/.test(value)) found["maxAge"] = Number(value) * 1000;
        break;
      case "domain":
        found["domain"] = asciiLower(value.replace(/^\./, ""));
        break;
      case "path":
        found["path"] = value.startsWith("/") ? value : "";
        break;
      case "secure":
      case "httponly":
      case "partitioned":
        found[asciiLower(name)] = true;
        break;
      case "samesite":
        found["sameSite"] = /^(?:none|lax|strict)$/i.test(value) ? value.toLowerCase() : "default";
    }
  }
  const { maxAge, expires } = found;
  const ends = maxAge === undefined ? expires : maxAge > 0 ? now + maxAge : 0;
  return { ...found, ends: ends === undefined ? null : Math.min(ends, now + MAX_AGE_MS) };
};

/**
 * The domain of a cookie; undefined when the host may not set it (5.7, steps 8 to 10).
 *
 * @param {string} named
 * @param {string} host
 */
const cookieDomain = (named, host) => {
  const address = (/** @type {string} */ name) => name.startsWith("[") || /^\d+(\.\d+){3}$/.test(name);
  const suffix = !named.includes(".") || address(named);
  if (named === "" || (named === host && suffix)) return null;
  const within = named === host || (host.endsWith(`.${named}`) && !address(host));
  return suffix || !within || /[^\x00-\x7f]/.test(named) ? undefined : named;
};

/** @param {string} path */
const defaultCookiePath = (path) => path.slice(0, Math.max(1, path.lastIndexOf("/")));

/**
 * The cookie that a script sets, or undefined when it is to be ignored (5.6, 5.7).
 *
 * @param {string} line
 * @param {CookieSetting} at
 * @returns {VisibleCookie | undefined}
 */
const readCookie = (line, { host, path, now }) => {
  if (/[\x00-\x08\x0a-\x1f\x7f]/.test(line)) return undefined;
  const [pair = "", ...rest] = line.split(";");
  const equals = pair.indexOf("=");
  const name = trimmed(pair.slice(0, Math.max(0, equals)));
  const value = trimmed(pair.slice(equals + 1));
  if (octets(name + value).length > 4096 || name + value === "") return undefined;
  const attributes = /** @type {any} */ (readAttributes(rest, now));
  const domain = cookieDomain(attributes.domain, host);
  const { ends, sameSite, secure = false } = attributes;
  const cookie = { name, value, domain, path: attributes.path || defaultCookiePath(path) };
  const starts = (/** @type {RegExp} */ prefix) => prefix.test(name || value);
  const asHost = secure && domain === null && attributes.path !== undefined && cookie.path === "/";
  const refused =
    domain === undefined ||
    attributes.httponly ||
    ((sameSite === "none" || attributes.partitioned) && !secure) ||
    starts(/^__(?:host-)?http-/i) ||
    (starts(/^__secure-/i) && (!secure || !name)) ||
    (starts(/^__host-/i) && (!asHost || !name));
  return refused ? undefined : { ...cookie, domain, expires: ends, secure, sameSite };
};

/**
 * FNV-1a, 32 bits, of a cookie's place in the jar: the server has the same.
 *
 * @param {VisibleCookie} cookie
 */
const cookieHash = ({ name, domain, path }) =>
  octets([name, domain ?? "", path].join("\n")).reduce(
    (hash, octet) => Math.imul(hash ^ octet, 0x01000193) >>> 0,
    0x811c9dc5,
  );

/**
 * The cookies after a script has set one: at most one of a name, domain and path.
 *
 * @param {VisibleCookie[]} cookies the longest path first, then the oldest
 * @param {VisibleCookie} cookie
 * @param {number} now
 * @returns {VisibleCookie[]}
 */
const withCookie = (cookies, cookie, now) => {
  const gone = cookie.expires !== null && cookie.expires <= now;
  const at = cookies.findIndex(
    ({ name, domain, path }) => name === cookie.name && domain === cookie.domain && path === cookie.path,
  );
  if (at >= 0) return cookies.toSpliced(at, 1, ...(gone ? [] : [cookie]));
  if (gone) return cookies;
  const shorter = cookies.findIndex(({ path }) => path.length < cookie.path.length);
  return cookies.toSpliced(shorter < 0 ? cookies.length : shorter, 0, cookie);
};

/**
 * The cookies that a script in a document at this path sees.
 *
 * @param {VisibleCookie[]} cookies
 * @param {string} path
 * @param {number} now
 */
const cookiesAt = (cookies, path, now) =>
  cookies.filter((cookie) => {
    const rest = path.slice(cookie.path.length);
    const below = rest === "" || cookie.path.endsWith("/") || rest.startsWith("/");
    return path.startsWith(cookie.path) && below && (cookie.expires ?? Infinity) > now;
  });
