/**
 * What was found about a file: facts only, without a judgement (checks 11 and 12 judge them).
 *
 * Made by the service's reader, carried as JSON under Python's names, so every field is plain data.
 *
 * One PDF signature. `fingerprint`: SHA-256 of the signer's certificate (DER), hex; `publicKey`: SPKI DER, hex;
 * `signedAt`: the time it claims for itself.
 * @typedef {object} Seal
 * @property {boolean} intact
 * @property {boolean} wholeFile
 * @property {string} fingerprint
 * @property {string} publicKey
 * @property {boolean} certified
 * @property {number} signedAt
 *
 * The fields are described in chalicelib/core/document.py.
 * @typedef {object} DocumentFindings
 * @property {string} kind pdf | image
 * @property {readonly string[]} codes
 * @property {number} pages
 * @property {readonly Seal[]} seals
 * @property {number} revisions
 * @property {string | null} record
 * @property {readonly string[]} tokens
 * @property {boolean} hasText
 * @property {readonly string[]} formCodes
 * @property {ReadonlyMap<string, readonly string[]>} blocks
 * @property {readonly string[]} overlaid
 * @property {readonly string[]} altered
 * @property {string | null} trouble
 */

import { DecodeError } from "./errors.js";
import { isPlain } from "./permit.js";

const KINDS = ["pdf", "image"];
const TROUBLES = ["encrypted", "broken", "too-large", "too-many-pages", "unsupported", "heic"];
const FIELDS = [
  "kind", "codes", "pages", "seals", "revisions", "record", "tokens", "has_text", "form_codes", "blocks", "overlaid",
  "altered", "trouble",
];
const SEAL = ["intact", "whole_file", "fingerprint", "public_key", "certified", "signed_at"];

/**
 * Plain JSON data as findings. Throws `DecodeError` (T5, check 11): a file may have taken its parser over.
 *
 * 1. exactly the fields  2. each of its type, no bool for a number  3. a known kind and trouble.
 *
 * @param {unknown} data
 * @returns {DocumentFindings}
 */
export function findingsFromJson(data) {
  const found = fields(data, FIELDS); // 1
  const findings = { // 2
    kind: text(found.kind, "kind"),
    codes: texts(found.codes, "codes"),
    pages: count(found.pages, "pages"),
    seals: list(found.seals, "seals").map(seal),
    revisions: count(found.revisions, "revisions"),
    record: found.record === null ? null : text(found.record, "record"),
    tokens: texts(found.tokens, "tokens"),
    hasText: flag(found.has_text, "has_text"),
    formCodes: texts(found.form_codes, "form_codes"),
    blocks: blocks(found.blocks),
    overlaid: texts(found.overlaid, "overlaid"),
    altered: texts(found.altered, "altered"),
    trouble: found.trouble === null ? null : text(found.trouble, "trouble"),
  };
  const { kind, trouble } = findings; // 3
  if (!KINDS.includes(kind) || (trouble !== null && !TROUBLES.includes(trouble))) throw refused("kind or trouble");
  return findings;
}

/** @param {unknown} value @returns {Seal} */
function seal(value) {
  const found = fields(value, SEAL);
  return {
    intact: flag(found.intact, "intact"),
    wholeFile: flag(found.whole_file, "whole_file"),
    fingerprint: text(found.fingerprint, "fingerprint"),
    publicKey: text(found.public_key, "public_key"),
    certified: flag(found.certified, "certified"),
    signedAt: count(found.signed_at, "signed_at"),
  };
}

/** @param {unknown} value @returns {ReadonlyMap<string, string[]>} */
function blocks(value) {
  if (!isPlain(value)) throw refused("blocks");
  return new Map(Object.entries(value).map(([name, found]) => [name, texts(found, "blocks")]));
}

/** @param {unknown} value @param {readonly string[]} names @returns {Record<string, unknown>} */
function fields(value, names) {
  if (!isPlain(value) || Object.keys(value).length !== names.length) throw refused("fields");
  if (!names.every((name) => Object.hasOwn(value, name))) throw refused("fields");
  return value;
}

/** @param {unknown} value @param {string} name @returns {boolean} */
function flag(value, name) {
  if (typeof value !== "boolean") throw refused(name);
  return value;
}

/** @param {unknown} value @param {string} name @returns {number} */
function count(value, name) {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) throw refused(name);
  return value;
}

/** @param {unknown} value @param {string} name @returns {string} */
function text(value, name) {
  if (typeof value !== "string") throw refused(name);
  return value;
}

/** @param {unknown} value @param {string} name @returns {string[]} */
function texts(value, name) {
  return list(value, name).map((item) => text(item, name));
}

/** @param {unknown} value @param {string} name @returns {unknown[]} */
function list(value, name) {
  if (!Array.isArray(value)) throw refused(name);
  return value;
}

/** @param {string} name @returns {DecodeError} */
function refused(name) {
  return new DecodeError("T5", 11, `The reader's answer is malformed (${name})`);
}
