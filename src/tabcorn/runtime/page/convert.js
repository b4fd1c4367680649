/**
 * Page script: what a page gives to a WebSocket, as what the WebSocket takes.
 *
 * Pure; runs in the app's documents and workers. Source: Web IDL, "JavaScript type mapping", for
 * the types that the WebSockets Standard names.
 */

/**
 * @param {unknown} value
 * @returns {string[]} of `(DOMString or sequence<DOMString>)`
 */
const toProtocols = (value) => {
  if (value === undefined) return [];
  const isObject = (typeof value === "object" && value !== null) || typeof value === "function";
  const iterate = isObject ? /** @type {any} */ (value)[Symbol.iterator] : undefined;
  return iterate == null ? [`${value}`] : toStrings(Reflect.apply(iterate, value, []));
};

/**
 * Unlike a loop of JavaScript's, this does not tell the iterator when one of its values is wrong.
 *
 * @param {any} iterator
 */
const toStrings = (iterator) => {
  const { next } = iterator;
  const strings = [];
  for (;;) {
    const { done, value } = Reflect.apply(next, iterator, []);
    if (done) return strings;
    strings.push(`${value}`);
  }
};

/**
 * @param {any} value a BigInt is an error
 * @returns {number} of `[Clamp] unsigned short`
 */
const toClampedShort = (value) => {
  const number = Math.min(Math.max(+value, 0), 65535) || 0;
  if (quirks.truncates) return Math.trunc(number);
  const floor = Math.floor(number);
  const half = number - floor === 0.5;
  return half ? floor + (floor % 2) : Math.round(number);
};

/** @param {unknown} value */
const toUSVString = (value) => {
  const text = `${value}`;
  return text.isWellFormed?.() ? text : new TextDecoder("utf-8", { ignoreBOM: true }).decode(new TextEncoder().encode(text));
};

/**
 * Whether a value is of a class, of whatever window: its getters only work on instances.
 *
 * @param {object} prototype
 * @param {string} getter
 * @param {unknown} value
 */
const has = (prototype, getter, value) => {
  const { get } = /** @type {PropertyDescriptor} */ (Object.getOwnPropertyDescriptor(prototype, getter));
  try {
    get?.call(value);
    return true;
  } catch {
    return false;
  }
};

/** @param {unknown} value @returns {value is Blob} */
const isBlob = (value) => has(Blob.prototype, "size", value);

/** @param {unknown} value one exists without isolation, too, though its class is not a global */
const isShared = (value) => Object.prototype.toString.call(value) === "[object SharedArrayBuffer]";

/**
 * @param {any} value
 * @returns {string | ArrayBuffer | Blob} of `(BufferSource or Blob or USVString)`, copied
 */
const toMessage = (value) => {
  if (isBlob(value)) return value;
  if (ArrayBuffer.isView(value)) return copyOf(value.buffer, value.byteOffset, value.byteLength);
  const isBuffer = has(ArrayBuffer.prototype, "byteLength", value) || isShared(value);
  return isBuffer ? copyOf(value, 0, value.byteLength) : toUSVString(value);
};

/**
 * @param {any} buffer
 * @param {number} offset
 * @param {number} length zero when it was transferred away
 * @returns {ArrayBuffer}
 */
const copyOf = (buffer, offset, length) => {
  if (isShared(buffer)) throw new TypeError("The buffer must not be shared.");
  if (buffer.resizable) throw new TypeError("The buffer must not be resizable.");
  return length === 0 ? new ArrayBuffer(0) : buffer.slice(offset, offset + length);
};

/** @param {string} text */
const utf8Length = (text) => {
  let length = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    // Each half of a surrogate pair stands for two of its four bytes.
    if (unit >= 0x80) length += unit < 0x800 || (unit & 0xf800) === 0xd800 ? 1 : 2;
  }
  return length;
};

/** @param {string | ArrayBuffer | Blob} data */
const sizeOf = (data) => {
  if (typeof data === "string") return utf8Length(data);
  return isBlob(data) ? data.size : data.byteLength;
};

/**
 * RFC 6455, 5.2.
 *
 * @param {number} length
 * @returns {number} bytes that a frame of a browser's has besides its content
 */
const frameOverhead = (length) => {
  if (length < 126) return 6;
  return length < 65536 ? 8 : 14;
};
