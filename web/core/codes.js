/**
 * Codes on a permit: kinds of document, purposes, sources, specimen terms, units, with the form's English names.
 *
 * The tables are those of chalicelib/kernel/codes.py, written by local/web_tables.py.
 *
 * @typedef {import("./generated/codes.js").Kind} Kind
 */

import { KINDS } from "./generated/codes.js";

export { KINDS, NUMBER, PURPOSES, SOURCES, TERMS, UNITS } from "./generated/codes.js";

/**
 * The kind with this code. Throws a RangeError for an unknown code, which `claims.decodeClaims` refuses before.
 *
 * @param {string} code
 * @returns {Kind}
 */
export function kindOf(code) {
  const kind = KINDS.get(code);
  if (kind === undefined) throw new RangeError("no kind of document");
  return kind;
}
