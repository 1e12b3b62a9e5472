// Search a list for names that resemble the typed one, best match first. The steps are numbered as in
// chalicelib/species/model/name_search.py, which explains them. Both pass the same vectors (names.json).

export const PARENTS_AT_MOST = 4; // of a hybrid
const WORDS_AT_MOST = 6;
const LETTERS_AT_MOST = 40;
const BEGINNINGS_AT_MOST = 500;
const LOOKED_AT = 300;
const [EXACT, BEGINS, SLIP] = [0, 1, 4];

const CROSS = ["x", "х", "χ", "hybrid", "hybrids", "hybr.", "hybr", "hyb.", "hyb"];

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
const NOT_ASCII = /[^\0-\x7f]/;
/** @type {Record<string, string>} the longer ones first */
const PAIRS = { shch: "S", sch: "S", sh: "S", ch: "C", zh: "j", dj: "j", kh: "h", ph: "f", th: "t", rh: "r", ck: "k" };
const PAIR = new RegExp(Object.keys(PAIRS).join("|"), "g");
/** @type {Record<string, string>} */
const ALIKE = { c: "k", q: "k", w: "v", y: "i", x: "ks" };
const TWICE = /(.)\1+/g;

/**
 * Fold a name to its sound: words of `a-z`, `0-9`, `S` (sh) and `C` (ch) with one space between. Latin, English,
 * Russian and Kyrgyz spellings of one name give the same words. For search only, never to compare names.
 *
 * @param {string} text @returns {string}
 */
export function fold(text) {
  const paired = plainly(text).replace(PAIR, (found) => PAIRS[found]); // 3
  return paired.replace(/[cqwyx]/g, (letter) => ALIKE[letter]).replace(TWICE, "$1"); // 4, 5
}

