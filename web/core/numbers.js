/**
 * Numbers on paper: of the paper register, and of other Parties' permits.
 *
 *     normaliseNumber("№ kg–0001 / 2025")  -> "KG-0001/2025"    the spelling to show
 *     identity("KG 0001 25")               -> "KG1-2025"        the key to find and compare numbers by
 *     formOf("CZ", "23CZ034504")           -> "known"           the country is known to use this form
 *
 * `identity` ignores differences between look-alike letters, O and 0, I or L and 1, Cyrillic Ze and 3, separators,
 * leading zeros, "N" or "No" in front, and two or four digits of a year at the end. Two numbers that a person could
 * confuse have one identity, so that a used paper cannot be presented again under another spelling. A number that reads
 * like one of Tamga (`26KG000045/E`, FORMAT.md 1) has that number as its identity. With more text behind it, it reads
 * as the same number or as none. A form proves nothing: an unusual one is a reason to look twice.
 */

import { NUMBER_FORM } from "./claims.js";
import { Invalid } from "./errors.js";
import { FORMS, RECOMMENDED } from "./generated/foreign_numbers.js";
import { forbiddenCharacters, words } from "./text.js";

const LENGTH = 35; // characters; the limit of the WCO data model, as in FORMAT.md 1
// Cyrillic capitals, Russian and Kyrgyz, that look like a Latin one (Unicode TR 39, confusables).
const ALIKE = pairs("АВЕЁКМНОӨРСТУҮХІЅЈ", "ABEEKMHOOPCTYYXISJ");
// Letters typed for a digit; and Г, which looks like no Latin letter, for the G of the country's code.
const SAME = pairs("OILЗГ", "0113G");
const DASHES = /[\u2010-\u2015\u2212\u2043\ufe58\ufe63\uff0d_]/g;
const FORM = /^[A-ZА-ЯҢ0-9](?:[A-ZА-ЯҢ0-9./-]*[A-ZА-ЯҢ0-9])?$/;
// Separators may stand between the parts, never inside the serial. Six digits in front of a letter are the whole serial:
// else `26KG000001/I/1` reads as 26KG000011/I.
const LIKE_TAMGA = new RegExp(
  String.raw`^(?:[0O][./-]*)*([0-9OIL][./-]*[0-9OIL])[./-]*([A-ZГ][./-]*[A-ZГ])[./-]*` +
    String.raw`(?:(?![0-9]{6}(?![0-9]))[0O][./-]*)*?([0-9OIL]{1,6})` +
    String.raw`([./-]*[A-Z](?:[./-]*[A-Z])?|(?<=[0-9OIL]{6})[./-]*[01])$`,
);
// A whole number and its ending, with more text behind them that holds no second number.
const BEGINS_AS_TAMGA = new RegExp(
  String.raw`^([0-9]{2})[./-]*([A-ZГ]{2})[./-]*` +
    String.raw`(?!.*[0-9][./-]*[A-ZГ]{2}[./-]*[0-9])([0-9]{6})[./-]*([A-Z]{1,2}(?![A-Z])|[OIL])`,
);
// A number of Tamga's as people type it, with blanks inside the serial: all six digits, and an ending.
const SPACED_TAMGA = /^([0-9]{2})-?([A-ZГ]{2})-?((?:[0-9OIL]-?){5}[0-9])[-/]?([A-Z]{1,2})$/;
const DIGIT = /^[0-9]/;

/**
 * The number in the spelling to show: capitals, look-alike letters Latin, `-` for every dash and blank, no `№`.
 *
 * Throws `Invalid` unless the result has only letters, digits, `.`, `/` and `-`, at most 35 characters, and a digit.
 *
 * @param {string} text
 * @returns {string}
 */
