/**
 * Cookies on their way between documents and the host: nothing may overtake them.
 *
 * Runs in the service worker. A script's write reaches it as a message, and may be behind the
 * navigation that was started after it: so a navigation first asks all documents for theirs.
 */

import { after } from "../shared/promises.js";

/** @import { CookieState, WriteCookies } from "../protocol.js" */
/** @import { Link } from "./link.js" */

/** A document answers in a ms or two; one that computes, is frozen or is going away does not. */
const PATIENCE_MS = 100;
/** The one that asks for something is alive, and on a busy machine late. */
const SETTLED_MS = 1000;

/**
 * @typedef {object} Page
 * @property {string} id
 * @property {string} frameType
 * @property {(message: unknown, transfer: Transferable[]) => void} postMessage
 */

export class PageCookies {
  /** Documents whose scripts have set cookies. @type {Set<string>} */
  #writers = new Set();

  /**
   * @param {Link} link
   * @param {() => Promise<readonly Page[]>} allPages
   */
  constructor(link, allPages) {
    this.link = link;
    this.allPages = allPages;
  }

  /**
   * What a script has set goes to the host, before any request that comes later.
   *
   * @param {WriteCookies} message
   * @param {string} client whose script has set it
   */
  async forward({ document, writes }, client) {
    this.#writers.add(client);
    const connection = await this.link.connection();
    connection.send({ type: "tabcorn.cookies.write", document, writes });
  }

  /**
   * Before a request of a document: what its script has set first. By `fetch` and XMLHttpRequest it
   * waits in the page (page/cookieorder.js), all else may be faster than the script's message. Who
   * never sets cookies is not asked, so that its images do not wait for a script that computes.
   *
   * @param {string} client
   * @param {Pick<Request, "destination" | "headers">} request
   */
  async settle(client, { destination, headers }) {
    const isEventSource = headers.get("accept") === "text/event-stream";
    if (isEventSource || (destination !== "" && this.#writers.has(client))) await this.flush(client, SETTLED_MS);
  }

  /**
   * Get from documents what their scripts have set, and hand it on.
   *
   * @param {string} [client] the only one to ask
   * @param {number} [patience] ms
   */
  async flush(client, patience = PATIENCE_MS) {
    const all = await this.allPages();
    const pages = all.filter(({ id, frameType }) => frameType === "nested" && (client ?? id) === id);
    const answers = pages.map(async (page) => {
      const written = await ask(page, { type: "tabcorn.cookies.flush" });
      if (written?.writes.length > 0) await this.forward(written, page.id);
    });
    await Promise.race([Promise.all(answers), after(patience)]);
  }

  /**
   * Let a document see what an answer has changed before it sees the answer.
   *
   * @param {Page} page
   * @param {Pick<CookieState, "version" | "sight">} state
   */
  async show(page, { version, sight }) {
    const message = { type: "tabcorn.cookies.state", version, sight, written: undefined };
    await Promise.race([ask(page, message), after(PATIENCE_MS)]);
  }
}

/**
 * @param {Page} page
 * @param {object} message
 * @returns {Promise<any>}
 */
function ask(page, message) {
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise((resolve) => (port1.onmessage = ({ data }) => resolve(data)));
  page.postMessage({ ...message, reply: port2 }, [port2]);
  return answer;
}
