/**
 * Which codes may stand on a permit: kinds of document, purposes, sources, specimen terms, units, with their English
 * names, which are the form's. The rows of chalicelib/core/codes.py, where each table cites its source (a test compares
 * them).
 *
 * @typedef {{readonly code: string, readonly en: string}} Code
 *
 * `letter`: the suffix of its number and its box 1. `manyCrossings`: endorsed at each crossing, never used up.
 * @typedef {Code & {readonly letter: string, readonly manyCrossings: boolean}} Kind
 *
 * 1 of a unit = `millionths` millionths of `base`; two units convert only if they share a base. `symbol` is printed.
 * @typedef {Code & {readonly symbol: string, readonly base: string, readonly millionths: bigint}} Unit
 */

import { TERM_ROWS } from "./terms.js";

/** @template {Code} C @param {readonly C[]} rows @returns {ReadonlyMap<string, C>} */
function table(rows) {
  return new Map(rows.map((row) => [row.code, row]));
}

/** FORMAT.md 1, `kind`; box 1 of the form. */
export const KINDS = table([
  { code: "E", en: "Export permit", letter: "E", manyCrossings: false },
  { code: "R", en: "Re-export certificate", letter: "R", manyCrossings: false },
  { code: "I", en: "Import permit", letter: "I", manyCrossings: false },
  { code: "OO", en: "Certificate of origin", letter: "O", manyCrossings: false },
  { code: "OP", en: "Pre-Convention certificate", letter: "O", manyCrossings: false },
  { code: "OC", en: "Certificate of captive breeding", letter: "O", manyCrossings: false },
  { code: "OA", en: "Certificate of artificial propagation", letter: "O", manyCrossings: false },
  { code: "OT", en: "Travelling-exhibition certificate", letter: "O", manyCrossings: true },
  { code: "OW", en: "Certificate of ownership", letter: "O", manyCrossings: true },
  { code: "OM", en: "Musical instrument certificate", letter: "O", manyCrossings: true },
  { code: "OS", en: "Sample collection certificate", letter: "O", manyCrossings: true },
  { code: "OI", en: "Certificate of introduction from the sea", letter: "O", manyCrossings: false },
  { code: "OY", en: "Phytosanitary certificate", letter: "O", manyCrossings: false },
]);

/** Conf. 12.3, block 5a. */
export const PURPOSES = table([
  { code: "T", en: "Commercial" },
  { code: "Z", en: "Zoo" },
  { code: "G", en: "Botanical garden" },
  { code: "Q", en: "Circus or travelling exhibition" },
  { code: "S", en: "Scientific" },
  { code: "H", en: "Hunting trophy" },
  { code: "P", en: "Personal" },
  { code: "M", en: "Medical (including biomedical research)" },
  { code: "E", en: "Educational" },
  { code: "N", en: "Reintroduction or introduction into the wild" },
  { code: "B", en: "Breeding in captivity or artificial propagation" },
  { code: "L", en: "Law enforcement / judicial / forensic" },
]);

/** Conf. 12.3, block 10. */
export const SOURCES = table([
  { code: "W", en: "Taken from the wild" },
  { code: "R", en: "Ranched" },
  { code: "D", en: "Appendix I, bred or propagated for commercial purposes (Art. VII.4)" },
  { code: "A", en: "Artificially propagated plant (Art. VII.5)" },
  { code: "C", en: "Animal bred in captivity (Art. VII.5)" },
  { code: "F", en: "Born in captivity (F1 or later)" },
  { code: "U", en: "Source unknown" },
  { code: "I", en: "Confiscated or seized" },
  { code: "O", en: "Pre-Convention" },
  { code: "X", en: "Taken in the marine environment outside any State's jurisdiction" },
  { code: "Y", en: "Plant from assisted production" },
]);

/** Block 9. */
export const TERMS = table(
  TERM_ROWS.trim()
    .split("\n")
    .map((row) => ({ code: row.slice(0, 3), en: row.slice(4) })),
);

export const NUMBER = "NAR"; // the same as no unit, and never written (FORMAT.md 1)

/** UN/CEFACT Recommendation 20, and CTM of the CITES trade database. */
export const UNITS = table([
  { code: "NAR", en: "number of specimens", symbol: "no.", base: "NAR", millionths: 1_000_000n },
  { code: "KGM", en: "kilogram", symbol: "kg", base: "KGM", millionths: 1_000_000n },
  { code: "GRM", en: "gram", symbol: "g", base: "KGM", millionths: 1_000n },
  { code: "MGM", en: "milligram", symbol: "mg", base: "KGM", millionths: 1n },
  { code: "LTR", en: "litre", symbol: "l", base: "LTR", millionths: 1_000_000n },
  { code: "MLT", en: "millilitre", symbol: "ml", base: "LTR", millionths: 1_000n },
  { code: "MTR", en: "metre", symbol: "m", base: "MTR", millionths: 1_000_000n },
  { code: "CTM", en: "centimetre", symbol: "cm", base: "MTR", millionths: 10_000n },
  { code: "MTK", en: "square metre", symbol: "m2", base: "MTK", millionths: 1_000_000n },
  { code: "MTQ", en: "cubic metre", symbol: "m3", base: "MTQ", millionths: 1_000_000n },
  { code: "CMQ", en: "cubic centimetre", symbol: "cm3", base: "MTQ", millionths: 1n },
]);

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
