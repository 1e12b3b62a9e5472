/** The eight characters beside the number: they prove that who types the number has seen the page (FORMAT.md 1). */

import { concat, sha256, toInt, utf8 } from "./bytes.js";

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; // Crockford's base 32
const PREFIX = utf8("tamga-check-v1");
const TYPED_AT_MOST = 40;

/**
 * `XXXX-XXXX`: the first 40 bits of SHA-256("tamga-check-v1" || cti of page 1).
 *
 * @param {Uint8Array} cti
 * @returns {Promise<string>}
 */
export async function checkCode(cti) {
  const bits = toInt((await sha256(concat(PREFIX, cti))).subarray(0, 5));
  const letters = Array.from({ length: 8 }, (_, at) => ALPHABET[Number((bits >> BigInt(35 - 5 * at)) & 31n)]).join("");
  return `${letters.slice(0, 4)}-${letters.slice(4)}`;
}

/**
 * As printed, from what a person typed (case, hyphen and blanks do not matter); null if it can be none.
 *
 * @param {string} typed
 * @returns {string | null}
 */
export function normalCheckCode(typed) {
  if (typed.length > TYPED_AT_MOST || !/^[\0-\x7f]*$/.test(typed)) return null;
  const letters = typed.toUpperCase().replace(/[- ]/g, "").replaceAll("O", "0").replace(/[IL]/g, "1");
  if (letters.length !== 8 || [...letters].some((letter) => !ALPHABET.includes(letter))) return null;
  return `${letters.slice(0, 4)}-${letters.slice(4)}`;
}
