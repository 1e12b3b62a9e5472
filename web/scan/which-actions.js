// Which document should be there? From what is known of the goods, or from nothing, out of what this device holds.

import { DRAWING, bounding } from "../core/quotas.js";
import { importerRules } from "../core/importers.js";
import { answer, subjectOf } from "../core/requirements.js";
import { onDay } from "../core/species_day.js";
import { ask } from "../shared/api.js";
import { day, fill, language, named } from "../shared/i18n.js";
import { tongue } from "../shared/ident.js";
import { findTaxa, quietly, tellRequirements } from "../shared/requirements.js";
import { reasonWords } from "../shared/taxa.js";
import { finder, joined, surely } from "./find-taxa.js";
import { part } from "./parts.js";
import { entriesOn, heldList, today } from "./species-list.js";

/** @typedef {import('./main.js').Desk} Desk @typedef {import('../shared/which.js').Taxon} Taxon @typedef {import('./species-list.js').Entry} Entry
 * @typedef {import('../core/quotas.js').Quota} Quota
 * @typedef {import('../shared/which.js').Found & {quotas: readonly Quota[] | null}} Found  `quotas` null: this device was never told of any
 * @typedef {Record<"why" | "reasons" | "papers" | "allowances", Record<string, string>>} Words  by code
 * @typedef {import('../core/requirements.js').Table & {words: Record<string, Words>}} Table
 * @typedef {{find: ((text: string) => Promise<Taxon[] | null>) | null, table: Table | null, quotas: readonly Quota[] | null,
 *   list: import('./species-list.js').HeldList | null, begin: {taxon: Taxon, said: Record<string, string>} | null}} WhichState
 *   `find`, `table`, `list` null: not on this device */

const FEW = 8;

/** @param {Desk} desk */
export const whichActions = ({ state, draw, show }) => ({
  /** @param {{taxon?: string, said?: Record<string, string>}} [known] what a verdict or the identification aid knows already */
  async which({ taxon, said = {} } = {}) {
    const [list, table, figures] = await Promise.all([heldList(), part("requirements"), part("quotas")]);
    const taxa = list && entriesOn(list, today(state.stage));
    const named = (/** @type {Entry} */ each) => each.scientific_name === taxon || each.synonyms.includes(taxon ?? "");
    const entry = (taxon && taxa?.find(named)) || null;
    const begun = { find: taxa && byName(taxa), table: table?.body ?? null, quotas: figures?.body.items ?? null, list, begin: entry && { taxon: entry, said } };
    state.which = begun;
    await show("which");
    if (!taxon || entry) return;
    const found = await taxonOf(taxon); // not on this device
    if (!found || state.which !== begun) return;
    state.which = { ...begun, begin: { taxon: found, said } };
    draw();
  },
});

/** The service's entry for a scientific name; null where there is none, or no answer. @param {string} name @returns {Promise<Taxon | null>} */
const taxonOf = (name) => quietly(async () => (await ask(`/v1/species/${encodeURIComponent(name.toLowerCase().replaceAll(" ", "-"))}`)).body);

/** Names on this device. If none begins with the typed text, the names of the service. @param {Entry[]} taxa */
function byName(taxa) {
  const search = finder(taxa);
  const entries = new Map(taxa.map((each) => [each.scientific_name, each]));
  return async (/** @type {string} */ text) => {
    const found = search(text, FEW).map(({ taxon, name }) => ({ ...taxon, found_by: name }));
    if (surely(text, found)) return found;
    const there = await findTaxa(text);
    if (!there) return found.length ? found : null;
    return joined(found, there, (name) => entries.get(name)).slice(0, FEW);
  };
}

/** The table's answer on this device, in its words; the service's for a taxon that the device lacks. @param {import('./state.js').State} state @param {Table} table */
export const answerer = (state, table) => async (/** @type {Record<string, string>} */ query, /** @type {Taxon} */ taxon) => {
  const { list } = state.which;
  const { issuer } = state.stage;
  const quotasOf = (/** @type {readonly {kind: string, issued_by: string}[]} */ documents) => {
    const draws = query.direction !== "return" && documents.some(({ kind, issued_by: by }) => by === issuer && DRAWING.includes(kind));
    return draws ? state.which.quotas && bounding(taxon, query, state.which.quotas) : [];
  };
  const entry = list?.taxa.find((each) => each.scientific_name === taxon.scientific_name);
  if (!entry) {
    const told = await tellRequirements(query);
    return told && { ...told, quotas: quotasOf(told.documents) };
  }
  const now = today(state.stage);
  const subject = subjectOf(onDay(entry, query.on ?? now, list?.known_from));
  const { species: _, acquired_abroad: abroad, registered_operation: registered, ...said } = query;
  const question = {
    ...said,
    subject,
    registered: registered ? registered === "true" : null,
    abroad: abroad ? (abroad === "true" ? "yes" : "no") : "unknown",
  };
  const found = answer(question, now, issuer, table);
  return {
    ...shown(found, table.words[language()], /** @type {Entry['restrictions']} */ (subject.restrictions ?? [])),
    stricter_abroad: importerRules(table.importers ?? [], question, [subject.scientific_name, ...subject.synonyms], issuer).map(
      ({ texts, ...rule }) => ({ ...rule, text: texts[tongue()], country: query.destination }),
    ),
    quotas: quotasOf(found.documents),
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
