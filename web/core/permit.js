/**
 * What was signed (Permit), and what was asked for (its record): shapes, letters of lines, the record's digest.
 *
 * Quantities are strings in one spelling (FORMAT.md 1), days `YYYY-MM-DD` in the Party's zone, times whole seconds
 * since 1970 UTC, the Appendix a number 0..3 (0: not listed). What is absent is null.
 *
 * @typedef {import("./bytes.js").Bytes} Bytes
 *
 * @typedef {{readonly name: string, readonly country: string}} TokenParty
 *
 * @typedef {{readonly country: string, readonly document: string | null, readonly date: string | null}} TokenSource
 *
 * Marks too long for the token: how many characters, and the first 16 bytes of SHA-256 of the text.
 * @typedef {{readonly count: number, readonly digest: Bytes}} MarksDigest
 *
 * One line as it is signed.
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
 * What one token (one page) says. `lines` are this page's only; `page` is [page, pages], null for a single page.
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
 *
 * What was asked for, as far as a print shows what no token says.
 * @typedef {object} Application
 * @property {Party} exporter
 * @property {Party} importer
 * @property {readonly Line[]} lines
 * @property {string | null} transportDocument
 *
 * @typedef {{readonly name: string | null, readonly address: string | null}} Party
 *
 * @typedef {object} Line
 * @property {string | null} commonName
 * @property {string | null} description
 * @property {string | null} marks
 * @property {string | null} source
 */

import { sha256, toHex, utf8 } from "./bytes.js";
import { Invalid } from "./errors.js";
import { compareText, loneSurrogate } from "./text.js";

export const LINES_AT_MOST = 60;
export const LINES_A_PAGE = 4; // Conf. 12.3 Annex 2: rows A-D
export const APPENDIX_NAMES = ["0", "I", "II", "III"];
const DEPTH = 12; // of a record or of what a device signs

const RECORD = [
  "document_type", "valid_until", "exporter", "importer", "special_conditions", "purpose", "stamp_number", "form",
  "lines", "transport_document", "import_permit", "retrospective",
];
const PARTY = ["name", "address", "country", "name_local", "address_local"];
const LINE = [
  "scientific_name", "common_name", "description", "marks", "appendix", "kingdom", "source", "term", "quantity", "unit",
  "origin", "last_reexport", "operation_or_acquisition",
];

/**
 * 0 -> A, 25 -> Z, 26 -> AA (block 14 names lines by letter).
 *
 * @param {number} index
 * @returns {string}
 */
export function lineLetter(index) {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : String.fromCharCode(64 + Math.floor(index / 26)) + last;
}

/**
 * A record as an application. Throws `Invalid` for a record of a shape that this version does not know.
 *
 * @param {unknown} record plain JSON data
 * @returns {Application}
 */
export function fromRecord(record) {
  const fields = known(record, RECORD);
  if (fields.lines !== undefined && !Array.isArray(fields.lines)) throw strange();
  return {
    exporter: party(fields.exporter),
    importer: party(fields.importer),
    lines: (fields.lines ?? []).map(line),
    transportDocument: text(fields.transport_document),
  };
}

/** @param {unknown} value @returns {Party} */
function party(value) {
  const fields = value === undefined ? {} : known(value, PARTY);
  return { name: text(fields.name), address: text(fields.address) };
}

/** @param {unknown} value @returns {Line} */
function line(value) {
  const fields = known(value, LINE);
  if (fields.appendix !== undefined && !APPENDIX_NAMES.includes(String(fields.appendix))) throw strange();
  const { common_name: commonName, description, marks, source } = fields;
  return { commonName: text(commonName), description: text(description), marks: text(marks), source: text(source) };
}

/** @param {unknown} value @param {readonly string[]} names @returns {Readonly<Record<string, unknown>>} */
function known(value, names) {
  if (!isPlain(value) || !Object.keys(value).every((name) => names.includes(name))) throw strange();
  return value;
}

/** @param {unknown} value @returns {string | null} */
function text(value) {
  if (value !== undefined && typeof value !== "string") throw strange();
  return value ?? null;
}

/** @returns {Invalid} */
function strange() {
  return new Invalid({ field: "record", code: "record", detail: "No record of this version." });
}

/**
 * The RFC 8785 form of a record or of what a device signs: names and strings, booleans, null, whole numbers, arrays.
 * Throws `Invalid` for anything else.
 *
 * @param {unknown} record
 * @returns {Bytes}
 */
export function recordBytes(record) {
  return utf8(canonical(record, DEPTH));
}

/**
 * SHA-256 of the record's RFC 8785 bytes, 64 hex digits (FORMAT.md 1).
 *
 * @param {unknown} record
 * @returns {Promise<string>}
 */
export async function recordDigest(record) {
  return toHex(await sha256(recordBytes(record)));
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
 * An object as JSON or a literal makes it.
 *
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
export function isPlain(value) {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
