/**
 * Find the quotas that apply to goods, as chalicelib/quotas/model.py does; both pass the same vectors. Only the
 * register knows how much of a quota is used.
 *
 * `terms`, `sources`: empty means any. `unit` null: specimens.
 * @typedef {{id: string, year: number, scientific_name: string, terms: string[], sources: string[], quantity: string,
 *   unit: string | null, source: string, as_of: string}} Quota
 * Taxa that goods of a genus, family or order may belong to: each of its `members` with the taxa below it, and the taxa
 * `above` them, in lower case.
 * @typedef {{members: string[], above: string[]}} Covered
 * @typedef {{scientific_name: string, family?: string, order?: string, class?: string, covers?: Covered}} ResolvedName
 */

import { appliesToSource } from "./codes.js";

/** Kinds of document that use up the year's quota. */
export const DRAWING = ["E", "OO", "OC", "OA", "OY"];

/** The set of names, in lower case, of the taxon and those above it: genus, family, order, class. @param {ResolvedName} taxon */
function lineage({ scientific_name: name, family, order, class: above }) {
  const words = name.toLowerCase().split(" ");
  return new Set([...words.map((_, at) => words.slice(0, at + 1).join(" ")), ...[family, order, above].flatMap((each) => (each ? [each.toLowerCase()] : []))]);
}

/** A predicate on names of taxa: true if goods of this name are, or may be, of that taxon. @param {ResolvedName} taxon */
function within(taxon) {
  const { members = [], above = [] } = taxon.covers ?? {};
  const names = new Set([...lineage(taxon), ...members, ...above]);
  return (/** @type {string} */ name) => names.has(name.toLowerCase()) || members.some((each) => name.toLowerCase().startsWith(`${each} `));
}

/** Sort key: narrower quotas first, as in block 11a. @param {Quota} quota */
const width = ({ scientific_name: name, terms, sources }) => [9 - name.split(" ").length, terms.length ? 0 : 1, sources.length ? 0 : 1, name].join(" ");

/** @param {Quota} one @param {Quota} other */
const narrower = (one, other) => other.year - one.year || (width(one) < width(other) ? -1 : width(one) > width(other) ? 1 : 0);

/** Quotas that apply to a line: newest year first, then the narrowest first. @template {Quota} Q @param {ResolvedName} taxon @param {{term?: string | null, source?: string | null}} line @param {readonly Q[]} known */
export function bounding(taxon, { term, source }, known) {
  const fits = (/** @type {string[]} */ codes, /** @type {string | null | undefined} */ code) => !codes.length || codes.includes(code ?? "");
  return ofTaxon(taxon, known).filter((each) => fits(each.terms, term) && (!each.sources.length || appliesToSource(source, each.sources)));
}

/** Quotas of a taxon, of the taxa above it, and of those below its name, which it leaves open. @template {Quota} Q @param {ResolvedName} taxon @param {readonly Q[]} known */
export function ofTaxon(taxon, known) {
  const covered = within(taxon);
  const own = `${taxon.scientific_name.toLowerCase()} `;
  return known.filter(({ scientific_name: name }) => covered(name) || name.toLowerCase().startsWith(own)).sort(narrower);
}
