/**
 * Which codes may stand on a permit: kinds of document, purposes, sources, specimen terms, units, with their English
 * names, which are the form's. The tables are those of chalicelib/kernel/codes.py (local/web_tables.py).
 *
 * @typedef {import("./generated/codes.js").Kind} Kind
 */

import { KINDS } from "./generated/codes.js";

export { KINDS, NUMBER, PURPOSES, SOURCES, TERMS, UNITS } from "./generated/codes.js";

/**
 * The kind of a permit that was read: `claims.decodeClaims` lets no other code through.
 *
 * @param {string} code
 * @returns {Kind}
 */
export function kindOf(code) {
  const kind = KINDS.get(code);
  if (kind === undefined) throw new RangeError("no kind of document");
  return kind;
}
