// Kyrgyz and Russian Cyrillic in Latin letters, as a proposal for blocks 3 and 4: ICAO Doc 9303-3 section 6.A, the table of
// machine-readable passports, so that a person has the name of their passport. ICAO names no Kyrgyz ң, ө, ү: n, o, u here,
// its nearest letters.

/** @type {Record<string, string>} */
const LATIN = {
  а: "a", б: "b", в: "v", г: "g", д: "d", е: "e", ё: "e", ж: "zh", з: "z", и: "i", й: "i", к: "k", л: "l", м: "m",
  н: "n", ң: "n", о: "o", ө: "o", п: "p", р: "r", с: "s", т: "t", у: "u", ү: "u", ф: "f", х: "kh", ц: "ts", ч: "ch",
  ш: "sh", щ: "shch", ъ: "ie", ы: "y", ь: "", э: "e", ю: "iu", я: "ia",
  "№": "No. ",
};

/** Every other character stays. @param {string} text @returns {string} */
export function transliterated(text) {
  const letters = [...text.normalize("NFC")];
  return letters.map((letter, at) => latin(letter, letters[at + 1] ?? "", letters[at - 1] ?? "")).join("");
}

/** @param {string} letter @param {string} next @param {string} before */
function latin(letter, next, before) {
  const small = letter.toLowerCase();
  const found = LATIN[small];
  if (found === undefined) return letter;
  if (small === letter) return found;
  const shouted = [next, before].some((each) => /\p{Lu}/u.test(each)) && !/\p{Ll}/u.test(next);
  return shouted ? found.toUpperCase() : found.slice(0, 1).toUpperCase() + found.slice(1);
}
