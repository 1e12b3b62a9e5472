/** The check code: eight characters beside the number. They prove that the typist has seen the page (FORMAT.md 1). */

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; // Crockford's base 32
const TYPED_AT_MOST = 40;

/**
 * Convert a typed check code to the printed form (case, hyphen and blanks do not matter); null if it cannot be one.
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
