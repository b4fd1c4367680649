/**
 * Answers that a page has got by its own port and hands over, for the browser to go on with as with
 * any other: redirects, which it follows by itself, and network errors (page/requests.js).
 *
 * Pure; runs in the service worker. The answer is in the fragment of the address, so that nothing
 * has to be remembered for it. A page can only deceive itself with one.
 */

/** @import { HeaderPairs } from "../protocol.js" */

const MARK = "#tabcorn-answer:";

/**
 * @typedef {object} Handed
 * @property {number} status 0 stands for a network error
 * @property {HeaderPairs} headers
 * @property {string} [echoed] the reason phrase of one whose body the request brings
 */

/**
 * @param {string} address of a request
 * @returns {Handed | undefined}
 */
export function handedAnswer(address) {
  const at = address.indexOf(MARK);
  if (at < 0) return undefined;
  try {
    return JSON.parse(decodeURIComponent(address.slice(at + MARK.length)));
  } catch {
    return undefined; // somebody else's fragment
  }
}

/**
 * Give a redirect's target a fragment: without one it takes that of the request (Fetch, "HTTP-redirect
 * fetch"). No page sees it.
 *
 * @param {Response} response
 */
export function withOwnFragment(response) {
  const location = response.headers.get("location");
  if (location && !location.includes("#")) response.headers.set("location", `${location}#redirected`);
  return response;
}

/**
 * What a page has got, body and all, as the browser's own response.
 *
 * @param {Request} request that brings the body
 * @param {Handed} handed
 */
export async function echo(request, { status, headers, echoed: statusText = "" }) {
  const bodiless = status === 204 || status === 205 || status === 304;
  return new Response(bodiless ? null : await request.blob(), { status, statusText, headers });
}
