/**
 * Read an app's Content-Security-Policy, so that the page script may run and the frame may open.
 *
 * Pure. The app's documents live in the shell's frame, which `frame-ancestors` would forbid; and
 * the page script has to be let in, by the nonce that is there, or by its address. Nothing else
 * is loosened. Source: CSP Level 3.
 */

/** The directive that governs script elements is the first of these that is there. */
const GOVERNING = ["script-src-elem", "script-src", "default-src"];

/**
 * @param {string} header the value of a Content-Security-Policy header, perhaps a list
 * @param {string} scriptUrl
 * @returns {{ header: string, nonce: string }} the nonce to put on the tag, or empty
 */
export function admit(header, scriptUrl) {
  let nonce = "";
  const policies = header.split(",").map((policy) => {
    const directives = parse(policy).filter(([name]) => name !== "frame-ancestors");
    nonce ||= admitInto(directives, scriptUrl);
    return directives.map((directive) => directive.join(" ")).join("; ");
  });
  return { header: policies.filter(Boolean).join(", "), nonce };
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

/**
 * @param {string[][]} directives changed in place
 * @param {string} scriptUrl
 * @returns {string} a nonce that admits the script, or empty
 */
function admitInto(directives, scriptUrl) {
  const name = GOVERNING.find((name) => directives.some(([key]) => key === name));
  if (!name) return "";
  const [, ...sources] = directives.find(([key]) => key === name) ?? [];
  const nonce = sources.map((source) => /^'nonce-(.+)'$/i.exec(source)?.[1]).find(Boolean);
  if (nonce) return nonce;

  const own = sources.includes("'strict-dynamic'") ? crypto.randomUUID() : "";
  const kept = sources.filter((source) => source.toLowerCase() !== "'none'");
  const admitted = [...kept, own ? `'nonce-${own}'` : scriptUrl];
  // default-src governs much else: scripts get a directive of their own.
  const target = name === "default-src" ? "script-src" : name;
  const at = directives.findIndex(([key]) => key === target);
  directives.splice(at < 0 ? directives.length : at, at < 0 ? 0 : 1, [target, ...admitted]);
  return own;
}
