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

/** Sources to which the rules for wild specimens apply. */
const WILD = ["W", "R", "F", "U", "X", "Y"];

const SEIZED = "I";

/**
 * Return the source code whose rules apply, or "" without a source. For a seized specimen it is the second code. A seized
 * specimen without a second code counts as W, and so does an unknown source. @param {string | null | undefined} source
 */
export function countedSource(source) {
  const others = [...(source ?? "")].filter((code) => /\p{L}/u.test(code) && code !== SEIZED);
  const code = others.find((each) => WILD.includes(each)) ?? others[0] ?? (source ?? "").slice(0, 1);
  return code === SEIZED || code === "U" ? "W" : code;
}

/** True if a rule or a quota for `sources` applies to this source or to its counted source. @param {string | null | undefined} source @param {readonly string[]} sources */
export const appliesToSource = (source, sources) => sources.includes(source ?? "") || sources.includes(countedSource(source));
