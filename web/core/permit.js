/**
 * The signed permit (Permit): its shape, the letters of its lines, and the bytes that a device signs.
 *
 * Quantities are strings in one spelling (FORMAT.md 1). Days are `YYYY-MM-DD` in the Party's zone, times whole seconds
 * since 1970 UTC. The Appendix is a number 0..3 (0: not listed). Absent values are null.
 *
 * @typedef {import("./bytes.js").Bytes} Bytes
 *
 * @typedef {{readonly name: string, readonly country: string}} TokenParty
 *
 * @typedef {{readonly country: string, readonly document: string | null, readonly date: string | null}} TokenSource
 *
 * Marks that are too long for the token: their number of characters, and the first 16 bytes of SHA-256 of the text.
 * @typedef {{readonly count: number, readonly digest: Bytes}} MarksDigest
 *
 * One signed line.
 * @typedef {object} TokenLine
 * @property {string} taxon
 * @property {number} appendix
 * @property {string} source
 * @property {string} term
 * @property {string} quantity
 * @property {string | null} unit null: number of specimens
 * @property {string | MarksDigest | null} marks
 * @property {TokenSource | null} origin
 * @property {TokenSource | null} lastReexport
 * @property {string | null} operation
 *
 * The content of one token (one page). `lines`: this page's only. `page`: [page, pages], null for a single page.
 * @typedef {object} Permit
 * @property {string} issuer
 * @property {string} number
 * @property {string} kind
 * @property {TokenParty} exporter
 * @property {TokenParty} importer
 * @property {string} purpose
 * @property {readonly TokenLine[]} lines
 * @property {Bytes} recordDigest 16 bytes
 * @property {Bytes} cti 16 bytes
 * @property {number} issuedAt
 * @property {number} expiresAt
 * @property {string} statusUri
 * @property {number} statusIdx
 * @property {string | null} stamp
 * @property {readonly [number, number] | null} page
 */

import { utf8 } from "./bytes.js";
import { Invalid } from "./errors.js";
import { compareText, loneSurrogate } from "./text.js";

export const LINES_AT_MOST = 60;
export const LINES_A_PAGE = 4; // Conf. 12.3 Annex 2: rows A-D
export const APPENDIX_NAMES = ["0", "I", "II", "III"];
const DEPTH = 12; // nesting allowed in what a device signs

/**
 * The letter of a line: 0 -> A, 25 -> Z, 26 -> AA (block 14 names lines by letter).
 *
 * @param {number} index
 * @returns {string}
 */
export function lineLetter(index) {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : String.fromCharCode(64 + Math.floor(index / 26)) + last;
}

/**
 * The canonical JSON (RFC 8785) of a record or of what a device signs. Allowed: objects, strings, booleans, null, whole
 * numbers, arrays. Throws `Invalid` for anything else.
 *
 * @param {unknown} record
 * @returns {Bytes}
 */
export function recordBytes(record) {
  return utf8(canonical(record, DEPTH));
}

/** @param {unknown} value @param {number} depth @returns {string} */
function canonical(value, depth) {
  if (typeof value === "boolean" || value === null || (typeof value === "number" && Number.isSafeInteger(value))) {
    return String(value);
  }
  if (typeof value === "string" && !loneSurrogate(value)) return JSON.stringify(value);
  if (depth > 0 && Array.isArray(value)) return `[${value.map((item) => canonical(item, depth - 1)).join(",")}]`;
  if (depth > 0 && isPlain(value)) {
    const names = Object.keys(value).sort(compareText);
    return `{${names.map((name) => `${canonical(name, 0)}:${canonical(value[name], depth - 1)}`).join(",")}}`;
  }
  throw new Invalid({ field: "record", code: "json", detail: "No record has such a value." });
}

/**
 * True for a plain object, as JSON or a literal makes it.
 *
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
function isPlain(value) {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