/** Steps 1 and 2: plain words, with one space between. @param {string} text */
const plainly = (text) => (NOT_ASCII.test(text) ? inLatin(text) : text.toLowerCase().replace(/['`]/g, "")).replace(OTHER, " ").trim();

/** The first two steps for other text than ASCII. @param {string} text */
function inLatin(text) {
  const plain = text.normalize("NFKD").toLowerCase().replace(MARKS, ""); // 1
  return [...plain].map((letter) => LETTERS.get(letter) ?? letter).join(""); // 2
}

/** Words on each side of a hybrid's cross signs, in lower case; one list for other names. @param {string} name @returns {string[][]} */
export function crossed(name) {
  /** @type {string[][]} */
  const parts = [[]];
  for (const word of name.replaceAll(/[×✕✖/&+]/g, " x ").replaceAll(/[()]/g, " ").toLowerCase().split(/\s+/).filter(Boolean)) {
    if (CROSS.includes(word)) parts.push([]);
    else parts[parts.length - 1].push(word);
  }
  return parts;
}

/** The words of each parent of a hybrid; a repeated parent appears once. @param {string} name @returns {string[][]} */
export const parents = (name) => {
  const each = crossed(name).filter((words) => words.length);
  return each.filter((words, at) => each.findIndex((other) => other.join(" ") === words.join(" ")) === at);
};

/** @typedef {[entry: number, place: number]} Found  index of the entry, and of the name that matched */

export class NameSearch {
  /** @type {[number, number, string][]} index of the entry, index of the name, the folded name */
  #names = [];
  /** @type {string[]} the same names as written */
  #spelt = [];
  /** @type {Map<string, number[]>} word -> names that contain it */
  #having = new Map();
  /** @type {string[]} */
  #words;
  /** @type {Map<string, number[]> | undefined} three letters -> words that contain them, made for the first misspelled word */
  #sharing;

  /** @param {Iterable<string[]>} entries the names of each */
  constructor(entries) {
    let entry = 0;
    for (const names of entries) {
      names.forEach((name, place) => {
        const folded = fold(name);
        for (const word of new Set(folded.split(" "))) if (word) push(this.#having, word, this.#names.length);
        this.#names.push([entry, place, folded]);
        this.#spelt.push(name);
      });
      entry += 1;
    }
    this.#words = [...this.#having.keys()].sort();
  }

  /** The best `limit` entries, each once, with its best name. @param {string} text @param {number} [limit] @returns {Found[]} */
  find(text, limit = 20) {
    const typed = fold(text).split(" ").filter(Boolean);
    const wanted = typed.slice(0, WORDS_AT_MOST).map((word) => word.slice(0, LETTERS_AT_MOST)); // 1
    if (!wanted.length) return [];
    let found = this.#fitting(wanted.map((word) => this.#beginning(word))); // 2, 3
    if (!found.size) found = this.#fitting(wanted.map((word) => new Map([...this.#resembling(word), ...this.#beginning(word)]))); // 4
    const whole = wanted.join(" ");
    /** @type {Map<number, number[]>} */
    const best = new Map();
    for (const [number, cost] of found) {
      const [entry, place, name] = this.#names[number];
      const start = name === whole ? 0 : name.startsWith(whole) ? 1 : 2;
      const key = [cost, start, name.split(" ").length, entry, place, number];
      const before = best.get(entry);
      if (!before || inOrder(key, before) < 0) best.set(entry, key);
    }
    let ordered = [...best.values()].sort(inOrder); // 5
    const plain = plainly(text).split(" ");
    const words = (/** @type {number[]} */ key) => plainly(this.#spelt[key[5]]).split(" ");
    const exact = (/** @type {number[]} */ key) => !key[0] && plain.every((each) => words(key).includes(each));
    const begins = (/** @type {number[]} */ key) => plain.every((each) => words(key).some((word) => word.startsWith(each)));
    if (ordered.some(exact)) ordered = ordered.filter((key) => !key[0] || begins(key)); // 6
    return ordered.slice(0, limit).map((key) => [key[3], key[4]]);
  }

  /** Names with a word for each typed one -> the sum of their words' costs. @param {Map<string, number>[]} costs */
  #fitting(costs) {
    /** @type {Map<number, number>} */
    let found = new Map();
    costs.forEach((words, typed) => {
      /** @type {Map<number, number>} */
      const here = new Map();
      for (const [word, cost] of words) {
        for (const number of this.#having.get(word) ?? []) {
          if ((!typed || found.has(number)) && cost < (here.get(number) ?? Infinity)) here.set(number, cost);
        }
      }
      for (const [number, cost] of here) here.set(number, cost + (found.get(number) ?? 0));
      found = here;
    });
    return found;
  }

  /** @param {string} typed @returns {Map<string, number>} */
  #beginning(typed) {
    const words = new Map();
    const first = this.#place(typed);
    for (const word of this.#words.slice(first, first + BEGINNINGS_AT_MOST)) {
      if (!word.startsWith(typed)) break;
      words.set(word, word === typed ? EXACT : BEGINS);
    }
    return words;
  }

  /** Index of a word in the sorted words, or the index at which to insert it. @param {string} typed */
  #place(typed) {
    let [low, high] = [0, this.#words.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#words[middle] < typed) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #letterGroups() {
    /** @type {Map<string, number[]>} */
    const sharing = new Map();
    this.#words.forEach((word, number) => grams(word).forEach((gram) => push(sharing, gram, number)));
    return sharing;
  }

  /** @param {string} typed @returns {Map<string, number>} */
  #resembling(typed) {
    const words = new Map();
    const slips = typed.length < 4 ? 0 : typed.length < 8 ? 1 : 2;
    if (!slips) return words;
    /** @type {Map<number, number>} */
    const shared = new Map();
    const sharing = (this.#sharing ??= this.#letterGroups());
    for (const gram of grams(typed)) {
      for (const number of sharing.get(gram) ?? []) shared.set(number, (shared.get(number) ?? 0) + 1);
    }
    const enough = Math.max(1, typed.length - 4 * slips);
    const likely = [...shared]
      .filter(([, count]) => count >= enough)
      .map(([number, count]) => [-count, Math.abs(this.#words[number].length - typed.length), number])
      .sort(inOrder);
    for (const [, , number] of likely.slice(0, LOOKED_AT)) {
      const { apart, begins } = distances(typed, this.#words[number], slips);
      if (Math.min(apart, begins) <= slips) words.set(this.#words[number], Math.min(SLIP * apart, SLIP * begins + BEGINS));
    }
    return words;
  }
}

/**
 * Edit distances of `typed` to the word (`apart`) and to the nearest beginning of the word (`begins`). An edit inserts,
 * leaves out, changes or swaps letters. Exact up to `most`. @param {string} typed @param {string} word @param {number} most
 */
export function distances(typed, word, most) {
  const [far, end] = [most + 1, word.length];
  const nothing = () => /** @type {number[]} */ (Array(end + 1).fill(far));
  let [earlier, before] = [nothing(), nothing()];
  let row = nothing().map((_, at) => Math.min(at, far));
  for (let i = 1; i <= typed.length; i += 1) {
    [earlier, before, row] = [before, row, nothing()];
    if (i <= most) row[0] = i;
    for (let j = Math.max(1, i - most); j <= Math.min(end, i + most); j += 1) {
      row[j] = Math.min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (typed[i - 1] === word[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && typed[i - 1] === word[j - 2] && typed[i - 2] === word[j - 1]) row[j] = Math.min(row[j], earlier[j - 2] + 1);
    }
    if (Math.min(...row) > most && Math.min(...before) > most) return { apart: far, begins: far };
  }
  return { apart: row[end], begins: Math.min(...row) };
}

/** Each letter of the word with the two before it. @param {string} word */
const grams = (word) => [...word].map((_, at) => `  ${word}`.slice(at, at + 3));

/** @param {number[]} one @param {number[]} other */
function inOrder(one, other) {
  const at = one.findIndex((value, place) => value !== other[place]);
  return at < 0 ? 0 : one[at] - other[at];
}

/** @param {Map<string, number[]>} table @param {string} name @param {number} number */
function push(table, name, number) {
  const held = table.get(name);
  if (held) held.push(number);
  else table.set(name, [number]);
}
