/**
 * What build/pagescript.py declares around the files of this folder when it joins them.
 */

/** The site's URL, the build, and the values of the response's Content-Security-Policy headers. */
interface Place {
  root: string;
  build: string;
  policies: string[];
  /** In a document: takes what a socket's opening has changed. */
  onCookies?: (state: { version: number; sight: string }) => void;
}

/** The files of `_SOCKETS` in build/pagescript.py as one function, whose text also goes into workers. */
declare const installSockets: (place: Place) => void;

/** The rule of shared/inside.js. */
declare const insideSite: typeof import("../shared/inside.js").inside;

/** Of shared/request-headers.js. */
declare const requestHeaders: typeof import("../shared/request-headers.js").requestHeaders;
declare const acceptLanguage: typeof import("../shared/request-headers.js").acceptLanguage;
declare const isWebKit: typeof import("../shared/request-headers.js").isWebKit;

/** Of shared/freshness.js. */
declare const isKeepable: typeof import("../shared/freshness.js").isKeepable;
declare const voidedBy: typeof import("../shared/freshness.js").voidedBy;
declare const clearsCache: typeof import("../shared/freshness.js").clearsCache;

/** Of sw/codings.js. */
declare const decoder: typeof import("../sw/codings.js").decoder;
