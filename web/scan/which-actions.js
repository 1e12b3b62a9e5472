// Which document should be there? From what is known of the goods, or from nothing, out of what this device holds.

import { NameSearch } from "../core/name_search.js";
import { answer } from "../core/requirements.js";
import { calendarDay } from "../core/stage.js";
import { day, fill, held, named } from "../shared/i18n.js";
import { part } from "./parts.js";

/** @typedef {import('./main.js').Desk} Desk @typedef {import('../shared/which.js').Taxon} Taxon @typedef {import('../shared/which.js').Found} Found
 * @typedef {Taxon & {id: string, synonyms: string[], also: string[], order: string, family: string, may_be: string[], listed_by: string | null,
 *   restrictions: import('../core/requirements.js').Restriction[]}} Entry
 * @typedef {{find: ((text: string) => Promise<Taxon[]>) | null, asOf: string, begin: {taxon: Taxon, said: Record<string, string>} | null}} WhichState  `find` null: the list is not on this device */

const FEW = 8;

/** @param {Desk} desk */
export const whichActions = ({ state, show }) => ({
  /** @param {{taxon?: string, said?: Record<string, string>}} [known] what a verdict or the identification aid knows already */
  async which({ taxon, said = {} } = {}) {
    const list = (await part("species"))?.body;
    /** @type {Entry[] | null} */
    const taxa = list?.taxa ?? null;
    const entry = taxon ? (taxa?.find((each) => [each.scientific_name, ...each.synonyms].includes(taxon)) ?? null) : null;
    state.which = { find: taxa && finder(taxa), asOf: list?.as_of ?? "", begin: entry && { taxon: entry, said } };
    await show("which");
  },
});

/** A way to find them by any of their names. @param {Entry[]} taxa */
function finder(taxa) {
  const search = new NameSearch(taxa.map((each) => [each.scientific_name, ...each.synonyms, ...Object.values(each.names), ...each.also]));
  return async (/** @type {string} */ text) => search.find(text).slice(0, FEW).map(([index]) => taxa[index]);
}

/** The table's answer on this device, in its words. @param {import('./state.js').State} state */
export const answerer = (state) => async (/** @type {Record<string, string>} */ query, /** @type {Taxon} */ taxon) => {
  const entry = /** @type {Entry} */ (taxon);
  const subject = { ...entry, groups: [entry.scientific_name.split(" ")[0], entry.family, entry.order] };
  const { species: _, acquired_abroad: abroad, registered_operation: registered, ...said } = query;
  const question = {
    ...said,
    subject,
    registered: registered ? registered === "true" : null,
    abroad: abroad ? (abroad === "true" ? "yes" : "no") : "unknown",
  };
  const today = calendarDay(Math.floor(Date.now() / 1000), state.stage.zone);
  return shown(answer(question, today, state.stage.issuer));
};

/** @param {import('../core/requirements.js').Answer} found @returns {Found} as GET /v1/requirements says it */
function shown(found) {
  const words = held().requirements;
  if (!words) throw new Error("this door's catalogue has no words for requirements");
  return {
    decision: /** @type {Found['decision']} */ (found.decision),
    documents: found.documents.map((each) => ({ ...each, name: named("kinds", each.kind), why: words.why[each.why], alternatives: [...each.alternatives] })),
    other_papers: found.other_papers.map((kind) => ({ kind, text: words.papers[kind], checked: words.papers.not_checked })),
    reasons: found.reasons.map(({ code, article, facts }) => ({ code, article, text: fill(words.reasons[code], facts.since ? { ...facts, since: day(facts.since) } : facts) })),
    allowance: found.allowance && { text: words.allowances[found.allowance.code] },
  };
}
