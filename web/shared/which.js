// Which permit, or which document? One question after another, out of what is known so far; and what the answers make as a
// question to the table (GET /v1/requirements, or core/requirements.js where there is no network) and as an application.

import { covered, formNeeded } from "../core/annotations.js";
import { PURPOSES, SOURCES, TERMS } from "../core/codes.js";
import { country, day, figure, held, named, t } from "./i18n.js";

/**
 * @typedef {{scientific_name: string, found_by?: string, appendix: string, kingdom: string, annotation: string, source: string, names: Record<string, string>,
 *   family?: string, symbol?: string, excepts?: string[], unlisted?: {reason: string, note: string, wild?: readonly string[]} | null,
 *   restrictions?: readonly {exported_before?: boolean}[], covers?: any,
 *   population?: import('../core/requirements.js').Population | null, range_states?: readonly string[]}} Taxon
 * @typedef {Record<string, string>} Answers  by question; what is not answered is absent
 * @typedef {{value: string, text: string, hint?: string, listing?: Taxon, rare?: boolean}} Option  `listing`: of which the remark stands there
 * @typedef {{id: string, title: string, about?: string, look: 'species' | 'choice' | 'country' | 'amount' | 'day', options?: Option[],
 *   optional?: boolean}} Question
 * @typedef {{kind: string, name: string, issued_by: string, why: string, why_code?: string, article: string, alternatives: string[],
 *   comparable: boolean}} Document
 * @typedef {{decision: 'documents' | 'none' | 'prohibited' | 'ask', documents: Document[],
 *   other_papers: {kind: string, text: string, checked: string}[], reasons: {code: string, text: string, article: string}[],
 *   allowance: {text: string} | null, findings?: string[], findings_open?: string[], near?: string[],
 *   in_force?: string, checked?: string, stricter_abroad?: import('./importer.js').ImporterAsk[]}} Found
 * By what the answer is judged. `today`: in the zone of the country.
 * @typedef {{issuer: string, today: string, annotations: import('../core/annotations.js').Rules}} Basis
 */

const COMMON_TERMS = ["LIV", "TRO", "SKI", "HOR", "FEA", "MEA", "CAV", "MED"];
const LEAVES = ["export"];
const CULTIVAR = "cultivar";
const OF_HOLDERS = ["owned_animal", "exhibition", "instrument", "samples"];

/** What is asked, in order, as far as the answers lead. @param {Answers} said @param {Taxon | null} taxon @param {Basis} basis @returns {Question[]} */
export function questions(said, taxon, basis) {
  const { issuer } = basis;
  const { direction, use } = said;
  /** @type {Question[]} */
  const asked = [{ id: "species", title: t("Which animal or plant?"), about: t("Scientific or common name. Take it from the list."), look: "species" }, directions()];
  if (!taxon || direction === "transit") return asked;
  if (taxon.appendix === "0") return taxon.unlisted?.wild?.length ? [...asked, sources(taxon, said)] : asked;
  asked.push(terms());
  const forms = formsFor(said, taxon, basis);
  if (forms.length) asked.push(formQuestion(forms));
  if (said.form === "finished_wood" && forms.includes("finished_wood")) asked.push(weight());
  if (leftOut(said, taxon, basis)) return said.form === "domestic" ? [...asked, sources(taxon, said)] : asked;
  if (direction === "return") return originDecides(said, taxon, basis) ? [...asked, origin()] : asked;
  asked.push(uses(taxon));
  if (use === "outside_listing") return asked;
  asked.push(sources(taxon, said));
  if (OF_HOLDERS.includes(use)) asked.push(based());
  if (taxon.appendix === "I" && taxon.kingdom === "Animalia" && ["C", "D"].includes(said.source)) asked.push(registered());
  if (use !== "personal_effects") asked.push(purposes());
  if (use === "personal_effects") asked.push(abroad());
  if (use === "personal_effects" && !asked.some(({ id }) => id === "quantity")) asked.push({ id: "quantity", title: t("How much is it?"), about: t("Grams for caviar and wood, millilitres for oil, pieces for everything else. Leave it empty if you do not know."), look: "amount", optional: true });
  asked.push(origin());
  if (LEAVES.includes(direction)) asked.push({ id: "destination", title: t("Which country do they go to?"), look: "country", optional: true });
  else if (said.origin && said.origin !== issuer) asked.push({ id: "exporting", title: t("Which country do they come from now?"), look: "country", optional: true });
  if (taxon.restrictions?.some((each) => each.exported_before) && (direction === "import" || (said.origin && said.origin !== issuer))) asked.push(exportedOn());
  return asked;
}

/** The forms that decide whether the goods are listed; empty where no annotation asks. @param {Answers} said @param {Taxon} taxon @param {Basis} basis */
function formsFor(said, taxon, basis) {
  if (!said.term) return [];
  const goods = annotatedGoods(said, taxon);
  return [...formNeeded(goods, basis.today, basis.annotations), ...(hasCultivars(goods, basis) ? [CULTIVAR] : [])];
}

