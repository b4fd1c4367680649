/**
 * The shell: the top document of every tab. It boots the runtime and shows how that goes, owns
 * the frame, and keeps the service worker and the host in touch.
 *
 * Runs in the window. It holds no request and no answer: those never pass through here.
 */

import { AssetError, Assets } from "../shared/assets.js";
import { Site } from "../shared/site.js";
import { Frame } from "./frame.js";
import { Host } from "./host.js";
import { missingRequirement } from "./requirements.js";
import { setState, showFailure, showProgress } from "./screen.js";
import { Service, ServiceFailure } from "./service.js";
import { TabSession } from "./session.js";
import { makeSnapshotWhenIdle } from "./snapshots.js";

/** @import { Announcement, Entry, Failure, SwToShell } from "../protocol.js" */

/** Firefox ends an idle service worker after 30 s, with the streams that it carries. */
const PING_MS = 10_000;

const site = Site.of(import.meta.url);

/** Boot the runtime and show the app. Called once by the shell's document. */
export async function start() {
  const missing = missingRequirement();
  if (missing) return showFailure(missing);
  try {
    await new Shell().run();
  } catch (error) {
    showFailure(asFailure(error));
  }
}

class Shell {
  /** @type {Service | undefined} */
  #service;
  /** @type {Entry | undefined} */
  #entry;
  #session = new TabSession(site, () => this.#frame.look());
  #hostReady = false;
  #opened = false;
  /** The browser itself brings the frame back, as Firefox does after a reload. */
  #restored = false;
  #pinging = 0;

  #host = new Host(
    site,
    (message) => this.#onAnnouncement(message),
    () => this.#offerHost(),
    (message) => showFailure({ stage: "asset", message, detail: "" }),
  );

  #frame = new Frame(site, {
    shown: () => {
      setState("ready");
      void makeSnapshotWhenIdle(site);
    },
    moved: (referrer) => {
      this.#session.loaded(referrer);
      this.#service?.send({ type: "tabcorn.sw.ping" });
    },
  });

  async run() {
    // Where nothing was installed before, this build is the one: Python may start at once.
    const first = !(await Service.isInstalled(site));
    if (first) this.#host.connect();
    this.#service = await Service.start(site);
    this.#service.listen((message) => this.#onSwMessage(message));
    if (!first) this.#host.connect();
    const { entry, restored } = await this.#service.takeEntry();
    this.#restored = restored;
    this.#entry = this.#session.recall(entry);
    this.#offerHost();
    this.#openWhenReady();
    addEventListener("pageshow", ({ persisted }) => persisted && this.#return());
    void this.#followDevServer();
  }

  /** @param {Announcement} message */
  #onAnnouncement(message) {
    switch (message.type) {
      case "tabcorn.booting":
        return showProgress(message.step, message.loaded, message.total);
      case "tabcorn.logged":
        return message.lines.forEach(({ text }) => console.log(text));
      case "tabcorn.session":
        this.#session.name = message.session;
        return;
      case "tabcorn.failed":
        return showFailure(message.failure);
      case "tabcorn.ready":
        this.#hostReady = true;
        performance.mark("tabcorn.ready", { detail: message.from });
        this.#openWhenReady();
    }
  }

  /** @param {SwToShell} message */
  #onSwMessage(message) {
    switch (message.type) {
      case "tabcorn.host.wanted":
        return this.#offerHost();
      case "tabcorn.entry.answered":
        if (!message.document) this.#frame.show();
        return;
      case "tabcorn.sw.streaming":
        return this.#keepAwake(message.open);
    }
  }

  /** @param {boolean} streaming said again and again while there is more to stream */
  #keepAwake(streaming) {
    if (streaming && this.#pinging) return;
    clearInterval(this.#pinging);
    const ping = () => this.#service?.send({ type: "tabcorn.sw.ping" });
    this.#pinging = streaming ? setInterval(ping, PING_MS) : 0;
  }

  #offerHost() {
    if (!this.#service) return;
    const port = this.#host.attach(this.#session.name);
    if (port) this.#service.send({ type: "tabcorn.sw.host", port }, [port]);
  }

  #openWhenReady() {
    const entry = this.#entry;
    if (!this.#hostReady || !entry || !this.#service || this.#opened) return;
    this.#opened = true;
    if (TabSession.cameOutOfItself(entry) && !("navigation" in window)) this.#frame.confine();
    if (this.#session.resends && !this.#restored && !mayResend(entry)) return;
    this.#service.putEntry(entry).then(
      (restored) => this.#frame.open(restored ? undefined : entry.url, this.#session.windowName),
      (error) => showFailure(asFailure(error)),
    );
  }

  /** From the back/forward cache: what the host does not know any more is loaded anew. */
  async #return() {
    if (!(await this.#host.isKnown())) location.reload();
  }

  /** Under `tabcorn serve`, each new build is loaded as soon as it is there. */
  async #followDevServer() {
    const { dev } = await new Assets(site).manifest();
    if (!dev) return;
    const events = new EventSource(new URL("_tabcorn/dev/events", site.root));
    events.addEventListener("build", ({ data }) => {
      if (data !== site.build) void this.#service?.switchToNewest();
    });
  }
}

/**
 * A form is sent again with the user's consent, as browsers do.
 *
 * @param {Entry} entry
 */
function mayResend({ body }) {
  const detail = "";
  if (body === undefined) {
    const message = "The form was too large to be kept. Go back to it and send it from there.";
    showFailure({ stage: "form", message, detail });
  } else if (confirm("This page is the answer to a form. To show it again, the form has to be sent again.")) {
    return true;
  } else {
    showFailure({ stage: "form", message: "The form was not sent again.", detail });
  }
  return false;
}

/**
 * @param {unknown} error
 * @returns {Failure}
 */
function asFailure(error) {
  if (error instanceof ServiceFailure) return error.failure;
  if (error instanceof AssetError) return { stage: "asset", message: error.message, detail: "" };
  const { message, stack = "" } = /** @type {Error} */ (error);
  return { stage: "runtime", message, detail: stack };
}
