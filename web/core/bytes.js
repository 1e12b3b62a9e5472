/**
 * Operations on bytes that Uint8Array lacks: compare, concatenate, convert to hex and base64url, hash.
 *
 * @typedef {Uint8Array<ArrayBuffer>} Bytes
 */

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** @param {Uint8Array} one @param {Uint8Array} other @returns {boolean} */
export function equalBytes(one, other) {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

/**
 * Compare bytewise, the shorter first: negative, 0 or positive as `one` sorts before, with or after `other`.
 *
 * @param {Uint8Array} one
 * @param {Uint8Array} other
 * @returns {number}
 */
export function compareBytes(one, other) {
  const shared = Math.min(one.length, other.length);
  for (let at = 0; at < shared; at++) if (one[at] !== other[at]) return one[at] - other[at];
  return one.length - other.length;
}

/** @param {...(Uint8Array | readonly number[])} parts @returns {Bytes} */
export function concat(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** @param {Uint8Array} data @returns {string} */
export function toHex(data) {
  let text = "";
  for (const byte of data) text += HEX[byte];
  return text;
}

/**
 * Convert hex to bytes. Throws a RangeError for anything else: only our own constants and responses are converted.
 *
 * @param {string} text
 * @returns {Bytes}
 */
export function fromHex(text) {
  if (!/^(?:[0-9a-f]{2})*$/i.test(text)) throw new RangeError("not hex");
  return Uint8Array.from({ length: text.length / 2 }, (_, at) => parseInt(text.slice(2 * at, 2 * at + 2), 16));
}

/**
 * The unsigned big-endian integer of these bytes.
 *
 * @param {Uint8Array} data
 * @returns {bigint}
 */
export function toInt(data) {
  return data.length ? BigInt(`0x${toHex(data)}`) : 0n;
}

/**
 * The base64url form without padding (RFC 4648 s. 5).
 *
 * @param {Uint8Array} data
 * @returns {string}
 */
export function base64url(data) {
  return btoa(String.fromCharCode(...data)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/**
 * The UTF-8 bytes of a text. Half of a surrogate pair has no UTF-8: check for one with `text.loneSurrogate` first.
 *
 * @param {string} text
 * @returns {Bytes}
 */
export function utf8(text) {
  return new TextEncoder().encode(text);
}

/** @param {Bytes} data @returns {Promise<Bytes>} */
export async function sha256(data) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", data));
}
