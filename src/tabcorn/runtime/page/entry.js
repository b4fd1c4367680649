/**
 * Page script: comes first, and takes its own element out of the document.
 *
 * Runs in the app's own window. A document in a sandbox that gives it no origin can reach nothing
 * of what the other files stand in for, and would only be broken by them: there, nothing follows.
 */

const hasOrigin = (() => {
  document.currentScript?.remove();
  return window.origin !== "null";
})();
