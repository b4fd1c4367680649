/**
 * Page script: the app's window seen as the top of its tab, which on a server it would be.
 *
 * Runs in the app's own window, in the shell's frame alone. What a browser lets be replaced is
 * replaced; `top` and `location.ancestorOrigins` are unforgeable (HTML, `[LegacyUnforgeable]`).
 */

(() => {
  if (!shell) return;
  const alone = () => shell.parent === shell;

  replaceGetter(window, "parent", () => (alone() ? window : shell.parent));
  replaceGetter(window, "frameElement", () => (alone() ? null : shell.frameElement));
  replaceGetter(
    window,
    "opener",
    () => shell.opener,
    (opener) => (shell.opener = opener),
  );
  replaceMethod(window, "close", () => shell.close());
})();
