/**
 * Read an app's Content-Security-Policy, and let one script run that it may not know.
 *
 * Pure. What already lets the script in is left as it is, to the letter: most policies do, by
 * 'self' or by a nonce. Into any other goes one source, for script elements alone: no inline
 * script, handler, worker or evaluated text is let in by it, and none is shut out.
 * Source: CSP Level 3, 2.2.1 (parsing), 6.7.1 (scripts), 6.8.4 (fallbacks).
 */

/** The directive that governs script elements is the first of these that is there. */
const GOVERNING = ["script-src-elem", "script-src", "default-src"];

const NONCE = /^'nonce-([A-Za-z0-9+/_-]+={0,2})'$/i;
const HASH = /^'sha(?:256|384|512)-[A-Za-z0-9+/_-]+={0,2}'$/i;
/** Directives that are asked of addresses. */
const FETCHES = /^(?:script-src-elem|style-src-elem|(?:child|connect|default|font|frame|img|manifest|media|object|prefetch|script|style|worker)-src)$/;

/**
 * @typedef {object} Directive
 * @property {string} raw as it was written
 * @property {string} name in lower case; empty for what browsers pass over
 * @property {string[]} values
 */

/**
 * @typedef {object} Script that is to be let in
 * @property {string} url
 * @property {string} nonce of its tag
 * @property {string} servedBy the service worker's own script: see `withServer`
 */

/**
 * @param {string} header the value of a Content-Security-Policy header
 * @returns {Directive[][]} its policies
 */
export function policiesOf(header) {
  return header.split(",").map((policy) => {
    const seen = new Set();
    return policy.split(";").map((raw) => {
      const [name = "", ...values] = raw.trim().split(/[\t\n\f\r ]+/);
      const known = name.toLowerCase();
      const passedOver = seen.has(known) || /[^\0-\x7f]/.test(raw);
      seen.add(passedOver ? "" : known);
      return { raw, name: passedOver ? "" : known, values };
    });
  });
}

/**
 * @param {Directive[][]} policies
 * @returns {string} the header's value
 */
export function toHeader(policies) {
  return policies.map((policy) => policy.map(({ raw }) => raw).join(";")).join(",");
}

/**
 * @param {Directive[]} policy
 * @param {string[]} names
 */
export function directive(policy, ...names) {
  const name = names.find((name) => policy.some((directive) => directive.name === name));
  return policy.find((directive) => directive.name === name);
}

/**
 * The nonce that the script's tag should carry: the app's own where all policies that need one have
 * it. One that nobody knows lets in nothing else; the app's own, added to another policy, would.
 *
 * @param {Directive[][]} policies
 * @param {string} url the script's
 * @param {string} fresh a nonce that nobody knows
 */
export function nonceFor(policies, url, fresh) {
  const closed = policies.filter((policy) => !admits(policy, url, "") && !allowsInline(policy));
  const [own = fresh] = closed.flatMap(noncesOf);
  return closed.every((policy) => noncesOf(policy).includes(own)) ? own : fresh;
}

/**
 * @param {Directive[]} policy
 * @param {Script} script
 * @returns {Directive[]} one that lets the script in
 */
export function admit(policy, { url, nonce, servedBy }) {
  const found = directive(policy, ...GOVERNING);
  if (!found || admits(policy, url, nonce)) return policy;
  const sources = found.values.filter((source) => source.toLowerCase() !== "'none'");
  // A nonce would take its effect from 'unsafe-inline'.
  const values = [...sources, ...(allowsInline(policy) ? [url, servedBy] : [`'nonce-${nonce}'`])];
  const name = "script-src-elem";
  const admitting = { raw: ` ${name} ${values.join(" ")}`, name, values };
  if (found.name !== name) return [...policy.filter(({ raw }) => raw.trim()), admitting];
  return policy.map((directive) => (directive === found ? admitting : directive));
}

/**
 * Where a policy names some of the site's own paths, it has to name the service worker's as well:
 * Firefox asks it once more, of the script that made the response.
 *
 * @param {Directive[]} policy
 * @param {string} servedBy the service worker's script
 */
export function withServer(policy, servedBy) {
  const { origin, host } = new URL(servedBy);
  return policy.map((found) => {
    const paths = found.values.filter((source) => source.startsWith(`${origin}/`) || source.startsWith(`${host}/`));
    if (!FETCHES.test(found.name) || paths.length === 0 || hasAny(found, origin)) return found;
    return { ...found, raw: `${found.raw.trimEnd()} ${servedBy}`, values: [...found.values, servedBy] };
  });
}

/**
 * @param {Directive[]} policy
 * @param {string} url
 * @param {string} nonce
 */
function admits(policy, url, nonce) {
  const found = directive(policy, ...GOVERNING);
  if (!found || noncesOf(policy).includes(nonce)) return true;
  return !has(found, "'strict-dynamic'") && hasAny(found, new URL(url).origin);
}

/**
 * Whether all that is of an origin is let in.
 *
 * @param {Directive} directive
 * @param {string} origin
 */
function hasAny(directive, origin) {
  const { protocol } = new URL(origin);
  return ["*", "'self'", protocol, origin, `${origin}/`].some((source) => has(directive, source));
}

/**
 * Whether 'unsafe-inline' has its effect (CSP, 6.7.3.2).
 *
 * @param {Directive[]} policy
 */
function allowsInline(policy) {
  const found = directive(policy, ...GOVERNING);
  if (!found || !has(found, "'unsafe-inline'") || has(found, "'strict-dynamic'")) return false;
  return !found.values.some((source) => NONCE.test(source) || HASH.test(source));
}

/**
 * @param {Directive} directive
 * @param {string} wanted in lower case
 */
function has({ values }, wanted) {
  return values.some((source) => source.toLowerCase() === wanted);
}

/** @param {Directive[]} policy */
function noncesOf(policy) {
  const sources = directive(policy, ...GOVERNING)?.values ?? [];
  return sources.flatMap((source) => NONCE.exec(source)?.[1] ?? []);
}
