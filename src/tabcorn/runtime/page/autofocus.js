/**
 * Page script: `autofocus`, which browsers heed in no frame while the top document has a focused
 * element (HTML, "flush autofocus candidates"): here that element is the frame itself.
 *
 * Runs in the app's own window.
 */

(() => {
  if (!shell) return;
  const isFree = () => document.activeElement === null || document.activeElement === document.body;
  let done = false;

  const flush = () => {
    if (done || location.hash !== "") return;
    const wanted = /** @type {HTMLElement | null} */ (document.querySelector("[autofocus]:not([disabled])"));
    if (!wanted) return;
    done = true;
    if (isFree()) wanted.focus();
  };
  const soon = () => requestAnimationFrame(flush);
  addEventListener("DOMContentLoaded", soon, { once: true });
  addEventListener("load", flush, { once: true });
})();
