/**
 * Deterministic CBOR: `decode` accepts exactly the bytes that `encode` writes (RFC 8949 s. 4.2.1).
 *
 * Values: number (an integer that is exact in JavaScript), bigint (any other of -2^64 .. 2^64-1), boolean, string,
 * Uint8Array, Array, and Map with integer or string keys. A Map is used so that no key can reach a prototype. Refused:
 * float, null, tag, indefinite length, duplicate or unsorted key, longer-than-needed integer, trailing byte.
 *
 * @typedef {import("./bytes.js").Bytes} Bytes
 */

import { compareBytes, concat, utf8 } from "./bytes.js";
import { TamgaError } from "./errors.js";
import { loneSurrogate } from "./text.js";

const INT_LIMIT = 1n << 64n;
const [UNSIGNED, NEGATIVE, BYTES, TEXT, ARRAY, MAP] = [0, 1, 2, 3, 4, 5]; // major types, RFC 8949 s. 3.1
const [FALSE, TRUE] = [0xf4, 0xf5];

/** Thrown for bytes that are not deterministic CBOR, and for values that have no encoding. */
export class CborError extends TamgaError {
  static slug = "not-genuine";
  static title = "Not strict CBOR";
}

/**
 * Encode deterministically: shortest heads, keys in the order of their encoded bytes. Throws `CborError`.
 *
 * @param {unknown} value
 * @returns {Bytes}
 */
export function encode(value) {
  if (typeof value === "boolean") return Uint8Array.of(value ? TRUE : FALSE);
  if (typeof value === "number" || typeof value === "bigint") return integer(value);
  if (typeof value === "string") {
    if (loneSurrogate(value)) throw new CborError("no CBOR encoding of the value (a lone surrogate)");
    const text = utf8(value);
    return concat(head(TEXT, text.length), text);
  }
  if (value instanceof Uint8Array) return concat(head(BYTES, value.length), value);
  if (Array.isArray(value)) return concat(head(ARRAY, value.length), ...value.map(encode));
  if (value instanceof Map) return map(value);
  throw new CborError("CBOR value of this type not allowed");
}

/** @param {Map<unknown, unknown>} value @returns {Bytes} */
function map(value) {
  const pairs = [...value].map(([key, item]) => {
    if (!isKey(key)) throw new CborError("CBOR map key is neither an integer nor a text string");
    return { key: encode(key), item: encode(item) };
  });
  pairs.sort((one, other) => compareBytes(one.key, other.key));
  return concat(head(MAP, pairs.length), ...pairs.flatMap(({ key, item }) => [key, item]));
}

/** @param {number | bigint} value @returns {Bytes} */
function integer(value) {
  if (typeof value === "number" && !Number.isSafeInteger(value)) throw new CborError("CBOR integer is not exact");
  const whole = BigInt(value);
  if (whole < -INT_LIMIT || whole >= INT_LIMIT) throw new CborError("CBOR integer outside of 64 bits");
  return whole < 0n ? head(NEGATIVE, -1n - whole) : head(UNSIGNED, whole);
}

/**
 * The shortest head with this argument (RFC 8949 s. 3).
 *
 * @param {number} major
 * @param {number | bigint} argument
 * @returns {Bytes}
 */
function head(major, argument) {
  if (argument < 24) return Uint8Array.of((major << 5) | Number(argument));
  const power = [0x100, 0x10000, 0x1_0000_0000].filter((limit) => argument >= limit).length; // of 1, 2, 4, 8 bytes
  const size = 1 << power;
  const made = new Uint8Array(1 + size);
  made[0] = (major << 5) | (24 + power);
  for (let at = size, rest = BigInt(argument); at > 0; at--, rest >>= 8n) made[at] = Number(rest & 255n);
  return made;
}

/**
 * Decode exactly these bytes. `cap`: maximum number of bytes, checked first. `depth`: maximum nesting of containers,
 * without empty ones.
 *
 * 1 size   2 well-formed, definite, shortest heads, only our types, not too deep   3 keys ascending, so none twice
 * 4 no trailing bytes. Throws `CborError` and nothing else.
 *
 * @param {Uint8Array} data
 * @param {{cap: number, depth: number}} limits
 * @returns {unknown}
 */
