/** Text: forbidden characters, words, and order by code points. */

// FORMAT.md 1: C0, DEL, C1, U+061C, U+200B-200F, U+2028-202E, U+2060-2069, U+FEFF, lone surrogates.
const FORBIDDEN =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]/u;
const LONE = /[\ud800-\udfff]/u;
// White space as in Python's str.split(). JavaScript's \s has U+FEFF and lacks U+001C-001F and U+0085.
const WHITE = /[\t-\r\u001c-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/u;

/**
 * True if the text contains a control, direction or invisible character, or half of a surrogate pair.
 *
 * @param {string} text
 * @returns {boolean}
 */
export function forbiddenCharacters(text) {
  return FORBIDDEN.test(text);
}

/**
 * True if the text contains half of a surrogate pair, which has no UTF-8.
 *
 * @param {string} text
 * @returns {boolean}
 */
export function loneSurrogate(text) {
  return LONE.test(text);
}

/**
 * Split at white space as Python does.
 *
 * @param {string} text
 * @returns {string[]}
 */
export function words(text) {
  return text.split(WHITE).filter((word) => word !== "");
}

/**
 * Compare by code points, as Python and UTF-8 do: negative, 0 or positive as `one` sorts before, with or after `other`.
 * JavaScript's `<` compares UTF-16 units.
 *
 * @param {string} one
 * @param {string} other
 * @returns {number}
 */
export function compareText(one, other) {
  const [left, right] = [[...one], [...other]];
  for (let at = 0; at < Math.min(left.length, right.length); at++) {
    if (left[at] !== right[at]) return codeAt(left[at]) - codeAt(right[at]);
  }
  return left.length - right.length;
}

/** @param {string} character @returns {number} */
function codeAt(character) {
  return character.codePointAt(0) ?? 0;
}
