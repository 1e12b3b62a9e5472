/**
 * Rules of importing countries beyond CITES, without the service. The same as
 * chalicelib/requirements/model/importers.py, over the same vectors, which explains the checks.
 *
 * An empty list means any. `texts`: by language. `confidence`: seen, known, known_not_firm.
 * @typedef {{countries: string[], appendices: string[], annex: string, kingdoms: string[], taxa: string[],
 *   except_taxa: string[], terms: string[], needs: string, texts: Record<string, string>, source: string,
 *   confidence: string, as_of: string}} ImporterRule
 */

import { withOrigin } from "./requirements.js";

/**
 * The rules of the country of destination for these goods, those for single taxa first.
 * @param {readonly ImporterRule[]} rules @param {import('./requirements.js').Question} question
 * @param {readonly string[]} names  accepted name and synonyms @param {string} issuer
 */
export function importerRules(rules, question, names, issuer) {
  const { subject, direction, destination, term } = withOrigin(question, issuer);
  if (!subject || (direction !== "export" && direction !== "reexport")) return []; // 1
  const may = [subject.appendix, ...(subject.may_be ?? [])];
  const found = rules.filter(
    (each) =>
      each.countries.includes(destination ?? "") &&
      (!each.appendices.length || each.appendices.some((appendix) => may.includes(appendix))) && // 2
      (!each.kingdoms.length || each.kingdoms.includes(subject.kingdom)) && // 3
      (!each.taxa.length || namesOne(each.taxa, names)) && // 4
      !namesOne(each.except_taxa, names) &&
      (!each.terms.length || !term || each.terms.includes(term)), // 5
  );
  return [...found.filter(({ taxa }) => taxa.length), ...found.filter(({ taxa }) => !taxa.length)];
}

/** @param {readonly string[]} taxa @param {readonly string[]} names */
const namesOne = (taxa, names) => taxa.some((taxon) => names.some((name) => name === taxon || name.startsWith(`${taxon} `)));
