// The fields of the form in the order of its blocks (Conf. 12.3, Annex 2), with what each may hold.

import { KINDS, PURPOSES, SOURCES, TERMS, UNITS } from "../core/codes.js";
import { COUNTRIES, ORIGINS } from "../core/countries.js";
import { home } from "../shared/frame.js";
import { country, held, named, t } from "../shared/i18n.js";
import { filledIn } from "../shared/origin.js";

/**
 * @typedef {{value: string, text: string}} Option
 * @typedef {{path: string, block: string, label: string, look?: 'text' | 'long' | 'day' | 'number' | 'species', hint?: string,
 *   options?: Option[], local?: string}} Field  `local`: where the same stands in its own script
 */

/** @param {import('../shared/application.js').Application} record @returns {{title: string, fields: Field[]}[]} */
export const blocks = (record) => [
  {
    title: t("Document"),
    fields: [
      { path: "document_type", block: "1", label: t("Document"), options: coded([...KINDS.keys()], "kinds") },
      { path: "form", block: "1", label: t("Form"), options: [{ value: "paper", text: t("On paper, with stamp and signature") }, { value: "electronic", text: t("Electronic") }] },
      { path: "valid_until", block: "2", label: t("Valid until"), look: "day" },
    ],
  },
  { title: t("Importer"), fields: party("importer", "3") },
  { title: t("Exporter"), fields: party("exporter", "4") },
  {
    title: t("Conditions, purpose, stamp"),
    fields: [
      { path: "special_conditions", block: "5", label: t("Special conditions"), look: "long", hint: t("In English, French or Spanish.") },
      { path: "purpose", block: "5a", label: t("Purpose"), options: coded([...PURPOSES.keys()], "purposes") },
      { path: "stamp_number", block: "5b", label: t("Number of the security stamp") },
      ...(record.document_type === "E" || record.document_type === "R"
        ? /** @type {Field[]} */ ([
            { path: "import_permit.country", block: "5", label: t("Import permit: country"), options: countries() },
            { path: "import_permit.number", block: "5", label: t("Import permit: number") },
            { path: "import_permit.date", block: "5", label: t("Import permit: day"), look: "day" },
          ])
        : []),
      ...(record.document_type === "OS" ? /** @type {Field[]} */ ([{ path: "ata_carnet", block: "5", label: t("Number of the ATA carnet") }]) : []),
      { path: "retrospective.reason", block: "5", label: t("Issued afterwards because"), look: "long", hint: t("Only if the goods left without it through no fault of the trader: say why, in English, French or Spanish. Never for Appendix I.") },
      { path: "transport_document", block: "14", label: t("Transport document") },
    ],
  },
];

/** Whether a line quotes other countries' documents (blocks 12, 12a): in a re-export, and wherever the goods are from
 * elsewhere, but for an export permit, which the rules then refuse (chalicelib/applications/rules/quantity_and_origin.py); what stands there can be
 * put right. @param {import('../shared/application.js').Application} record @param {number} index */
function quotes({ document_type: kind, lines }, index) {
  const { origin, last_reexport: last } = lines?.[index] ?? {};
  if (origin?.permit || origin?.date || last) return true;
  return kind === "R" || (kind !== "E" && Boolean(origin?.country) && origin.country !== home());
}

/** @param {import('../shared/application.js').Application} record @param {number} index @param {boolean} [documents] of other countries @returns {Field[]} */
export function lineBlocks(record, index, documents = quotes(record, index)) {
  const at = `lines[${index}]`;
  return [
    { path: `${at}.scientific_name`, block: "7", label: t("Scientific name"), look: "species" },
    { path: `${at}.common_name`, block: "8", label: t("Common name") },
    { path: `${at}.term`, block: "9", label: t("Kind of specimen"), options: coded([...TERMS.keys()], "terms") },
    { path: `${at}.description`, block: "9", label: t("Description") },
    { path: `${at}.marks`, block: "9", label: t("Marks"), hint: t("Rings, chips, tags: each number as it stands on the goods.") },
    { path: `${at}.appendix`, block: "10", label: t("Appendix"), options: ["I", "II", "III"].map((value) => ({ value, text: value })), hint: t("Only for a name that the list lacks.") },
    { path: `${at}.kingdom`, block: "10", label: t("Kingdom"), options: [{ value: "Animalia", text: t("Animal") }, { value: "Plantae", text: t("Plant") }], hint: t("Only for a name that the list lacks.") },
    { path: `${at}.source`, block: "10", label: t("Source"), options: coded([...SOURCES.keys()], "sources") },
    { path: `${at}.quantity`, block: "11", label: t("Quantity"), look: "number" },
    { path: `${at}.quota_year`, block: "11a", label: t("Year of the quota"), hint: t("Only if it is another year than that of issue.") },
    { path: `${at}.unit`, block: "11", label: t("Unit"), options: coded([...UNITS.keys()].filter((code) => code !== "NAR"), "units"), hint: t("Empty: pieces.") },
    { path: `${at}.origin.country`, block: "12", label: t("Country of origin"), options: countries(ORIGINS), hint: filledIn(record.document_type, record.lines?.[index] ?? {}) ? t("Empty: {country} is filled in.", { country: country(home()) }) : "" },
    ...(documents
      ? /** @type {Field[]} */ ([
          { path: `${at}.origin.permit`, block: "12", label: t("Permit of the country of origin") },
          { path: `${at}.origin.date`, block: "12", label: t("Day of that permit"), look: "day" },
          { path: `${at}.last_reexport.country`, block: "12a", label: t("Country of the last re-export"), options: countries() },
          { path: `${at}.last_reexport.certificate`, block: "12a", label: t("Its certificate") },
          { path: `${at}.last_reexport.date`, block: "12a", label: t("Day of that certificate"), look: "day" },
        ])
      : []),
    { path: `${at}.operation_or_acquisition`, block: "12b", label: t("Operation, or year of acquisition") },
  ];
}

/** @param {'exporter' | 'importer'} side @param {string} block @returns {Field[]} */
const party = (side, block) => [
  { path: `${side}.name_local`, block, label: t("Name in its own script") },
  { path: `${side}.name`, block, label: t("Name in Latin letters"), local: `${side}.name_local` },
  { path: `${side}.address_local`, block, label: t("Address in its own script") },
  { path: `${side}.address`, block, label: t("Address in Latin letters"), local: `${side}.address_local` },
  { path: `${side}.country`, block, label: t("Country"), options: countries() },
];

/** @param {string[]} codes @param {'kinds' | 'purposes' | 'sources' | 'terms' | 'units'} vocabulary @returns {Option[]} */
const coded = (codes, vocabulary) => codes.map((value) => ({ value, text: `${value} · ${named(vocabulary, value)}` }));

/** @param {ReadonlyMap<string, string>} [codes] @returns {Option[]} */
const countries = (codes = COUNTRIES) =>
  [...codes.keys()]
    .map((value) => ({ value, text: country(value) }))
    .sort((one, other) => one.text.localeCompare(other.text, [held().language, "ru", "en"]));
