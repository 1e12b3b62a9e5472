// Which document should be there? From what is known of the goods, or from nothing, out of what this device holds.

import { DRAWING, bounding } from "../core/quotas.js";
import { importerRules } from "../core/importers.js";
import { answer, subjectOf } from "../core/requirements.js";
import { calendarDay } from "../core/stage.js";
import { day, fill, language, named } from "../shared/i18n.js";
import { tongue } from "../shared/ident.js";
import { reasonWords } from "../shared/taxa.js";
import { finder } from "./find-taxa.js";
import { part } from "./parts.js";

/** @typedef {import('./main.js').Desk} Desk @typedef {import('../shared/which.js').Taxon} Taxon
 * @typedef {import('../core/quotas.js').Quota} Quota
 * @typedef {import('../shared/which.js').Found & {quotas: readonly Quota[] | null}} Found  `quotas` null: this device was never told of any
 * @typedef {Record<"why" | "reasons" | "papers" | "allowances", Record<string, string>>} Words  by code
 * @typedef {import('../core/requirements.js').Table & {words: Record<string, Words>}} Table
 * @typedef {Taxon & import('../core/requirements.js').Entry & {id: string, also: string[], class: string, may_be: string[],
 *   restrictions: import('../core/requirements.js').Restriction[]}} Entry
 * @typedef {{find: ((text: string) => Promise<Taxon[]>) | null, table: Table | null, quotas: readonly Quota[] | null, asOf: string,
 *   begin: {taxon: Taxon, said: Record<string, string>} | null}} WhichState  `find`, `table` null: not on this device */

const FEW = 8;

/** @param {Desk} desk */
export const whichActions = ({ state, show }) => ({
  /** @param {{taxon?: string, said?: Record<string, string>}} [known] what a verdict or the identification aid knows already */
  async which({ taxon, said = {} } = {}) {
    const [list, table, figures] = (await Promise.all(["species", "requirements", "quotas"].map(part))).map((each) => each?.body);
    /** @type {Entry[] | null} */
    const taxa = list?.taxa ?? null;
    const entry = taxon ? (taxa?.find((each) => [each.scientific_name, ...each.synonyms].includes(taxon)) ?? null) : null;
    state.which = { find: taxa && byName(taxa), table: table ?? null, quotas: figures?.items ?? null, asOf: list?.as_of ?? "", begin: entry && { taxon: entry, said } };
    await show("which");
  },
});

/** @param {Entry[]} taxa */
function byName(taxa) {
  const search = finder(taxa);
  return async (/** @type {string} */ text) => search(text, FEW).map(({ taxon }) => taxon);
}

/** The table's answer on this device, in its words. @param {import('./state.js').State} state @param {Table} table */
export const answerer = (state, table) => async (/** @type {Record<string, string>} */ query, /** @type {Taxon} */ taxon) => {
  const entry = /** @type {Entry} */ (taxon);
  const subject = subjectOf(entry);
  const { species: _, acquired_abroad: abroad, registered_operation: registered, ...said } = query;
  const question = {
    ...said,
    subject,
    registered: registered ? registered === "true" : null,
    abroad: abroad ? (abroad === "true" ? "yes" : "no") : "unknown",
  };
  const today = calendarDay(Math.floor(Date.now() / 1000), state.stage.zone);
  const { issuer } = state.stage;
  const found = answer(question, today, issuer, table);
  const draws = query.direction !== "return" && found.documents.some(({ kind, issued_by: by }) => by === issuer && DRAWING.includes(kind));
  return {
    ...shown(found, table.words[language()], /** @type {Entry['restrictions']} */ (subject.restrictions ?? [])),
    stricter_abroad: importerRules(table.importers ?? [], question, [subject.scientific_name, ...subject.synonyms], issuer).map(
      ({ texts, ...rule }) => ({ ...rule, text: texts[tongue()], country: query.destination }),
    ),
    quotas: draws ? state.which.quotas && bounding(entry, query, state.which.quotas) : [],
  };
};

/** As GET /v1/requirements says it. @param {import('../core/requirements.js').Answer} found @param {Words} words @param {Entry['restrictions']} stops */
function shown(found, words, stops) {
  const said = (/** @type {Record<string, string>} */ facts) => {
    const stop = facts.reason && stops.find((each) => each.reason === facts.reason);
    const days = Object.fromEntries(["since", "as_of"].filter((each) => facts[each]).map((each) => [each, day(facts[each])]));
    const kinds = facts.documents?.split(", ").map((kind) => named("kinds", kind)).join(", ");
    return { ...facts, ...(stop && { reason: reasonWords(stop) }), ...days, ...(kinds && { documents: kinds }) };
  };
  return {
    decision: /** @type {Found['decision']} */ (found.decision),
    documents: found.documents.map((each) => ({ ...each, why_code: each.why, name: named("kinds", each.kind), why: words.why[each.why], alternatives: [...each.alternatives] })),
    other_papers: found.other_papers.map((kind) => ({ kind, text: words.papers[kind], checked: words.papers.not_checked })),
    reasons: found.reasons.map(({ code, article, facts }) => ({ code, article, text: fill(words.reasons[code] ?? words.reasons.ask_no_row, said(facts)) })),
    allowance: found.allowance && { text: words.allowances[found.allowance.code] },
  };
}
