/**
 * Decode the claims of a token as a permit: the wire format of FORMAT.md 1, checked against its schema.
 *
 *     { 1: iss, 4: exp, 6: iat, 7: cti, 65535: {"status_list": {"idx", "uri"}}, -65537: permit }
 *
 * Any key, type or spelling outside the schema is refused, so that a token means the same to every verifier.
 *
 * @typedef {import("./bytes.js").Bytes} Bytes
 * @typedef {import("./permit.js").MarksDigest} MarksDigest
 * @typedef {import("./permit.js").Permit} Permit
 * @typedef {import("./permit.js").TokenLine} TokenLine
 * @typedef {import("./permit.js").TokenParty} TokenParty
 * @typedef {import("./permit.js").TokenSource} TokenSource
 * @typedef {ReadonlyMap<unknown, unknown>} Fields
 *
 * The claims of a payload, not verified yet. Only `verdict.judge` turns them into a Permit.
 * @typedef {{readonly claims: Permit}} UnverifiedPermit
 */

import { utf8 } from "./bytes.js";
import * as cbor from "./cbor.js";
import { KINDS, NUMBER as NO_UNIT } from "./codes.js";
import { isBytes } from "./cose.js";
import { DecodeError } from "./errors.js";
import { LINES_A_PAGE } from "./permit.js";
import { forbiddenCharacters } from "./text.js";
import { day } from "./validity.js";

const [ISS, EXP, IAT, CTI] = [1, 4, 6, 7]; // RFC 8392 s. 3.1
const STATUS = 65535; // Token Status List, CWT claim `status`
const PERMIT = -65537; // private use (RFC 8392 s. 9.1.1)
const [KIND, NUMBER, EXPORTER, IMPORTER, PURPOSE, LINES, STAMP, RECORD, PAGE] = [0, 1, 2, 3, 4, 5, 6, 7, 8];
const [UNIT, MARKS, ORIGIN, LAST_REEXPORT, OPERATION] = [0, 1, 2, 3, 4];

const TIME_MAX = Number.MAX_SAFE_INTEGER; // 2^53 - 1: exact in every language
const PAYLOAD_CAP = 2048;
const DEPTH = 6; // claims, permit, lines, line, extras, source document
const PAGES_AT_MOST = 20;
const COUNTRY_FORM = /^[A-Z]{2}$/;
export const NUMBER_FORM = /^[0-9]{2}[A-Z]{2}[0-9]{6}\/[A-Z]{1,2}$/;
const QUANTITY_FORM = /^(?:0|[1-9][0-9]{0,8})(?:\.[0-9]{0,5}[1-9])?$/;
const CODE3 = /^[A-Z]{3}$/;

const CLAIMS = [ISS, EXP, IAT, CTI, STATUS, PERMIT];
const BODY = [KIND, NUMBER, EXPORTER, IMPORTER, PURPOSE, LINES, RECORD];
const EXTRAS = [UNIT, MARKS, ORIGIN, LAST_REEXPORT, OPERATION];

/**
 * Decode the claims of a payload. Throws `DecodeError` T6 (check 5): signed, but not a permit that this version knows.
 *
 * @param {Uint8Array} payload
 * @returns {UnverifiedPermit}
 */
export function decodeClaims(payload) {
  try {
    return { claims: fromClaims(cbor.decode(payload, { cap: PAYLOAD_CAP, depth: DEPTH })) };
  } catch (error) {
    throw error instanceof cbor.CborError ? unknown(error.detail) : error;
  }
}

/**
 * Check the claims against the schema and build the permit.
 *
 * 1 the claims and their types   2 the permit's keys   3 each field   4 lines   5 pages.
 *
 * @param {unknown} value
 * @returns {Permit}
 */
function fromClaims(value) {
  const claims = keys(value, CLAIMS); // 1
  const status = keys(keys(claims.get(STATUS), ["status_list"]).get("status_list"), ["idx", "uri"]);
  const body = keys(claims.get(PERMIT), BODY, [STAMP, PAGE]); // 2
  const kind = body.get(KIND);
  if (typeof kind !== "string" || !KINDS.has(kind)) throw unknown("kind");
  return { // 3
    issuer: match(claims.get(ISS), COUNTRY_FORM, "iss"),
    number: match(body.get(NUMBER), NUMBER_FORM, "number"),
    kind,
    exporter: party(body.get(EXPORTER)),
    importer: party(body.get(IMPORTER)),
    purpose: text(body.get(PURPOSE), "purpose", 1),
    lines: array(body.get(LINES), 1, LINES_A_PAGE, "lines").map(line), // 4
    recordDigest: bytes16(body.get(RECORD)),
    cti: bytes16(claims.get(CTI)),
    issuedAt: uint(claims.get(IAT), TIME_MAX),
    expiresAt: uint(claims.get(EXP), TIME_MAX),
    statusUri: text(status.get("uri"), "uri"),
    statusIdx: uint(status.get("idx"), TIME_MAX),
    stamp: optional(body, STAMP, (stamp) => text(stamp, "stamp")),
    page: optional(body, PAGE, page), // 5
  };
}

