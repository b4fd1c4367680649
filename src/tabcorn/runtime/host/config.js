/**
 * What the server is started with: the builder's part, and what only the site's address tells.
 *
 * Runs in the host worker and in the worker that makes a snapshot.
 */

/** @import { Manifest } from "../shared/assets.js" */
/** @import { Site } from "../shared/site.js" */

/**
 * @param {Site} site
 * @param {Manifest} manifest
 * @returns {object} the fields of `tabcorn.server.config.Config`
 */
export function serverConfig(site, manifest) {
  const scheme = site.root.protocol.slice(0, -1);
  const port = Number(site.root.port) || (scheme === "https" ? 443 : 80);
  return {
    ...manifest.app,
    root_path: site.rootPath,
    scheme,
    server: [site.root.hostname, port],
  };
}
