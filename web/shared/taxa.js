// What the species list has for a name while one types: asked when the keys rest; of two questions the newer one counts.

import { Problem, Unreachable } from "./api.js";
import { country, day, language, named, t } from "./i18n.js";
import { SignedOut, askAs } from "./session.js";

/**
 * `effect`: `ask` is a question to the Management Authority, else it stops. The last four are absent in a part of before 2026-12.
 * @typedef {{since: string, until: string | null, kinds: string[], sources: string[], purposes: string[], origins: string[],
 *   reason: string, reasons?: Record<string, string>, source: string, effect?: string, terms?: string[], except_origins?: string[],
 *   exported_before?: boolean}} Restriction
 * `found_by`: the name that was found, a synonym or a common one; `scientific_name`: what is printed.
 * @typedef {import('./listed.js').Listed & {id: string, scientific_name: string, found_by: string, appendix: string, may_be: string[],
 *   rank: string, listed_by: string | null, class: string, order: string, family: string, annotation: string, decided: string,
 *   usual_terms: string[], synonyms: string[], names: Record<string, string>, also: string[], restrictions: Restriction[],
 *   history: {day: string, what: string, source: string}[], range_states?: string[], range_source?: string, source: string,
 *   list_version: string}} Taxon
 * @typedef {Taxon & {range_states: string[], range_source: string}} Entry  as the service has it; a device has less
 */

const PAUSE = 200; // ms after the last key
const FEW = 8;

export class TaxonSearch {
  #turn = 0;

  /**
   * Null: something else was typed since, or there is no answer; what is shown may stay.
   * @param {string} text @returns {Promise<Taxon[] | null>}
   */
  async find(text) {
    const mine = (this.#turn += 1);
    await new Promise((done) => setTimeout(done, PAUSE));
    if (mine !== this.#turn) return null;
    const wanted = text.trim();
    try {
      const { body } = wanted.length > 1 ? await askAs(`/v1/species?q=${encodeURIComponent(wanted)}`) : { body: { items: [] } };
      return mine === this.#turn ? body.items.slice(0, FEW) : null;
    } catch (error) {
      if (error instanceof Unreachable || error instanceof Problem || error instanceof SignedOut) return null;
      throw error;
    }
  }

  /** No answer is wanted any more. */
  stop() {
    this.#turn += 1;
  }
}

/** In the page's language, else what there is. @param {Taxon} taxon */
export const commonName = ({ names }) => names[language()] ?? (["ky", "uz"].includes(language()) ? names.ru : names.en) ?? names.en ?? names.ru ?? "";

/** @param {Pick<Taxon, 'appendix'>} taxon */
export const appendixWord = ({ appendix }) => (appendix === "0" ? t("Not listed") : t("Appendix {appendix}", { appendix }));

/** In the page's language, else in English. @param {Pick<Restriction, 'reason' | 'reasons'>} restriction */
export const reasonWords = ({ reason, reasons }) => reasons?.[language()] || reason;

/** What it is, and since when. @param {Pick<Restriction, 'since' | 'effect'>} restriction */
export const restrictionTitle = ({ since, effect }) =>
  effect === "ask" ? t("Ask the ministry before you allow or refuse it. On record since {day}", { day: day(since) }) : t("Suspension or zero quota since {day}", { day: day(since) });

/** For which documents, purposes, sources, goods and countries it stands; "": for all. @param {Omit<Restriction, 'since' | 'until' | 'reason' | 'reasons' | 'source'>} restriction */
export const scopeWords = ({ kinds, purposes, sources, terms = [], origins, except_origins: except = [], exported_before: before = false }) =>
  [
    kinds.map((code) => named("kinds", code)),
    purposes.map((code) => named("purposes", code)),
    sources.map((code) => named("sources", code)),
    terms.map((code) => named("terms", code)),
    origins.map(country),
    except.length ? [t("not from {countries}", { countries: except.map(country).join(", ") })] : [],
    before ? [t("not for goods that left their country of origin before that day")] : [],
  ]
    .filter((each) => each.length)
    .map((each) => each.join(", "))
    .join(" · ");

/** The English name, which the form prints where none is given (chalicelib/applications/rules/check.py). @param {Pick<Taxon, 'names'> | null | undefined} known */
export const listedName = (known) => known?.names.en ?? "";

/** What becomes of a common name that is left out. @param {Pick<Taxon, 'names'> | null | undefined} known */
export const listedHint = (known) => (listedName(known) ? t("Left empty, the list’s is printed: {name}", { name: listedName(known) }) : "");

/**
 * What the list holds of each name of a form; null where it lacks it.
 * @param {import('./application.js').Application} record @returns {Promise<Map<string, Entry | null>>}
 */
export async function speciesOf(record) {
  const names = [...new Set((record.lines ?? []).map((/** @type {import('./application.js').Application} */ line) => line.scientific_name).filter(Boolean))];
  const found = names.map(async (name) => {
    const wanted = name.trim().toLowerCase();
    const { items } = wanted.length > 1 ? (await askAs(`/v1/species?${new URLSearchParams({ q: wanted })}`)).body : { items: [] };
    const same = (/** @type {Entry} */ each) => [each.scientific_name, ...each.synonyms].some((one) => one.toLowerCase() === wanted);
    return /** @type {const} */ ([name, items.find(same) ?? null]);
  });
  return new Map(await Promise.all(found));
}
