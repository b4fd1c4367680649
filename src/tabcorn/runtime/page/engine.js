/**
 * Page script: where an engine's own WebSocket does not do as the standard says, and so ours neither.
 *
 * Runs in the app's documents and workers. Each row was seen with the browser's own WebSocket and a
 * server; tests/browser/test_sockets.py compares the two in each engine.
 */

/**
 * @typedef {object} Quirks
 * @property {boolean} truncates a close code that is a fraction; the standard rounds ([Clamp])
 * @property {boolean} reasonNeedsCode `close(undefined, "why")` throws; else the reason is dropped
 * @property {(offered: string[], chosen: string) => string | undefined} agree on the subprotocol
 *   that the server has chosen; undefined fails the connection. Chromium's is the standard's
 * @property {boolean} ignoresBase relative URLs are of the document's address, and "" is none
 * @property {boolean} countsFrames bytes of frames, too, are in bufferedAmount after the closing
 * @property {boolean} passesLateListeners those added while an event is dispatched to the window are
 *   not called for it; by the standard (DOM, "inner invoke") the phases have a list each
 * @property {(code: number) => boolean} refuses a close code of the server's fails the connection
 */

/**
 * @param {string[]} offered
 * @param {string} chosen none is among all
 */
const among = (offered, chosen) => (chosen === "" || offered.includes(chosen) ? chosen : undefined);

/** @param {string} text */
const lower = (text) => text.toLowerCase();

/** @type {Record<"chromium" | "firefox" | "webkit", Quirks>} */
const ENGINES = {
  chromium: {
    truncates: true,
    reasonNeedsCode: true,
    agree: (offered, chosen) => (chosen === "" && offered.length > 0 ? undefined : among(offered, chosen)),
    ignoresBase: false,
    countsFrames: false,
    passesLateListeners: true,
    refuses: () => false,
  },
  firefox: {
    truncates: false,
    reasonNeedsCode: false,
    agree: (offered, chosen) => (offered.length === 0 ? "" : among(offered, chosen)),
    ignoresBase: true,
    countsFrames: false,
    passesLateListeners: false,
    refuses: () => false,
  },
  webkit: {
    truncates: true,
    reasonNeedsCode: false,
    agree: (offered, chosen) => among(offered.map(lower), lower(chosen)) && chosen,
    ignoresBase: false,
    countsFrames: true,
    passesLateListeners: false,
    refuses: (code) => code >= 1012 && code < 3000,
  },
};

/** @param {string} userAgent every engine names itself, Chromium as WebKit as well */
const engineOf = (userAgent) => {
  if (userAgent.includes("Chrome/")) return ENGINES.chromium;
  return userAgent.includes("Firefox/") ? ENGINES.firefox : ENGINES.webkit;
};

const quirks = engineOf(navigator.userAgent);
