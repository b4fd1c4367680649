/**
 * What a browser must have, and what to say when it does not.
 *
 * Runs in the shell, before anything is downloaded.
 */

/** @import { Failure } from "../protocol.js" */

/** @type {[missing: () => boolean, message: () => string][]} */
const REQUIREMENTS = [
  [
    () => !isSecureContext,
    () =>
      `${location.origin} is not a secure origin, and browsers allow service workers only on ` +
      "https and on localhost. Open the app by https, or on this machine by http://localhost.",
  ],
  [
    () => !("serviceWorker" in navigator),
    () => "This window has no service workers: it may be a private window, or they are switched off.",
  ],
  [
    () => typeof WebAssembly !== "object",
    () => "WebAssembly is switched off in this browser, and Python needs it.",
  ],
  [() => !("locks" in navigator), () => "This browser has no Web Locks."],
  [() => typeof BroadcastChannel !== "function", () => "This browser has no BroadcastChannel."],
  [() => typeof DecompressionStream !== "function", () => "This browser has no DecompressionStream."],
  [() => !("caches" in window), () => "This window may not store data (Cache Storage is missing)."],
];

/** @returns {Failure | undefined} the first thing that is missing */
export function missingRequirement() {
  const found = REQUIREMENTS.find(([missing]) => missing());
  return found && { stage: "browser", message: found[1](), detail: "" };
}
