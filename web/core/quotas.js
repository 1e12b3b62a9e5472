/**
 * Which quotas bound what an officer looks at: chalicelib/quotas/model.py, over the same vectors. What is taken of a quota
 * only the register knows.
 *
 * `terms`, `sources`: empty stands for any. `unit` null: specimens.
 * @typedef {{id: string, year: number, scientific_name: string, terms: string[], sources: string[], quantity: string,
 *   unit: string | null, source: string, as_of: string}} Quota
 * Of a genus, family or order: each of its `members` with what is below it, and what is `above` them, in lower case.
 * @typedef {{members: string[], above: string[]}} Covered
 * @typedef {{scientific_name: string, family?: string, order?: string, class?: string, covers?: Covered}} Named
 */

/** Documents that take of a year's quota. */
export const DRAWING = ["E", "OO", "OC", "OA", "OY"];

/** The taxon and what is above it, in lower case. @param {Named} taxon */
function lineage({ scientific_name: name, family, order, class: above }) {
  const words = name.toLowerCase().split(" ");
  return new Set([...words.map((_, at) => words.slice(0, at + 1).join(" ")), ...[family, order, above].flatMap((each) => (each ? [each.toLowerCase()] : []))]);
}

/** Whether goods of this name are, or may be, of a taxon. @param {Named} taxon */
function within(taxon) {
  const { members = [], above = [] } = taxon.covers ?? {};
  const names = new Set([...lineage(taxon), ...members, ...above]);
  return (/** @type {string} */ name) => names.has(name.toLowerCase()) || members.some((each) => name.toLowerCase().startsWith(`${each} `));
}

/** The narrower first, as box 11a names them. @param {Quota} quota */
const width = ({ scientific_name: name, terms, sources }) => [9 - name.split(" ").length, terms.length ? 0 : 1, sources.length ? 0 : 1, name].join(" ");

/** @param {Quota} one @param {Quota} other */
const narrower = (one, other) => other.year - one.year || (width(one) < width(other) ? -1 : width(one) > width(other) ? 1 : 0);

/** Those that fit a line, newest year first, the narrowest first. @template {Quota} Q @param {Named} taxon @param {{term?: string | null, source?: string | null}} line @param {readonly Q[]} known */
export function bounding(taxon, { term, source }, known) {
  const fits = (/** @type {string[]} */ codes, /** @type {string | null | undefined} */ code) => !codes.length || codes.includes(code ?? "");
  return ofTaxon(taxon, known).filter((each) => fits(each.terms, term) && fits(each.sources, source));
}

/** Every one of a taxon, of what is above it and of what is below its own name, as this leaves it open. @template {Quota} Q @param {Named} taxon @param {readonly Q[]} known */
export function ofTaxon(taxon, known) {
  const covered = within(taxon);
  const own = `${taxon.scientific_name.toLowerCase()} `;
  return known.filter(({ scientific_name: name }) => covered(name) || name.toLowerCase().startsWith(own)).sort(narrower);
}