/** True if a footnote leaves propagated cultivars of the species out. @param {import('../core/annotations.js').Goods} goods @param {Basis} basis */
function hasCultivars(goods, { today, annotations }) {
  const isLeftOut = (/** @type {string} */ form) => covered({ ...goods, form, source: "A" }, today, annotations).result === "outside";
  return isLeftOut(CULTIVAR) && !isLeftOut("other");
}

/** True if the annotation certainly leaves the goods out: nothing else has to be asked. @param {Answers} said @param {Taxon} taxon @param {Basis} basis */
const leftOut = (said, taxon, { today, annotations }) => Boolean(said.term) && covered({ ...annotatedGoods(said, taxon), ...(said.form === "domestic" && { source: said.source }) }, today, annotations).result === "outside";

/** True if the country of origin decides whether the goods are listed, or in which Appendix. @param {Answers} said @param {Taxon} taxon @param {Basis} basis */
const originDecides = (said, taxon, { today, annotations }) => Boolean(taxon.population) || covered(annotatedGoods(said, taxon), today, annotations).why === "origin";

/** @param {Answers} said @param {Taxon} taxon @returns {import('../core/annotations.js').Goods} */
function annotatedGoods({ term, form }, taxon) {
  const { appendix, symbol, excepts, scientific_name: name, family } = { ...taxon, ...taxon.covers };
  return { symbol: appendix === "I" ? "" : symbol, excepts, taxon: name, family, term, form };
}

/** @param {string[]} forms @returns {Question} */
function formQuestion(forms) {
  /** @type {Record<string, string>} */
  const words = {
    retail: t("Finished goods, packed for retail sale"),
    instrument: t("A finished musical instrument, or a part or accessory of one"),
    finished_wood: t("Other finished goods of wood"),
    in_vitro: t("Seedlings or tissue in a sterile container"),
    fruit: t("Made of the fruit"),
    exhausted: t("Exhausted powder"),
    labelled: t("With the label of the agreement with Botswana, Namibia or South Africa"),
    fossil: t("A fossil"),
    domestic: t("The domestic form"),
    cultivar: t("A cultivar, hybrid or mutant that is left out, artificially propagated"),
    other: t("None of these"),
  };
  return { id: "form", title: t("In which form are the goods?"), about: t("Some forms are not listed."), look: "choice", options: [...forms, "other"].map((value) => ({ value, text: words[value] ?? value })) };
}

/** @returns {Question} */
const weight = () => ({ id: "quantity", title: t("How much of the listed wood is in the consignment?"), look: "amount", optional: true });

/** @returns {Question} */
const origin = () => ({ id: "origin", title: t("Which country do they come from first?"), about: t("Where they were taken from the wild, bred or grown."), look: "country", optional: true });

/** @returns {Question} */
const based = () => ({
  id: "based",
  title: t("In which country does the owner live, or is the exhibition based?"),
  about: t("That country issues the document."),
  look: "country",
  optional: true,
});

/** @returns {Question} */
const exportedOn = () => ({
  id: "exported_on",
  title: t("When did they leave their country of origin?"),
  about: t("The day of the first export permit. Leave it empty if you do not know."),
  look: "day",
  optional: true,
});

/** @returns {Question} */
const directions = () => ({
  id: "direction",
  title: t("What happens to the goods?"),
  look: "choice",
  options: [
    { value: "export", text: t("They leave the country") },
    { value: "import", text: t("They come into the country") },
    { value: "return", text: t("Our goods come back"), hint: t("They left with a document of ours and were refused abroad.") },
    { value: "transit", text: t("They only pass through, under customs control") },
  ],
});

/** @returns {Question} */
const terms = () => ({
  id: "term",
  title: t("What is it?"),
  look: "choice",
  options: [...TERMS.keys()].map((value) => ({ value, text: named("terms", value), rare: !COMMON_TERMS.includes(value) })).sort((one, other) => place(one.value) - place(other.value) || byText(one, other)),
});

/** @param {string} term */
const place = (term) => (COMMON_TERMS.indexOf(term) + 100) % 100;

/** @param {Taxon} taxon @returns {Question} */
const uses = (taxon) => ({
  id: "use",
  title: t("Is it one of these?"),
  about: t("For some movements there is a document of its own, or none."),
  look: "choice",
  options: [
    { value: "none", text: t("None of these") },
    { value: "personal_effects", text: t("Personal or household things"), hint: t("Worn, carried or moved with the household; not alive, no hunting trophy, not for sale.") },
    ...(taxon.kingdom === "Plantae" ? [] : [{ value: "owned_animal", text: t("My own live animal"), hint: t("It crosses borders often and is not sold: a falcon, for example.") }]),
    { value: "exhibition", text: t("A circus or travelling exhibition") },
    { value: "instrument", text: t("A musical instrument") },
    { value: "samples", text: t("A collection of samples"), hint: t("Shown and brought back, with an ATA carnet.") },
    { value: "exchange", text: t("Between scientific institutions"), hint: t("Both stand in the CITES register; a loan, gift or exchange.") },
    ...(taxon.kingdom === "Plantae" ? [{ value: "phytosanitary", text: t("A propagated plant with a phytosanitary certificate"), hint: t("Only where that country told the CITES Secretariat that it serves.") }] : []),
    ...(taxon.annotation ? [{ value: "outside_listing", text: t("A part, hybrid or population that the listing leaves out"), listing: taxon, rare: true }] : []),
  ],
});