export function decode(data, { cap, depth }) {
  if (data.length > cap) throw new CborError(`CBOR of ${data.length} bytes, at most ${cap}`); // 1
  const reader = new Reader(data);
  const value = reader.item(depth); // 2, 3
  if (reader.at !== data.length) throw new CborError("CBOR not in the deterministic encoding (RFC 8949 s. 4.2)"); // 4
  return value;
}

class Reader {
  /** @param {Uint8Array} data */
  constructor(data) {
    this.data = data;
    this.at = 0;
  }

  /** @param {number} depth of containers that may still be opened @returns {unknown} */
  item(depth) {
    const first = this.data[this.at];
    if (first === FALSE || first === TRUE) {
      this.at += 1;
      return first === TRUE;
    }
    const { major, argument } = this.head();
    if (major === UNSIGNED) return argument;
    if (major === NEGATIVE) return exact(-1n - BigInt(argument));
    if (major === BYTES) return this.take(argument).slice();
    if (major === TEXT) return text(this.take(argument));
    if (depth === 0 && argument > 0) throw new CborError("CBOR nested too deeply");
    return major === ARRAY ? this.array(argument, depth - 1) : this.map(argument, depth - 1);
  }

  /** @returns {{major: number, argument: number | bigint}} major type 0..5 and the argument in its shortest head */
  head() {
    const [first] = this.take(1);
    const major = first >> 5;
    const info = first & 31;
    if (major > MAP || info > 27) throw new CborError("CBOR major type or head not allowed");
    if (info < 24) return { major, argument: info };
    let argument = 0n;
    for (const byte of this.take(1 << (info - 24))) argument = (argument << 8n) | BigInt(byte);
    const least = info === 24 ? 24n : 1n << (4n << BigInt(info - 24));
    if (argument < least) throw new CborError("CBOR not in the deterministic encoding (RFC 8949 s. 4.2)");
    return { major, argument: exact(argument) };
  }

  /** @param {number | bigint} count @returns {Uint8Array} */
  take(count) {
    if (count > this.data.length - this.at) throw new CborError("CBOR not well-formed (cut short)");
    const from = this.at;
    this.at += Number(count);
    return this.data.subarray(from, this.at);
  }

  /** @param {number | bigint} count @param {number} depth @returns {unknown[]} */
  array(count, depth) {
    const items = []; // not allocated by the head's count: each item takes a byte, so the data limit the array
    for (let left = BigInt(count); left > 0n; left--) items.push(this.item(depth));
    return items;
  }

  /** @param {number | bigint} count @param {number} depth @returns {Map<number | bigint | string, unknown>} */
  map(count, depth) {
    /** @type {Map<number | bigint | string, unknown>} */
    const found = new Map();
    let last = new Uint8Array(0); // sorts before every key
    for (let left = BigInt(count); left > 0n; left--) {
      const from = this.at;
      const key = this.item(0);
      if (!isKey(key)) throw new CborError("CBOR map key is neither an integer nor a text string");
      const spelled = this.data.slice(from, this.at);
      if (compareBytes(last, spelled) >= 0) throw new CborError("CBOR map keys not in deterministic order (RFC 8949 s. 4.2.1)");
      last = spelled;
      found.set(key, this.item(depth));
    }
    return found;
  }
}

/**
 * A number if that is exact, else the bigint.
 *
 * @param {bigint} value
 * @returns {number | bigint}
 */
function exact(value) {
  const near = Number(value);
  return Number.isSafeInteger(near) ? near : value;
}

/** @param {unknown} value @returns {value is number | bigint | string} */
function isKey(value) {
  return typeof value === "number" || typeof value === "bigint" || typeof value === "string";
}

/** @param {Uint8Array} spelled @returns {string} */
function text(spelled) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(spelled);
  } catch {
    throw new CborError("CBOR not well-formed (not UTF-8)");
  }
}
