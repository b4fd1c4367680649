/**
 * The boot screen and the failure screen: what the user sees while there is no app to see.
 *
 * Runs in the shell. `data-tabcorn` on the root element tells the state to tests and to CSS.
 */

/** @import { BootStep, Failure, FailureStage } from "../protocol.js" */

/** @type {Record<BootStep, string>} */
const LABELS = {
  download: "Downloading the app",
  interpreter: "Starting Python",
  app: "Starting the app",
};

/** What failed, and what to do about it. */
/** @type {Record<FailureStage, { headline: string, remedy: string }>} */
const EXPLAINED = {
  browser: {
    headline: "This browser cannot run the app",
    remedy: "Chromium 120, Firefox 147, Safari 17 and later ones can, in an ordinary window.",
  },
  "service-worker": {
    headline: "The service worker could not be started",
    remedy:
      "The app needs one to answer its pages. Private windows, blocked site data and some " +
      "extensions forbid it: open this address in an ordinary window, or allow this site's data.",
  },
  asset: {
    headline: "A file of this app is missing or damaged",
    remedy: "Try again; when it stays, tell whoever runs this site.",
  },
  interpreter: {
    headline: "Python could not be started",
    remedy: "It may have run out of memory: close other tabs and try again.",
  },
  storage: {
    headline: "The files of this app cannot be read",
    remedy:
      "They are kept in this browser, and nothing was changed. Private windows and blocked site data " +
      "forbid it; a full disk may be the reason, too.",
  },
  import: {
    headline: "The app could not be imported",
    remedy: "This is an error in the app, or a file or package that it misses.",
  },
  interface: {
    headline: "This is no application that can be served",
    remedy: "The name given to tabcorn must lead to an ASGI application.",
  },
  lifespan: {
    headline: "The app refused to start",
    remedy: "This is what its own startup said.",
  },
  form: {
    headline: "This page is the answer to a form",
    remedy: "Trying again sends the form again, if you agree.",
  },
  runtime: {
    headline: "The app is not running any more",
    remedy: "Try again; the browser's console tells more.",
  },
};

/** @param {string} id */
function element(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

/** @param {"booting" | "ready" | "failed"} state */
export function setState(state) {
  document.documentElement.dataset["tabcorn"] = state;
}

/**
 * @param {BootStep} step
 * @param {number} loaded
 * @param {number} total both in bytes; 0 when the step has no measure
 */
export function showProgress(step, loaded, total) {
  const bar = /** @type {HTMLProgressElement} */ (element("tabcorn-bar"));
  element("tabcorn-label").textContent = LABELS[step];
  element("tabcorn-bytes").textContent = total
    ? `${megabytes(loaded)} of ${megabytes(total)} MB`
    : "";
  if (total === 0) return bar.removeAttribute("value");
  bar.max = total;
  bar.value = loaded;
}

/** @param {Failure} failure */
export function showFailure({ stage, message, detail }) {
  const { headline, remedy } = EXPLAINED[stage];
  element("tabcorn-progress").hidden = true;
  element("tabcorn-failure").hidden = false;
  element("tabcorn-headline").textContent = headline;
  element("tabcorn-error").textContent = message;
  element("tabcorn-remedy").textContent = remedy;
  element("tabcorn-detail").textContent = detail;
  element("tabcorn-detail").hidden = detail === "";
  element("tabcorn-retry").onclick = () => location.reload();
  setState("failed");
}

/** @param {number} bytes */
function megabytes(bytes) {
  return (bytes / 1e6).toFixed(1);
}
