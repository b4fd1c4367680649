/**
 * Where an app is meant that knows nothing of the path its site is at.
 *
 * Pure. Runs in the service worker and the shell, and, as its own text, in the page script
 * (`build/pagescript.py`), whose files are no modules: so it uses its arguments alone.
 */

/**
 * On a site below `/some/path/`, `/static/x.css` means the app's own.
 *
 * @param {URL} url
 * @param {URL} root the site's
 * @returns {URL} inside the site; the same when it was, or when it is of another origin
 */
export function inside(url, root) {
  if (url.origin !== root.origin || url.pathname.startsWith(root.pathname)) return url;
  const moved = new URL(url);
  const isRoot = `${url.pathname}/` === root.pathname;
  moved.pathname = isRoot ? root.pathname : root.pathname.slice(0, -1) + url.pathname;
  return moved;
}
