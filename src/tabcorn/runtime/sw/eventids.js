/**
 * Which Last-Event-ID an event stream leaves behind (HTML, 9.2.6, "Interpreting an event stream").
 *
 * Pure. Only the field `id` and the blank lines matter here; all other lines are let go.
 */

/** Longer ids are not sent anyway; a line without an end must not cost memory. */
const LONGEST_LINE = 64 * 1024;

export class LastEventId {
  #decoder = new TextDecoder();
  #line = "";
  #afterCr = false;
  /** What the next blank line makes the last id. */
  #buffer;

  /** @param {string} value of the stream before, or empty */
  constructor(value) {
    this.value = value;
    this.#buffer = value;
  }

  /** @param {Uint8Array<ArrayBuffer>} bytes the next of the stream */
  read(bytes) {
    let text = this.#decoder.decode(bytes, { stream: true });
    if (text === "") return;
    if (this.#afterCr && text.startsWith("\n")) text = text.slice(1);
    this.#afterCr = text.endsWith("\r");
    const [begun = "", ...others] = text.split(/\r\n|\r|\n/);
    this.#continue(begun);
    for (const line of others) {
      this.#endLine();
      this.#continue(line);
    }
  }

  /** @param {string} text */
  #continue(text) {
    const line = this.#line + text.slice(0, LONGEST_LINE);
    this.#line = /^id(?::|$)|^i?$/.test(line) ? line.slice(0, LONGEST_LINE) : "-";
  }

  #endLine() {
    const line = this.#line;
    this.#line = "";
    if (line === "") this.value = this.#buffer;
    if (!/^id(?::|$)/.test(line)) return;
    const id = line.slice(3).replace(/^ /, "");
    if (!id.includes("\0")) this.#buffer = id;
  }
}
