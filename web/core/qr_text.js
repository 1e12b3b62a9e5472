/**
 * Decode the text of the QR code: `https://<host>/1#` and the token as decimal digits (FORMAT.md 2).
 *
 *     https://practice.tamga.kg/1#09223372036854775...
 *
 * Every 7 bytes become 17 digits, the last k = 1..6 bytes 3, 5, 8, 10, 13, 15. Leading zeros are kept. Seven bytes
 * exceed an exact number in JavaScript, so groups are BigInt.
 *
 * @typedef {import("./bytes.js").Bytes} Bytes
 */

import { DecodeError } from "./errors.js";

const WIDTHS = [0, 3, 5, 8, 10, 13, 15, 17]; // digits for 0..7 bytes
const TEXT_AT_MOST = 5038; // characters
const FORM = /^https:\/\/([A-Za-z0-9.-]{1,253})\/1#/;
const LIKE_OURS = /^[Hh][Tt][Tt][Pp][Ss]?:\/\/[^/]*\/1#/;

/**
 * The lower-case host of a text in our form. Throws `DecodeError`: T4 for another kind of code; for a text that is too
 * long, T3 if it begins like ours, else T4.
 *
 * @param {string} text
 * @returns {string}
 */
export function hostOf(text) {
  if (longerThan(text, TEXT_AT_MOST)) {
    const start = [...text.slice(0, 600)].slice(0, 300).join("");
    throw new DecodeError(LIKE_OURS.test(start) ? "T3" : "T4", 1, "The code is too long.");
  }
  const match = FORM.exec(text);
  if (match === null) throw new DecodeError("T4", 1, "The text is not a code of a Tamga permit.");
  return match[1].toLowerCase();
}

/**
 * The token of a text that `hostOf` accepted. Throws `DecodeError` T3.
 *
 * @param {string} text
 * @returns {Bytes}
 */
export function tokenOf(text) {
  const number = text.slice(text.indexOf("#") + 1);
  if (!/^[0-9]+$/.test(number)) throw damaged("the part after # has other characters than digits");
  const rest = WIDTHS.indexOf(number.length % 17);
  if (rest < 0) throw damaged("the number of digits after # is not possible");
  const token = new Uint8Array(Math.floor(number.length / 17) * 7 + rest);
  for (let from = 0, at = 0; at < token.length; from += 17, at += 7) {
    put(token.subarray(at, at + 7), BigInt(number.slice(from, from + 17)));
  }
  return token;
}

/**
 * Remove one trailing CR, LF or blank, which hand-held scanners add. Only pages call this, not the checks.
 *
 * @param {string} text
 * @returns {string}
 */
export function stripKeyboardSuffix(text) {
  return /[\r\n ]$/.test(text) ? text.slice(0, -1) : text;
}

/** @param {Uint8Array} group @param {bigint} value */
function put(group, value) {
  for (let at = group.length - 1; at >= 0; at--, value >>= 8n) group[at] = Number(value & 255n);
  if (value > 0n) throw damaged("a group of digits is above its highest value");
}

/**
 * True if the text has more than `limit` characters. A character is a code point, as everywhere in FORMAT.md.
 *
 * @param {string} text
 * @param {number} limit
 * @returns {boolean}
 */
function longerThan(text, limit) {
  return text.length > limit && (text.length > 2 * limit || [...text].length > limit);
}

/** @param {string} detail @returns {DecodeError} */
function damaged(detail) {
  return new DecodeError("T3", 2, `The code is damaged: ${detail}.`);
}
