/**
 * Read an app's Content-Security-Policy, so that the page script may run and the frame may open.
 *
 * Pure. The app's documents live in the shell's frame, which `frame-ancestors` would forbid; and
 * the page script has to be let in, by its nonce or by its address. Nothing else is loosened.
 * Source: CSP Level 3.
 */

/** The directive that governs script elements is the first of these that is there. */
const GOVERNING = ["script-src-elem", "script-src", "default-src"];

const NONCE = /^'nonce-(.+)'$/i;

/**
 * The first nonce that lets scripts run: the page script's tag can carry but one.
 *
 * @param {string} header the value of a Content-Security-Policy header, perhaps a list
 * @returns {string} empty when there is none
 */
export function firstNonce(header) {
  const sources = header.split(",").flatMap((policy) => governing(parse(policy))?.slice(1) ?? []);
  return sources.map((source) => NONCE.exec(source)?.[1]).find(Boolean) ?? "";
}

/**
 * @param {string} header
 * @param {string} scriptUrl empty when there is no script to be let in
 * @param {string} nonce of the script's tag; put into a policy only where an address has no effect
 * @returns {string} the header's new value, empty when nothing is left of it
 */
export function admit(header, scriptUrl, nonce) {
  const policies = header.split(",").map((policy) => {
    const directives = parse(policy).filter(([name]) => name !== "frame-ancestors");
    if (scriptUrl) admitInto(directives, scriptUrl, nonce);
    return directives.map((directive) => directive.join(" ")).join("; ");
  });
  return policies.filter(Boolean).join(", ");
}

/**
 * @param {string} policy
 * @returns {string[][]} directives as [name, ...values]
 */
function parse(policy) {
  return policy
    .split(";")
    .map((directive) => directive.trim().split(/\s+/))
    .filter(([name]) => name)
    .map(([name = "", ...values]) => [name.toLowerCase(), ...values]);
}

/** @param {string[][]} directives */
function governing(directives) {
  const name = GOVERNING.find((name) => directives.some(([key]) => key === name));
  return directives.find(([key]) => key === name);
}

/**
 * @param {string[][]} directives changed in place
 * @param {string} scriptUrl
 * @param {string} nonce
 */
function admitInto(directives, scriptUrl, nonce) {
  const found = governing(directives);
  if (!found) return;
  const [name, ...sources] = found;
  const nonced = sources.some((source) => NONCE.test(source));
  const source = nonced || sources.includes("'strict-dynamic'") ? `'nonce-${nonce}'` : scriptUrl;
  if (sources.includes(source)) return;
  const kept = sources.filter((source) => source.toLowerCase() !== "'none'");
  // default-src governs much else: scripts get a directive of their own.
  const target = name === "default-src" ? "script-src" : /** @type {string} */ (name);
  const at = directives.findIndex(([key]) => key === target);
  directives.splice(at < 0 ? directives.length : at, at < 0 ? 0 : 1, [target, ...kept, source]);
}
