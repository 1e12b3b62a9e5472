/** The eight characters beside the number: they prove that who types the number has seen the page (FORMAT.md 1). */

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; // Crockford's base 32
const TYPED_AT_MOST = 40;

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
