/**
 * Where a script can be put into an HTML document so that it is the first to run, and that without
 * it the document is what it was: its tree, its mode, its text nodes.
 *
 * Pure. That is after all that a parser takes before the first content of `head`: white space,
 * comments, doctypes, end tags that mean nothing there, the tags of `html` and `head` (HTML,
 * 13.2.6.4.1 to 13.2.6.4.3). It is read character by character, in those of the tokenizer's states
 * (13.2.5) that tell where such a token ends.
 */

/** Start tags that are passed over; the place is after `head`, and before any other. */
const PASSED_STARTS = ["html", "head"];
/** End tags that are not, since they open what they end. */
const MEANT_ENDS = ["head", "body", "html", "br"];

/**
 * - `pass`: what has been read so far comes before the place
 * - `hold`: the token that is being read may come before the place or after it
 * - `before`: the place is before that token
 * - `after`: the place is after this character
 * - `never`: there is none, and nothing that could run
 *
 * @typedef {"pass" | "hold" | "before" | "after" | "never"} Told
 */

/** @typedef {Record<string, Record<string, string>>} States */

/**
 * What follows on a character, on one of a class (`space`, `letter`), or on any other.
 *
 * @type {States}
 */
const STATES = {
  text: { space: "text", "<": "open", other: "before" },
  open: { "!": "declaration", "/": "close", "?": "bogus", letter: "startName", other: "before" },
  close: { ">": "text", letter: "endName", other: "bogus" },

  // A doctype ends with its first ">", within quotes too, as a bogus comment does.
  declaration: { "-": "declarationDash", ">": "text", other: "bogus" },
  declarationDash: { "-": "commentStart", ">": "text", other: "bogus" },
  bogus: { ">": "text", other: "bogus" },
  commentStart: { "-": "commentStartDash", ">": "text", other: "comment" },
  commentStartDash: { "-": "commentEnd", ">": "text", other: "comment" },
  comment: { "-": "commentDash", other: "comment" },
  commentDash: { "-": "commentEnd", other: "comment" },
  commentEnd: { ">": "text", "!": "commentBang", "-": "commentEnd", other: "comment" },
  commentBang: { "-": "commentDash", ">": "text", other: "comment" },

  startName: { other: "startName" },
  endName: { other: "endName" },
  attributes: { space: "attributes", "/": "attributes", ">": "text", other: "attribute" },
  attribute: { space: "afterName", "/": "attributes", ">": "text", "=": "beforeValue", other: "attribute" },
  afterName: { space: "afterName", "/": "attributes", ">": "text", "=": "beforeValue", other: "attribute" },
  beforeValue: { space: "beforeValue", '"': "double", "'": "single", ">": "text", other: "unquoted" },
  double: { '"': "attributes", other: "double" },
  single: { "'": "attributes", other: "single" },
  unquoted: { space: "attributes", ">": "text", other: "unquoted" },
};

const UNDECIDED = new Set(["open", "close", "startName", "endName"]);

export class Prologue {
  #state = "text";
  /** Of the tag that was begun last. */
  #name = "";

  /**
   * @param {string} character a UTF-16 unit, or a byte of an encoding that has ASCII's
   * @returns {Told}
   */
  read(character) {
    const c = character.toLowerCase();
    this.#state = this.#next(c);
    if (this.#state === "before") return "before";
    if (this.#state === "text" && c === ">" && this.#name === "head") return "after";
    return UNDECIDED.has(this.#state) ? "hold" : "pass";
  }

  /**
   * Nothing follows. What is inside a comment or a tag that never ends, nothing can follow.
   *
   * @returns {Told}
   */
  end() {
    return this.#state === "text" || UNDECIDED.has(this.#state) ? "before" : "never";
  }

  /** @param {string} c */
  #next(c) {
    const naming = this.#state.endsWith("Name");
    if (naming && /[\t\n\f\r />]/.test(c)) return this.#named(c);
    const next = follow(STATES, this.#state, c);
    if (next === "open") this.#name = "";
    if (next.endsWith("Name")) this.#name += c;
    const passed = PASSED_STARTS.some((name) => name.startsWith(this.#name));
    return next === "startName" && !passed ? "before" : next;
  }

  /** @param {string} c what follows a name, and is read like what follows an attribute */
  #named(c) {
    const known = this.#state === "startName" ? PASSED_STARTS : MEANT_ENDS;
    const passed = known.includes(this.#name) === (this.#state === "startName");
    return passed ? follow(STATES, "attributes", c) : "before";
  }
}

/**
 * @param {States} states
 * @param {string} state
 * @param {string} c
 * @returns {string}
 */
export function follow(states, state, c) {
  const row = states[state] ?? {};
  const space = /[\t\n\f\r ]/.test(c) ? row["space"] : undefined;
  const letter = /[a-z]/.test(c) ? row["letter"] : undefined;
  return row[c] ?? space ?? letter ?? /** @type {string} */ (row["other"]);
}
