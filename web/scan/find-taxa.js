// Entries of the species list that this device holds, by any of their names; of a hybrid each parent, the strictest first,
// as chalicelib/species/model/listing.py.

import { NameSearch, PARENTS_AT_MOST, crossed, fold, parents } from "../core/name_search.js";

/** @typedef {{scientific_name: string, appendix: string, synonyms: string[], names: Record<string, string>, also: string[]}} Taxon  what is read of it */

const STRICT = ["I", "II", "III", "0"];

/** @template {Taxon} T @param {readonly T[]} taxa @returns {(text: string, most: number) => {taxon: T, name: string}[]} `name`: by which it was found */
export function finder(taxa) {
  const named = taxa.map(names);
  const search = new NameSearch(named);
  const few = (/** @type {string} */ text, /** @type {number} */ most) => search.find(text, most).map(([entry, place]) => ({ taxon: taxa[entry], name: named[entry][place] }));
  return (text, most) => {
    if (crossed(text).filter((words) => words.length).length < 2) return few(text, most);
    const first = parents(text).slice(0, PARENTS_AT_MOST);
    const found = new Map(first.flatMap((words) => few(words.join(" "), 1)).map((each) => [each.taxon, each]));
    return [...found.values()].sort((one, other) => STRICT.indexOf(one.taxon.appendix) - STRICT.indexOf(other.taxon.appendix));
  };
}

/** In the order in which they are searched: as species/model/listing.py has them. @param {Taxon} taxon */
const names = (taxon) => [taxon.scientific_name, ...taxon.synonyms, ...Object.values(taxon.names), ...taxon.also];

/** True if one was found without a misspelling: a name of it has words that begin with each typed one. @param {string} text @param {readonly {found_by: string}[]} found */
export function surely(text, found) {
  const typed = fold(text).split(" ").filter(Boolean);
  return found.some(({ found_by: name }) => {
    const words = fold(name).split(" ");
    return typed.every((begun) => words.some((word) => word.startsWith(begun)));
  });
}

/**
 * Entries of the service in its order, then those that only this device found. What this device holds stands as it holds it,
 * because it also has the rules of groups.
 * @template {{scientific_name: string}} H @template {{scientific_name: string}} T
 * @param {readonly H[]} here @param {readonly T[]} there @param {(name: string) => H | undefined} held @returns {(H | T)[]}
 */
export function joined(here, there, held) {
  const named = new Set(there.map(({ scientific_name: name }) => name));
  return [...there.map((each) => held(each.scientific_name) ?? each), ...here.filter(({ scientific_name: name }) => !named.has(name))];
}
