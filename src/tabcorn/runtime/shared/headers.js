/**
 * Header lists in their two shapes: pairs on the wire, one flat string at Python's border.
 *
 * Runs anywhere. A line break can occur in no header, so it may separate names and values; one
 * string crosses into Python many times faster than nested lists do.
 */

/** @import { HeaderPairs } from "../protocol.js" */

/**
 * @param {HeaderPairs} pairs
 * @returns {string} "name\nvalue\nname\nvalue"
 */
export function flatten(pairs) {
  return pairs.map(([name, value]) => `${name}\n${value}`).join("\n");
}

/**
 * @param {string} flat
 * @returns {HeaderPairs}
 */
export function unflatten(flat) {
  /** @type {HeaderPairs} */
  const pairs = [];
  if (flat === "") return pairs;
  const lines = flat.split("\n");
  for (let i = 0; i + 1 < lines.length; i += 2) {
    pairs.push([/** @type {string} */ (lines[i]), /** @type {string} */ (lines[i + 1])]);
  }
  return pairs;
}

/**
 * The first value of a header, or the empty string.
 *
 * @param {HeaderPairs} pairs
 * @param {string} name in lower case
 */
export function first(pairs, name) {
  return pairs.find(([key]) => key === name)?.[1] ?? "";
}
