/**
 * Tell every tab what the host is doing: the boot's state, and what the app prints.
 *
 * Runs in the host worker. A tab that opens later is told the present state and the last lines.
 * Under `tabcorn serve` lines also go to the terminal.
 */

/** @import { Announcement, Booting, Failed, Line, Ready } from "../protocol.js" */
/** @import { Site } from "../shared/site.js" */

const REMEMBERED_LINES = 500;
/** So long after lines were sent, others gather: to send each costs every tab more than its request. */
const GATHER_MS = 100;

export class Announcer {
  #channel;
  /** @type {Booting | Ready | Failed} */
  #state = { type: "tabcorn.booting", step: "download", loaded: 0, total: 0 };
  /** @type {Line[]} */
  #lines = [];
  /** Not sent yet. @type {Line[]} */
  #gathered = [];
  #sent = -GATHER_MS;
  #silent = false;
  /** @type {DevTerminal | undefined} */
  #terminal;

  /**
   * @param {Site} site
   * @param {(shell: string) => void} onShell a tab has opened
   */
  constructor(site, onShell) {
    this.site = site;
    this.#channel = new BroadcastChannel(site.announcements);
    this.#channel.onmessage = ({ data }) => {
      if (data.type !== "tabcorn.shell.opened") return;
      this.#welcome(data.shell);
      onShell(data.shell);
    };
    this.#post({ type: "tabcorn.host.started" });
  }

  /** Say no more: whoever asks now should find the host that comes after this one. */
  fallSilent() {
    this.#sendLines();
    this.#silent = true;
    this.#channel.close();
  }

  /** @param {Booting | Ready | Failed} state */
  announce(state) {
    this.#sendLines();
    this.#state = state;
    this.#post(state);
  }

  /**
   * @param {Line["stream"]} stream
   * @param {string} text
   */
  log(stream, text) {
    const line = { stream, text };
    this.#lines.push(line);
    if (this.#lines.length > REMEMBERED_LINES) this.#lines.shift();
    this.#gathered.push(line);
    const wait = this.#sent + GATHER_MS - performance.now();
    if (wait <= 0) this.#sendLines(); // also when Python computes for long after it
    else if (this.#gathered.length === 1) setTimeout(() => this.#sendLines(), wait);
  }

  #sendLines() {
    const lines = this.#gathered.splice(0);
    if (lines.length === 0) return;
    this.#sent = performance.now();
    this.#post({ type: "tabcorn.logged", shell: undefined, lines });
    for (const line of lines) this.#terminal?.print(line);
  }

  /**
   * Tabs remember which session they are in, also over a reload that ends this host.
   *
   * @param {string} session
   */
  nameSession(session) {
    this.#post({ type: "tabcorn.session", session });
  }

  /** From now on, and from the first line on, lines go to the terminal of `tabcorn serve`. */
  relayToTerminal() {
    this.#sendLines();
    this.#terminal = new DevTerminal(new URL("_tabcorn/dev/log", this.site.root));
    for (const line of this.#lines) this.#terminal.print(line);
  }

  /** @param {string} shell */
  #welcome(shell) {
    this.#sendLines();
    this.#post(this.#state);
    if (this.#lines.length > 0) this.#post({ type: "tabcorn.logged", shell, lines: this.#lines });
  }

  /** @param {Announcement} message */
  #post(message) {
    if (!this.#silent) this.#channel.postMessage(message);
  }
}

/** Sends lines in their order, those that gather while a request is under way in one. */
class DevTerminal {
  /** @type {{ stream: string, text: string }[]} */
  #queue = [];
  #sending = false;

  /** @param {URL} url */
  constructor(url) {
    this.url = url;
  }

  /** @param {Line} line */
  print({ stream, text }) {
    const last = this.#queue.at(-1);
    if (last?.stream === stream) last.text += `\n${text}`;
    else this.#queue.push({ stream, text });
    if (!this.#sending) void this.#drain();
  }

  async #drain() {
    this.#sending = true;
    for (let next = this.#queue.shift(); next; next = this.#queue.shift()) {
      try {
        await fetch(this.url, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(next),
        });
      } catch {
        // The terminal was closed; the tab goes on without it.
      }
    }
    this.#sending = false;
  }
}
