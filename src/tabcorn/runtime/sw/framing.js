/**
 * The headers of an app's document as the shell's frame must see them.
 *
 * Pure. To the app its document is the tab's top; here it has one ancestor more, the shell, which is
 * of its own origin. So what forbids every frame forbids those of other origins: who embeds the site
 * elsewhere is refused as a server's page would refuse.
 */

import { admit, directive, nonceFor, policiesOf, toHeader, withServer } from "./policy.js";

/** @import { HeaderPairs } from "../protocol.js" */
/** @import { Site } from "../shared/site.js" */
/** @import { Directive } from "./policy.js" */

const POLICIES = ["content-security-policy", "content-security-policy-report-only"];

/**
 * @param {HeaderPairs} pairs
 * @param {Site} site
 * @param {string} scriptUrl of the script that is to be let in, empty when there is none
 * @returns {{ headers: HeaderPairs, nonce: string }} the nonce for its tag, empty without a policy
 */
export function framedHeaders(pairs, site, scriptUrl) {
  const policies = pairs.filter(isPolicy).flatMap(([, value]) => policiesOf(value));
  const nonce = scriptUrl ? nonceFor(policies, scriptUrl, crypto.randomUUID()) : "";
  const script = { url: scriptUrl, nonce, servedBy: new URL("sw.js", site.root).href };
  const framed = (/** @type {Directive[]} */ policy) => {
    const served = withServer(withShell(policy), script.servedBy);
    return scriptUrl ? admit(served, script) : served;
  };
  /** @type {HeaderPairs} */
  const headers = pairs.map(([name, value]) => {
    if (name === "x-frame-options") return [name, frameOptions(value)];
    return [name, isPolicy([name, value]) ? toHeader(policiesOf(value).map(framed)) : value];
  });
  return { headers: onlyOne(headers), nonce: policies.length > 0 ? nonce : "" };
}

/**
 * Whether scripts may run, and reach what is kept for their origin: a page in a sandbox can do
 * nothing of what the page script stands in for, and its requests go past the service worker.
 *
 * @param {HeaderPairs} pairs
 */
export function runsScripts(pairs) {
  const policies = pairs.filter(([name]) => name === POLICIES[0]).flatMap(([, value]) => policiesOf(value));
  return policies.every((policy) => {
    const flags = directive(policy, "sandbox")?.values.map((flag) => flag.toLowerCase());
    return !flags || (flags.includes("allow-scripts") && flags.includes("allow-same-origin"));
  });
}

/** @param {[string, string]} pair */
function isPolicy([name]) {
  return POLICIES.includes(name);
}

/**
 * @param {Directive[]} policy
 * @returns {Directive[]}
 */
function withShell(policy) {
  const found = directive(policy, "frame-ancestors");
  if (!found || found.values.some((source) => source.toLowerCase() === "'self'")) return policy;
  const values = [...found.values.filter((source) => source.toLowerCase() !== "'none'"), "'self'"];
  const framed = { ...found, values, raw: found.raw.replace(found.raw.trim(), `frame-ancestors ${values.join(" ")}`) };
  return policy.map((directive) => (directive === found ? framed : directive));
}

/**
 * Browsers refuse a frame on `DENY`, and on values that contradict each other (HTML, 7.6.1).
 *
 * @param {string} value
 */
function frameOptions(value) {
  return /deny|sameorigin|allowall/i.test(value) ? "SAMEORIGIN" : value;
}

/** @param {HeaderPairs} pairs */
function onlyOne(pairs) {
  const first = pairs.find(([name]) => name === "x-frame-options");
  return pairs.filter((pair) => pair === first || pair[0] !== "x-frame-options");
}