/** @param {unknown} value @returns {readonly [number, number]} */
function page(value) {
  const [number, of] = array(value, 2, 2, "page");
  const pages = uint(of, PAGES_AT_MOST);
  if (pages < 2 || uint(number, pages) < 1) throw unknown("page");
  return [uint(number, pages), pages];
}

/** @param {unknown} value @returns {TokenLine} */
function line(value) {
  const [taxon, appendix, source, term, quantity, more] = array(value, 5, 6, "line");
  const extras = more === undefined ? new Map() : keys(more, [], EXTRAS);
  if (more !== undefined && extras.size === 0) throw unknown("extras");
  return {
    taxon: text(taxon, "taxon"),
    appendix: uint(appendix, 3),
    source: text(source, "source"),
    term: text(term, "term", 3),
    quantity: quantityOf(quantity),
    unit: optional(extras, UNIT, unit),
    marks: optional(extras, MARKS, marks),
    origin: optional(extras, ORIGIN, sourceDocument),
    lastReexport: optional(extras, LAST_REEXPORT, sourceDocument),
    operation: optional(extras, OPERATION, (operation) => text(operation, "operation")),
  };
}

/**
 * Require a map with all `needed` keys, and no others than these and the `allowed` ones.
 *
 * @param {unknown} value
 * @param {readonly unknown[]} needed
 * @param {readonly unknown[]} [allowed]
 * @returns {Fields}
 */
function keys(value, needed, allowed = []) {
  if (!(value instanceof Map)) throw unknown("map keys");
  const found = [...value.keys()];
  if (!needed.every((key) => value.has(key))) throw unknown("map keys");
  if (!found.every((key) => needed.includes(key) || allowed.includes(key))) throw unknown("map keys");
  return value;
}

/** @template T @param {Fields} fields @param {unknown} key @param {(value: unknown) => T} read @returns {T | null} */
function optional(fields, key, read) {
  return fields.has(key) ? read(fields.get(key)) : null;
}

/** @param {unknown} value @param {number} least @param {number} most @param {string} name @returns {unknown[]} */
function array(value, least, most, name) {
  if (!Array.isArray(value) || value.length < least || value.length > most) throw unknown(name);
  return value;
}

/**
 * Require a non-empty text without forbidden characters.
 *
 * `size`: its length in bytes of UTF-8, like `.size` in CDDL (RFC 8610 s. 3.8.1).
 *
 * @param {unknown} value
 * @param {string} name
 * @param {number} [size]
 * @returns {string}
 */
function text(value, name, size) {
  if (typeof value !== "string" || value === "" || forbiddenCharacters(value)) throw unknown(name);
  if (size !== undefined && utf8(value).length !== size) throw unknown(name);
  return value;
}

/** @param {unknown} value @param {RegExp} form @param {string} name @returns {string} */
function match(value, form, name) {
  if (typeof value !== "string" || !form.test(value)) throw unknown(name);
  return value;
}

/** @param {unknown} value @returns {string} */
function quantityOf(value) {
  const quantity = match(value, QUANTITY_FORM, "quantity");
  if (quantity === "0") throw unknown("quantity");
  return quantity;
}

/** @param {unknown} value @returns {string} */
function unit(value) {
  const code = match(value, CODE3, "unit");
  if (code === NO_UNIT) throw unknown("unit");
  return code;
}

/** @param {unknown} value @param {number} limit @returns {number} */
function uint(value, limit) {
  if (typeof value !== "number" || value < 0 || value > limit) throw unknown("unsigned integer");
  return value;
}

/** @param {unknown} value @returns {Bytes} */
function bytes16(value) {
  if (!isBytes(value) || value.length !== 16) throw unknown("16-byte string");
  return value;
}

/** @param {unknown} value @returns {TokenParty} */
function party(value) {
  const [name, country] = array(value, 2, 2, "party");
  return { name: text(name, "name"), country: match(country, COUNTRY_FORM, "country") };
}

/** @param {unknown} value @returns {string | MarksDigest} */
function marks(value) {
  if (!Array.isArray(value)) return text(value, "marks");
  const [count, digest] = array(value, 2, 2, "marks");
  return { count: uint(count, TIME_MAX), digest: bytes16(digest) };
}

/** @param {unknown} value @returns {TokenSource} */
function sourceDocument(value) {
  const [country, document, date] = array(value, 1, 3, "source document");
  return {
    country: match(country, COUNTRY_FORM, "country"),
    document: document === undefined ? null : text(document, "document"),
    date: date === undefined ? null : dateOf(date),
  };
}

/** @param {unknown} value @returns {string} */
function dateOf(value) {
  if (typeof value !== "string" || day(value) === null) throw unknown("date");
  return value;
}

/** @param {string} name @returns {DecodeError} */
function unknown(name) {
  return new DecodeError("T6", 5, `The signed claims do not match the schema of this version: ${name}.`);
}
