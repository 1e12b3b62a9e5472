// What the goods of a permit are called and look like, out of what this device holds: found by the name that was signed, as
// it stands, and not by a likeness. Judging needs none of it, and waits for none of it.

import { language } from "../shared/i18n.js";
import { asListed, namesOf, table } from "../shared/ident.js";
import { entriesOn, heldList, today } from "./species-list.js";

/**
 * `names`: scientific name -> language -> common name; `aid`: null while it was not read.
 * @typedef {{names: ReadonlyMap<string, Record<string, string>>, aid: import('../shared/ident.js').Table | null}} Goods
 */

/** @type {Goods} */
export const UNKNOWN = { names: new Map(), aid: null };

const FEW = 4; // drawings beside a line

const NEXT = ["ru", "en"]; // where the list has no name in the officer's language, as the most of Kyrgyz has none

/** As this device has them now; what it lacks is left out. @param {import('../shared/frame.js').Stage} stage @returns {Promise<Goods>} */
export async function held(stage) {
  const [list, aid] = await Promise.all([heldList(), table().catch(notThere)]);
  const taxa = list ? entriesOn(list, today(stage)) : [];
  return { aid: aid && asListed(aid, taxa), names: new Map(taxa.flatMap((each) => [each.scientific_name, ...each.synonyms].map((name) => [name, each.names]))) };
}

/** @param {unknown} error */
function notThere(error) {
  if (error instanceof TypeError) return null;
  throw error;
}

/** What it is called, in which language; null: the list has no such name. @param {Goods} goods @param {string} taxon */
export function called({ names }, taxon) {
  const found = names.get(taxon) ?? {};
  const spoken = [language(), ...NEXT].find((each) => found[each]);
  return spoken ? { name: found[spoken], language: spoken } : null;
}

/** The aid's first candidates of the taxon: in the form that the line names, else in any form. @param {Goods} goods @param {import('../shared/show.js').Line} line @returns {string[]} */
export function drawnAs({ aid }, { scientific_name: taxon, term }) {
  if (!aid) return [];
  const all = Object.keys(aid.candidates).filter((id) => namesOf(aid.candidates[id]).includes(taxon));
  const same = all.filter((id) => aid.parts[aid.candidates[id].part].term === term);
  return (same.length > 0 ? same : all).slice(0, FEW);
}
