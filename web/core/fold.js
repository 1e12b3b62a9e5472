// A name as it sounds, in one small alphabet: what Latin, English, Russian and Kyrgyz spellings of it have in common.
// For finding only. As chalicelib/species/model/name_search.py, which numbers the steps; held to the same vectors (names.json).

const MARKS = /[\u0300-\u036f]/g;
const CYRILLIC = "абвгдезийклмнопрстуфхыэ";
const LATIN = "abvgdeziiklmnoprstufhie";
/** @type {Map<string, string>} */
const LETTERS = new Map([
  ...[...CYRILLIC].map((letter, at) => /** @type {[string, string]} */ ([letter, LATIN[at]])),
  .../** @type {[string, string][]} */ (
    Object.entries({ ж: "j", ц: "ts", ч: "ch", ш: "sh", щ: "sh", ю: "iu", я: "ia", ъ: "", ь: "" })
  ),
  .../** @type {[string, string][]} */ (
    Object.entries({ ө: "o", ү: "u", ң: "ng", ұ: "u", қ: "k", ғ: "g", һ: "h", ә: "a", і: "i" })
  ),
  .../** @type {[string, string][]} */ (
    Object.entries({ æ: "ae", ø: "o", ß: "ss", ł: "l", đ: "d", ı: "i", œ: "oe", "'": "", "’": "", ʼ: "", "`": "" })
  ),
]);
const OTHER = /[^a-z0-9]+/g;
/** @type {Record<string, string>} the longer ones first */
const PAIRS = { shch: "S", sch: "S", sh: "S", ch: "C", zh: "j", dj: "j", kh: "h", ph: "f", th: "t", rh: "r", ck: "k" };
const PAIR = new RegExp(Object.keys(PAIRS).join("|"), "g");
/** @type {Record<string, string>} */
const ALIKE = { c: "k", q: "k", w: "v", y: "i", x: "ks" };
const TWICE = /(.)\1+/g;

/** Words of `a-z`, `0-9`, `S` (sh) and `C` (ch) with one space between. @param {string} text @returns {string} */
export function fold(text) {
  const plain = text.normalize("NFKD").toLowerCase().replace(MARKS, ""); // 1
  const latin = [...plain].map((letter) => LETTERS.get(letter) ?? letter).join("").replace(OTHER, " ").trim(); // 2
  const paired = latin.replace(PAIR, (found) => PAIRS[found]); // 3
  return paired.replace(/[cqwyx]/g, (letter) => ALIKE[letter]).replace(TWICE, "$1"); // 4, 5
}
