/**
 * What a Content-Security-Policy allows, told by CSP Level 3 anew: the judge of what is done to one.
 */

/** CSP, 6.8.3: the directives asked in turn. */
const FALLBACKS = /** @type {Record<string, string[]>} */ ({
  script: ["script-src-elem", "script-src", "default-src"],
  inline: ["script-src-elem", "script-src", "default-src"],
  handler: ["script-src-attr", "script-src", "default-src"],
  eval: ["script-src", "default-src"],
  worker: ["worker-src", "child-src", "script-src", "default-src"],
  style: ["style-src-elem", "style-src", "default-src"],
  image: ["img-src", "default-src"],
  connect: ["connect-src", "default-src"],
  frame: ["frame-src", "child-src", "default-src"],
});

/**
 * @typedef {object} Act
 * @property {string} kind one of FALLBACKS
 * @property {string} [url]
 * @property {string} [nonce]
 */

/** @param {string} header */
export function parsed(header) {
  return header.split(",").map((policy) => {
    const directives = new Map();
    for (const text of policy.split(";").map((each) => each.trim())) {
      const [name = "", ...values] = text.split(/[ \t\n\f\r]+/);
      const isAscii = [...text].every((character) => character < "\x80");
      if (text && isAscii && !directives.has(name.toLowerCase())) directives.set(name.toLowerCase(), values);
    }
    return directives;
  });
}

/**
 * @param {string} header
 * @param {Act} act
 */
export function allows(header, act) {
  return parsed(header).every((directives) => {
    const name = FALLBACKS[act.kind]?.find((each) => directives.has(each));
    return name === undefined || permits(directives.get(name), act);
  });
}

/**
 * @param {string[]} sources
 * @param {Act} act
 */
function permits(sources, { kind, url, nonce }) {
  const has = (/** @type {string} */ keyword) => sources.some((source) => source.toLowerCase() === keyword);
  const isScript = ["script", "inline", "handler"].includes(kind);
  const strict = has("'strict-dynamic'") && (isScript || kind === "worker");
  const noncedOrHashed = sources.some((source) => /^'(?:nonce|sha(?:256|384|512))-[A-Za-z0-9+/_-]+={0,2}'$/i.test(source));
  const nonced = nonce !== undefined && sources.some((source) => /^'nonce-/i.test(source) && source.slice(7, -1) === nonce);
  if (kind === "eval") return has("'unsafe-eval'");
  if (kind === "handler" || kind === "inline" || kind === "style") {
    return (nonced && kind !== "handler") || (has("'unsafe-inline'") && !noncedOrHashed && !strict);
  }
  if (nonced && kind === "script") return true;
  return !strict && sources.some((source) => matches(source.toLowerCase(), new URL(url ?? "")));
}

/**
 * @param {string} source
 * @param {URL} url
 */
function matches(source, url) {
  if (source === "*") return true;
  if (source === "'self'") return url.origin === "https://example.org";
  if (/^[a-z]+:$/.test(source)) return url.protocol === source;
  const { origin, pathname } = URL.canParse(source) ? new URL(source) : { origin: "", pathname: "" };
  return origin === url.origin && (pathname === "/" || pathname === url.pathname);
}
