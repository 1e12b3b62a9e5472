/**
 * Which text stands in which block of the printed form; the blocks are described in chalicelib/core/printed_form.py.
 *
 * @typedef {import("./codes.js").Code} Code
 * @typedef {import("./permit.js").Permit} Permit
 * @typedef {import("./permit.js").TokenLine} TokenLine
 * @typedef {import("./permit.js").TokenSource} TokenSource
 * @typedef {import("./zoneinfo.js").Zone} Zone
 * @typedef {Map<string, string>} Blocks
 */

import * as codes from "./codes.js";
import { ORIGINS } from "./countries.js";
import { APPENDIX_NAMES, lineLetter } from "./permit.js";
import { dayIn } from "./stage.js";
import { words } from "./text.js";

export const ROWS = ["A", "B", "C", "D"];
const MONTHS = [
  "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
  "December",
];
const NOT_LISTED = "not listed";
export const CONTINUED = "[continued]"; // ends a block whose text goes on, whole, on a continuation sheet
const SHORTENED = "…"; // ends a name that the token had to shorten (FORMAT.md 1)

/**
 * What one token says, as it is printed on its page: block name -> text. `zone`: the Party's.
 *
 * Blocks without a value are left out, and so are marks that the token holds as a digest only.
 *
 * @param {Permit} permit
 * @param {Zone} zone
 * @returns {Blocks}
 */
export function formBlocks(permit, zone) {
  const [number, of] = permit.page ?? [1, 1];
  const blocks = new Map([
    ["1", permit.number],
    ["kind", codes.kindOf(permit.kind).en.toUpperCase()],
    ["2", dayInWords(dayIn(permit.expiresAt - 1, zone))],
    ["3", permit.importer.name],
    ["3a", country(permit.importer.country)],
    ["4", permit.exporter.name],
    ["4-country", country(permit.exporter.country)],
    ["5a", named(permit.purpose, codes.PURPOSES)],
    ["13", dayInWords(dayIn(permit.issuedAt, zone))],
    ["page", `Page ${number} of ${of}`],
  ]);
  if (permit.stamp !== null) blocks.set("5b", permit.stamp);
  for (const [at, line] of permit.lines.entries()) put(blocks, ROWS[at], signedRow(line));
  return blocks;
}

/**
 * What the record adds on the page that carries its lines `start` .. `start + count - 1` (counted from 0).
 *
 * Full names and marks replace what a token had to shorten.
 *
 * @param {import("./permit.js").Application} application
 * @param {number} start
 * @param {number} count
 * @returns {Blocks}
 */
export function recordBlocks({ importer, exporter, lines, transportDocument }, start, count) {
  /** @type {Blocks} */
  const blocks = new Map();
  put(blocks, "", {
    "3": importer.name,
    "3-address": importer.address,
    "4": exporter.name,
    "4-address": exporter.address,
    "15": transportDocument,
  });
  for (let at = 0; at < Math.min(count, ROWS.length); at++) {
    const { commonName, marks, description, source } = lines[start + at];
    const meanings = [...(source ?? "")].flatMap((code) => codes.SOURCES.get(code)?.en ?? []);
    const described = { "8": commonName, "9m": marks, "9d": description, "10s": meanings.join("; ") };
    put(blocks, ROWS[at], { line: lineLetter(start + at), ...described });
  }
  return blocks;
}

/** @param {Blocks} into @param {string} row @param {Record<string, string | null>} texts */
function put(into, row, texts) {
  for (const [name, text] of Object.entries(texts)) if (text) into.set(name + row, text);
}

/**
 * Whether a block read off a page says what it should. White space does not count; a text that says of itself that it
 * is shortened, in the token or on the page, is compared as a beginning.
 *
 * @param {string} printed
 * @param {string} expected
 * @returns {boolean}
 */
export function sameText(printed, expected) {
  const [seen, meant] = [words(printed).join(""), words(expected).join("")];
  if (seen.endsWith(CONTINUED)) {
    const start = seen.slice(0, -CONTINUED.length);
    return start !== "" && meant.startsWith(start);
  }
  if (meant.endsWith(SHORTENED) && !seen.endsWith(SHORTENED)) return seen.startsWith(meant.slice(0, -SHORTENED.length));
  return seen === meant;
}

/**
 * In full, as blocks 3a, 4, 12 and 12a ask for: `United Arab Emirates (AE)`.
 *
 * @param {string} code
 * @returns {string}
 */
export function country(code) {
  const name = ORIGINS.get(code);
  return name === undefined ? code : `${name} (${code})`;
}

/**
 * So that nothing can be written before or behind it: `=== 2 === no.`
 *
 * @param {string} amount
 * @param {string | null} unit
 * @returns {string}
 */
export function quantity(amount, unit) {
  return `=== ${amount} === ${codes.UNITS.get(unit ?? codes.NUMBER)?.symbol ?? unit}`;
}

/**
 * `2026-05-04` -> `4 May 2026`: no two countries read it differently.
 *
 * @param {string} day
 * @returns {string}
 */
export function dayInWords(day) {
  const [year, month, number] = day.split("-");
  return `${Number(number)} ${MONTHS[Number(month) - 1]} ${year}`;
}

/** @param {string} code @param {ReadonlyMap<string, Code>} table @returns {string} */
function named(code, table) {
  const known = table.get(code);
  return known === undefined ? code : `${code} ${known.en}`; // a later version's code stands alone
}

/** @param {TokenLine} line @returns {Record<string, string | null>} */
function signedRow(line) {
  const appendix = line.appendix ? APPENDIX_NAMES[line.appendix] : NOT_LISTED;
  return {
    "7-8": line.taxon,
    "9": named(line.term, codes.TERMS),
    "9m": typeof line.marks === "string" ? line.marks : null,
    "10": `${appendix} ${line.source}`,
    "11": quantity(line.quantity, line.unit),
    "12": source(line.origin),
    "12a": source(line.lastReexport),
    "12b": line.operation,
  };
}

/** @param {TokenSource | null} found @returns {string | null} */
function source(found) {
  if (found === null) return null;
  const date = found.date === null ? null : dayInWords(found.date);
  return [country(found.country), found.document, date].filter((part) => part).join(" · ");
}
