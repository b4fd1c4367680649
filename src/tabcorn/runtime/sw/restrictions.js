/**
 * Whether a document's headers change what its requests tell, or which it may make.
 *
 * Pure; runs in the service worker. Only where they do not may the document ask the host by itself
 * (page/portable.js): else the browser must see each request, to report it, to refuse it, or to say
 * less of where it is from.
 */

import { policiesOf } from "./policy.js";

/** @import { HeaderPairs } from "../protocol.js" */

const POLICIES = new Set(["content-security-policy", "content-security-policy-report-only"]);
/** Of these, a request to the app itself has the document's whole address (Referrer Policy, 3). */
const TELLING = new Set([
  ...["no-referrer-when-downgrade", "origin-when-cross-origin", "same-origin"],
  ...["strict-origin-when-cross-origin", "unsafe-url"],
]);

/** @param {HeaderPairs} headers */
export function leavesRequestsAlone(headers) {
  return headers.every(([name, value]) => {
    if (name === "referrer-policy") return isTelling(value);
    if (name === "document-policy" || name === "connection-allowlist") return false;
    return !POLICIES.has(name) || policiesOf(value).every(letsConnect);
  });
}

/** @param {string} value a list, of which the last that is known counts */
function isTelling(value) {
  return value.split(",").every((token) => TELLING.has(token.trim().toLowerCase()));
}

/**
 * A policy without a word on connections, or one that lets all of the site connect to itself.
 *
 * @param {import("./policy.js").Directive[]} policy
 */
function letsConnect(policy) {
  if (policy.some(({ name }) => name === "upgrade-insecure-requests" || name === "sandbox")) return false;
  const governing = policy.find(({ name }) => name === "connect-src") ?? policy.find(({ name }) => name === "default-src");
  return !governing || governing.values.some((source) => source === "*" || source.toLowerCase() === "'self'");
}