/** @param {Taxon} taxon @param {Answers} said @returns {Question} */
const sources = (taxon, said) => ({
  id: "source",
  title: t("Where do they come from?"),
  look: "choice",
  options: [...SOURCES.keys()]
    .filter((code) => !(taxon.kingdom === "Plantae" ? ["C", "R", "F"] : ["A", "Y"]).includes(code) && (code !== "D" || taxon.appendix === "I") && (code !== "X" || said.direction !== "export"))
    .map((value) => ({ value, text: named("sources", value), rare: ["U", "I", "X", "Y"].includes(value) })),
});

/** @returns {Question} */
const registered = () => ({
  id: "registered_operation",
  title: t("Does the breeder stand in the CITES register?"),
  about: t("The register of operations that breed Appendix I animals for trade."),
  look: "choice",
  options: [{ value: "true", text: t("Yes") }, { value: "false", text: t("No, or I do not know") }],
});

/** @returns {Question} */
const purposes = () => ({
  id: "purpose",
  title: t("What are the goods for?"),
  look: "choice",
  options: [...PURPOSES.keys()].map((value) => ({ value, text: named("purposes", value) })),
});

/** @returns {Question} */
const abroad = () => ({
  id: "acquired_abroad",
  title: t("Where did their owner get them?"),
  look: "choice",
  options: [{ value: "false", text: t("In the country where they live") }, { value: "true", text: t("In another country") }],
});

export const countries = () => Object.entries(held().countries).map(([value, text]) => ({ value, text })).sort(byText);

/** @param {{text: string}} one @param {{text: string}} other */
const byText = (one, other) => one.text.localeCompare(other.text, [held().language, "ru", "en"]);

/** An answer in words. @param {Question} question @param {Answers} said */
export function saidWords(question, said) {
  const value = said[question.id] ?? "";
  if (question.look === "country") return held().countries[value] ?? t("not said");
  if (question.look === "day") return value ? day(value) : t("not said");
  if (question.look === "amount") return value ? `${figure(value)} ${said.unit ? named("units", said.unit) : ""}`.trim() : t("not said");
  return question.options?.find((option) => option.value === value)?.text ?? value;
}

/** As GET /v1/requirements takes it: only what was asked on this way. @param {Answers} said @param {Taxon} taxon @param {Question[]} asked */
export function queryOf(said, taxon, asked) {
  const ids = new Set(asked.map((each) => each.id));
  /** @type {Record<string, string>} */
  const query = { species: taxon.scientific_name };
  for (const [name, value] of Object.entries(said)) if (value && (ids.has(name) || (name === "unit" && ids.has("quantity") && said.quantity))) query[name] = value;
  query.species = taxon.scientific_name;
  if (query.use === "none") delete query.use;
  if (query.use === "personal_effects") query.purpose = "P";
  return query;
}

/** Who gives a document. @param {string} by @param {string} issuer */
export const giver = (by, issuer) =>
  by === issuer ? t("the ministry here") : by === "destination" ? t("the country of destination") : by === "exporting" ? t("the country that they come from") : by === "holder" ? t("the country where the owner lives or the exhibition is based") : country(by);

/** Where a rule stands: "Art. VII(4), IV(5); Conf. 12.3" in the reader's words. @param {string} source */
export const provision = (source) =>
  source
    .split("; ")
    .map((each) => {
      const [, of, place] = /^(Art|Conf)\. (.+)$/.exec(each) ?? [];
      return of === "Art" ? t("Art. {place}", { place }) : of ? t("Conf. {place}", { place }) : each;
    })
    .join("; ");

/** The first document that the country itself gives, and that one applies for. Goods that come back have it already. @param {Found} found @param {string} issuer */
export const ours = (found, issuer) => found.documents.find((each) => each.issued_by === issuer && each.why_code !== "own_document") ?? null;

/** What an application begins with. @param {Record<string, string>} query @param {string} kind @param {string} issuer */
export function applicationOf(query, kind, issuer) {
  const leaves = kind !== "I";
  const line = { scientific_name: query.species, term: query.term, source: query.source, ...(query.origin && { origin: { country: query.origin } }) };
  return {
    document_type: kind,
    purpose: query.purpose,
    exporter: { ...(leaves ? { country: issuer } : query.exporting || query.origin ? { country: query.exporting ?? query.origin } : {}) },
    importer: { ...(leaves ? (query.destination ? { country: query.destination } : {}) : { country: issuer }) },
    lines: [line],
  };
}
