/**
 * What the service worker knows of a request.
 *
 * Pure; runs in the service worker.
 */

/** @import { Arrival } from "../protocol.js" */
/** @import { Facts } from "../shared/request-headers.js" */
/** @import { Site } from "../shared/site.js" */

/**
 * @typedef {Omit<Facts, "length" | "given" | "inWorker"> & {
 *   credentials: RequestCredentials, arrival?: Arrival | undefined, form?: string | undefined }} Asked
 */

/**
 * @param {Request} request
 * @param {Site} site
 * @returns {Asked}
 */
export function factsOf(request, site) {
  return {
    url: site.inside(new URL(request.url)),
    method: request.method,
    headers: [...request.headers],
    mode: request.mode,
    // To a server, the document in the shell's frame is what the tab shows.
    destination: request.destination === "iframe" ? "document" : request.destination,
    referrer: request.referrer,
    referrerPolicy: request.referrerPolicy,
    initiator: "page",
    knownOrigin: "",
    hidden: false,
    own: false,
    through: "",
    cache: request.cache,
    credentials: request.credentials,
  };
}

/**
 * What a frame asks for with its first navigation: what brought the user here.
 *
 * @param {Request} request
 * @param {Site} site
 * @param {import("../protocol.js").Entry} entry
 * @returns {Asked}
 */
export function entryFactsOf(request, site, entry) {
  return {
    ...factsOf(request, site),
    method: entry.method,
    headers: entry.headers,
    referrer: entry.referrer,
    initiator: "entry",
    knownOrigin: entry.origin,
    hidden: entry.hidden,
    own: entry.own,
    through: entry.through,
    cache: entry.cache,
    arrival: { referrer: entry.referrer, again: entry.again },
  };
}

/**
 * A port number for the access log, which tells documents apart as a server's log would.
 *
 * @param {string} client
 */
export function portOf(client) {
  let hash = 0;
  for (const character of client) hash = (hash * 31 + character.charCodeAt(0)) % 16384;
  return 49152 + hash;
}
