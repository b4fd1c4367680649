/**
 * Where a script can be put into an XML document: behind the root element's start tag.
 *
 * Pure. Before it there may be a declaration, comments, processing instructions and a doctype with
 * declarations of its own (XML 1.0, 2.8). Scripts are elements of XHTML or SVG: a root that names
 * neither is data, which browsers show in views of their own, and is left alone; so is what a
 * stylesheet is going to transform.
 */

import { follow } from "./prologue.js";

/** @import { States, Told } from "./prologue.js" */

const SCRIPTED = /\sxmlns(?::[^\s=]+)?\s*=\s*["']http:\/\/www\.w3\.org\/(?:1999\/xhtml|2000\/svg)["']/;
const TRANSFORMED = /<\?xml-stylesheet\s[^]*?\btype\s*=\s*["'](?:text|application)\/(?:xsl|xml|xslt\+xml)["']/;

/** @type {States} */
const STATES = {
  text: { space: "text", "<": "open", other: "never" },
  open: { "!": "declaration", "?": "instruction", other: "root" },
  instruction: { "?": "instructionEnd", other: "instruction" },
  instructionEnd: { ">": "text", "?": "instructionEnd", other: "instruction" },
  declaration: { "-": "declarationDash", other: "doctype" },
  declarationDash: { "-": "comment", other: "doctype" },
  comment: { "-": "commentDash", other: "comment" },
  commentDash: { "-": "commentEnd", other: "comment" },
  commentEnd: { ">": "text", "-": "commentEnd", other: "comment" },

  doctype: { '"': "doctypeDouble", "'": "doctypeSingle", "[": "subset", ">": "text", other: "doctype" },
  doctypeDouble: { '"': "doctype", other: "doctypeDouble" },
  doctypeSingle: { "'": "doctype", other: "doctypeSingle" },
  subset: { "]": "doctype", '"': "subsetDouble", "'": "subsetSingle", "<": "subsetOpen", other: "subset" },
  subsetDouble: { '"': "subset", other: "subsetDouble" },
  subsetSingle: { "'": "subset", other: "subsetSingle" },
  subsetOpen: { "!": "subsetDeclaration", "?": "subsetInstruction", other: "subset" },
  subsetInstruction: { "?": "subsetInstructionEnd", other: "subsetInstruction" },
  subsetInstructionEnd: { ">": "subset", "?": "subsetInstructionEnd", other: "subsetInstruction" },
  subsetDeclaration: { "-": "subsetDash", '"': "subsetDouble", "'": "subsetSingle", other: "subset" },
  subsetDash: { "-": "subsetComment", other: "subset" },
  subsetComment: { "-": "subsetCommentDash", other: "subsetComment" },
  subsetCommentDash: { "-": "subsetCommentEnd", other: "subsetComment" },
  subsetCommentEnd: { ">": "subset", "-": "subsetCommentEnd", other: "subsetComment" },

  root: { '"': "double", "'": "single", "/": "empty", ">": "after", other: "root" },
  double: { '"': "root", other: "double" },
  single: { "'": "root", other: "single" },
  empty: { ">": "never", other: "root" },
};

export class XmlPrologue {
  #state = "text";
  #read = "";

  /**
   * @param {string} character
   * @returns {Told}
   */
  read(character) {
    this.#state = follow(STATES, this.#state, character);
    this.#read += character;
    if (this.#state === "never") return "never";
    if (this.#state !== "after") return "pass";
    const root = this.#read.slice(this.#read.lastIndexOf("<"));
    return SCRIPTED.test(root) && !TRANSFORMED.test(this.#read) ? "after" : "never";
  }

  /** @returns {Told} */
  end() {
    return "never";
  }
}