export function normaliseNumber(text) {
  const detail = `Must be a document number such as 26KG000123/E: letters, digits and . / - only, at most ${LENGTH}.`;
  const fault = new Invalid({ field: "number", code: "number", detail });
  if ([...text].length > 4 * LENGTH || forbiddenCharacters(text)) throw fault;
  const plain = text.replace(/[№#]/g, " ").normalize("NFKC");
  const capitals = translated(words(plain).join(" ").replace(DASHES, "-").toUpperCase(), ALIKE);
  const joined = capitals.replace(/ ?([./-]) ?/g, "$1");
  const made = joined.replace(/^NO?[.:]? ?(?=[0-9])/, "").replaceAll(" ", "-");
  if (made.length > LENGTH || !FORM.test(made) || !/[0-9]/.test(made)) throw fault;
  return made;
}

/**
 * The key to find a number by. A number of Tamga is its own key. Throws `Invalid` as `normaliseNumber` does.
 *
 * @param {string} number
 * @returns {string}
 */
export function identity(number) {
  if (NUMBER_FORM.test(number)) return number;
  const shown = normaliseNumber(number);
  let parts = partsOf(shown);
  if (parts[0] === "N" && parts.length > 1) { // "N 117", "N-117", "No 117": the O has become 0
    parts = parts.slice(parts[1] === "0" && DIGIT.test(parts[2] ?? "") ? 2 : 1);
  }
  const tamga = asTamgaNumber(shown) ?? asTamgaNumber(joined(parts));
  if (tamga !== null) return tamga;
  const digits = [...parts.keys()].filter((at) => DIGIT.test(parts[at]));
  const last = digits[digits.length - 1];
  if (digits.length > 1 && parts[last].length === 2 && joined(parts).length <= LENGTH - 2) {
    parts[last] = `20${parts[last]}`; // permits of the last century have expired
  }
  return joined(parts);
}

/**
 * The number of Tamga's form that a person types for a look-up, also `26KG 123 456 E`, or null. For look-ups only:
 * `identity` reads no blank inside a serial. A paper can have the text as its own number.
 *
 * @param {string} text
 * @returns {string | null}
 */
export function readTypedNumber(text) {
  try {
    const meant = identity(text);
    if (NUMBER_FORM.test(meant)) return meant;
    const found = SPACED_TAMGA.exec(normaliseNumber(text));
    return found && asTamgaNumber(found.slice(1).join("").replaceAll("-", ""));
  } catch (error) {
    if (error instanceof Invalid) return null;
    throw error;
  }
}

/**
 * The runs of letters and of digits (without leading zeros) of a written number. Adjacent runs of letters are joined.
 *
 * @param {string} shown
 * @returns {string[]}
 */
function partsOf(shown) {
  /** @type {string[]} */
  const parts = [];
  for (const part of translated(shown, SAME).match(/[0-9]+|[A-ZА-ЯҢ]+/g) ?? []) {
    if (DIGIT.test(part)) parts.push(part.replace(/^0+(?=.)/, ""));
    else if (parts.length > 0 && !DIGIT.test(parts[parts.length - 1])) parts[parts.length - 1] += part;
    else parts.push(part);
  }
  return parts;
}

/** @param {readonly string[]} parts @returns {string} */
function joined(parts) {
  return parts.reduce((made, part) => made + (/[0-9]$/.test(made) && DIGIT.test(part) ? `-${part}` : part), "");
}

/**
 * The number in Tamga's form that a written number may be read as, or null.
 *
 * @param {string} shown
 * @returns {string | null}
 */
function asTamgaNumber(shown) {
  const found = LIKE_TAMGA.exec(shown) ?? BEGINS_AS_TAMGA.exec(shown);
  if (found === null) return null;
  const [year, country, serial, suffix] = found.slice(1).map((part) => part.replace(/[./-]/g, ""));
  const digits = translated(year + serial.padStart(6, "0"), SAME);
  const kind = suffix.replaceAll("0", "O").replaceAll("1", "I");
  return `${digits.slice(0, 2)}${country.replaceAll("Г", "G")}${digits.slice(2)}/${kind}`;
}

/** @param {string} from @param {string} to @returns {ReadonlyMap<string, string>} */
function pairs(from, to) {
  return new Map([...from].map((letter, at) => [letter, to[at]]));
}

/** @param {string} text @param {ReadonlyMap<string, string>} table @returns {string} */
function translated(text, table) {
  return [...text].map((letter) => table.get(letter) ?? letter).join("");
}

/**
 * Compare the form of a number that `normaliseNumber` returned with the known forms of its country.
 *
 * @param {string} country
 * @param {string} number
 * @returns {'known' | 'recommended' | 'unusual' | 'other_country' | 'unknown'}
 */
export function formOf(country, number) {
  const recommended = whole(RECOMMENDED).exec(number);
  const known = FORMS.get(country);
  if (known && whole(known).test(number)) return "known";
  if (recommended) return recommended[1] === country ? "recommended" : "other_country";
  return known ? "unusual" : "unknown";
}

/** @param {string} form */
const whole = (form) => new RegExp(`^(?:${form})$`);
