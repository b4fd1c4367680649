/**
 * Page script: whether a Content-Security-Policy lets this document or worker connect to a URL.
 *
 * A browser asks the policy of a WebSocket by itself, but not of one that we stand in for.
 * Source: CSP Level 3, 6.7.2 (URL matching), for the directive connect-src.
 */

/** What a source's scheme lets in besides itself (6.7.2.8). */
const STRONGER = /** @type {Record<string, string[]>} */ ({
  http: ["https", "ws", "wss"],
  https: ["wss"],
  ws: ["wss", "http", "https"],
  wss: ["https"],
});

/** Policies of the response, and those that a document's own elements have added. */
const presentPolicies = () => {
  const metas =
    typeof document === "undefined"
      ? []
      : document.querySelectorAll('meta[http-equiv="content-security-policy" i]');
  const added = [...metas].map((meta) => /** @type {HTMLMetaElement} */ (meta).content);
  return [...place.policies, ...added];
};

/**
 * @param {URL} url of the scheme ws or wss
 * @returns {boolean}
 */
const mayConnect = (url) => {
  const policies = presentPolicies().flatMap((value) => value.split(","));
  return policies.every((policy) => {
    const sources = connectSources(policy);
    return !sources || sources.some((source) => sourceMatches(source, url));
  });
};

/**
 * @param {string} policy
 * @returns {string[] | undefined} undefined when it says nothing of connections
 */
const connectSources = (policy) => {
  const directives = policy.split(";").map((directive) => directive.trim().split(/\s+/));
  const named = (/** @type {string} */ wanted) =>
    directives.find(([name = ""]) => name.toLowerCase() === wanted);
  return (named("connect-src") ?? named("default-src"))?.slice(1);
};

/**
 * @param {string} source
 * @param {URL} url
 */
const sourceMatches = (source, url) => {
  const self = new URL(place.root);
  const scheme = url.protocol.slice(0, -1);
  const lets = (/** @type {string} */ given) =>
    given === scheme || (STRONGER[given]?.includes(scheme) ?? false);
  if (source === "*") return true;
  if (source.toLowerCase() === "'self'") return url.host === self.host;
  const onlyScheme = /^([a-z][a-z0-9+.-]*):$/i.exec(source);
  if (onlyScheme) {
    const [, given = ""] = onlyScheme;
    return given.toLowerCase() === scheme || (given.toLowerCase() === "ws" && scheme === "wss");
  }
  const parts = /^(?:([a-z][a-z0-9+.-]*):\/\/)?([^/:']+)(?::(\d+|\*))?(\/[^?#]*)?$/i.exec(source);
  if (!parts) return false;
  const [, given, host = "", port, path] = parts;
  if (!lets((given ?? self.protocol.slice(0, -1)).toLowerCase())) return false;
  return hostMatches(host, url) && portMatches(port, url) && pathMatches(path, url);
};

/**
 * @param {string} pattern
 * @param {URL} url
 */
const hostMatches = (pattern, { hostname }) => {
  const wanted = pattern.toLowerCase();
  if (wanted === "*") return true;
  return wanted.startsWith("*.") ? hostname.endsWith(wanted.slice(1)) : hostname === wanted;
};

/**
 * @param {string | undefined} pattern
 * @param {URL} url whose port is empty when it is its scheme's own
 */
const portMatches = (pattern, { port, protocol }) => {
  const own = protocol === "wss:" ? "443" : "80";
  if (pattern === undefined) return port === "";
  return pattern === "*" || pattern === (port || own);
};

/**
 * @param {string | undefined} pattern one that ends in a slash is a folder
 * @param {URL} url
 */
const pathMatches = (pattern, { pathname }) => {
  if (pattern === undefined || pattern === "/") return true;
  const wanted = decodeURIComponent(pattern);
  const given = decodeURIComponent(pathname);
  return wanted.endsWith("/") ? given.startsWith(wanted) : given === wanted;
};
