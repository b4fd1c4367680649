/**
 * The host: the one worker of a site in which Python and the app live, shared by all tabs.
 *
 * Runs as a SharedWorker, or as a dedicated worker of one tab where there is no SharedWorker.
 * It boots at once, serves the ports it is given, and ends when the last tab has gone.
 */

import { Site } from "../shared/site.js";
import { Announcer } from "./announcer.js";
import { boot, BootFailure } from "./boot.js";
import { Cookies } from "./cookies.js";
import { Gateway } from "./gateway.js";
import { Lines } from "./lines.js";
import { Outbox } from "./outbox.js";
import { outside } from "./outside.js";
import { passwords } from "./passwords.js";
import { Disk } from "./persistence/disk.js";
import { scheduling } from "./schedule.js";
import { Sockets } from "./sockets.js";

/** @import { Attach } from "../protocol.js" */

/** A reload leaves no tab for a moment, and the host should outlive it where it can. */
const GRACE_MS = 3000;

const site = Site.of(import.meta.url);
const host = crypto.randomUUID();
const outbox = new Outbox();
const gateway = new Gateway(host, site.build, outbox);
const sockets = new Sockets(site, gateway);
const lines = new Lines(site, host, sockets, gateway);
gateway.onPage = (message) => lines.connectPage(message);
const announcer = new Announcer(site, watchShell);
const cookies = new Cookies(site, host, {
  outbox,
  call: (call) => gateway.call(call),
  nameSession: (session) => announcer.nameSession(session),
  warn: (line) => announcer.log("stderr", line),
});
gateway.cookies = () => cookies.state;
gateway.onCookieWrite = (message) => cookies.write(message);

/** @type {Set<string>} */
const shells = new Set();
/** @type {any} */
let bridge;
/** @type {Disk | undefined} */
let disk;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let ending;

listen();
void start();

async function start() {
  try {
    const booted = await boot(site, observer(), {
      ...gateway.sink,
      ...cookies.sink,
      ...sockets.sink,
      outside,
      passwords,
      ...scheduling(navigator.userAgent),
    });
    bridge = booted.bridge;
    await cookies.open(bridge);
    gateway.open(bridge);
    announcer.announce({ type: "tabcorn.ready", host, from: booted.from });
    void booted.packs.complete();
  } catch (error) {
    const { failure } = /** @type {BootFailure} */ (error);
    gateway.close(failure.message);
    announcer.announce({ type: "tabcorn.failed", failure });
    end(); // so that "Try again" starts a new one
  }
}

/** @returns {import("./boot.js").Observer} */
function observer() {
  return {
    progress: (step, loaded, total) =>
      announcer.announce({ type: "tabcorn.booting", step, loaded, total }),
    stdout: (line) => announcer.log("stdout", line),
    stderr: (line) => announcer.log("stderr", line),
    manifest: (manifest) => {
      if (manifest.dev) announcer.relayToTerminal();
      if (manifest.persist.length > 0) disk = keepFiles(manifest.persist);
    },
    mounted: async (FS) => disk?.mount(FS),
  };
}

/**
 * @param {string[]} paths
 * @returns {Disk} whose files are stored before anything that could tell of them is sent
 */
function keepFiles(paths) {
  const kept = new Disk(site.fileDatabase, host, paths, {
    warn: (line) => announcer.log("stderr", line),
    replaced: (reason) => gateway.close(reason),
  });
  outbox.store = () => kept.store();
  return kept;
}

/** A dedicated worker hears its tab on the global object, a SharedWorker on a port for each. */
function listen() {
  const receive = (/** @type {MessageEvent<Attach>} */ { data }) => {
    if (data.type !== "tabcorn.attach") return;
    watchShell(data.shell); // it may have opened before this host could hear it
    cookies.attach(data.session);
    gateway.attach(data.port);
  };
  if ("onconnect" in globalThis) {
    /** @type {SharedWorkerGlobalScope} */ (/** @type {unknown} */ (globalThis)).onconnect = (
      event,
    ) => {
      /** @type {MessagePort} */ (event.ports[0]).onmessage = receive;
    };
  } else {
    globalThis.onmessage = receive;
  }
}

/**
 * A shell holds its lock for as long as it lives, however it ends.
 *
 * @param {string} shell
 */
function watchShell(shell) {
  clearTimeout(ending);
  if (shells.has(shell)) return;
  shells.add(shell);
  void navigator.locks.request(site.shellLock(shell), () => {
    shells.delete(shell);
    if (shells.size === 0) ending = setTimeout(stop, GRACE_MS);
  });
}

async function stop() {
  announcer.fallSilent();
  gateway.close("The app is shutting down.");
  await bridge?.stop();
  await disk?.store();
  end();
}

function end() {
  announcer.fallSilent();
  setTimeout(() => globalThis.close()); // what was posted goes out first
}
