/** Bytes that came in pieces. */

/**
 * @param {Uint8Array[]} parts
 * @returns {Uint8Array<ArrayBuffer>} a copy of them, one behind the other
 */
export function joined(parts) {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  parts.reduce((at, part) => (whole.set(part, at), at + part.length), 0);
  return whole;
}
