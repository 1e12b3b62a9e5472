// What an exporter is asked, a question a page, in the order of the form's blocks; and which question a refusal belongs to.

import { KINDS, PURPOSES, SOURCES, TERMS, UNITS } from "../core/codes.js";
import { COUNTRIES, ORIGINS } from "../core/countries.js";
import { latest } from "../core/validity.js";
import { valueAt } from "../shared/application.js";
import { country, day, held, named, t } from "../shared/i18n.js";
import { filledIn } from "../shared/origin.js";
import { listedHint } from "../shared/taxa.js";
import { KIND_HINTS, SPECIAL_KINDS, sourceHint } from "./hints.js";
import { noticesQuestion } from "./notices.js";
import { soon } from "./status.js";

/**
 * @typedef {import('./record.js').Application} Application
 * @typedef {{value: string, text: string, hint?: string, special?: boolean}} Option
 * @typedef {{path: string, look: 'text' | 'long' | 'choice' | 'select' | 'day' | 'number' | 'species' | 'email', label: string, hint?: string,
 *   options?: Option[], usual?: string[], optional?: boolean, most?: number, latin?: boolean}} Field
 * @typedef {{id: string, title: string, about?: string, fields: Field[]}} Question
 * @typedef {{issuer: string, today: string, faults: {field: string}[], taxa: Map<string, import('../shared/taxa.js').Entry | null>}} Context
 *   `today`: in the Party's zone; `taxa`: what the list has of the goods' names, as far as it was asked
 */

const CAPTIVE_OR_OLD = ["D", "O", "C", "A"]; // sources that block 12b speaks about

/** The questions about the whole application. Goods and papers have pages of their own. @param {Application} record @param {Context} context @returns {Question[]} */
export function questions(record, context) {
  const kind = String(record.document_type ?? "");
  const abroad = kind === "E" || kind === "R";
  return [
    {
      id: "document",
      title: t("Which document do you need?"),
      fields: [{ path: "document_type", look: "choice", label: t("Document"), options: kinds() }],
    },
    { id: "exporter", title: t("Who sends the goods?"), about: latin(), fields: party("exporter") },
    { id: "importer", title: t("Who receives the goods?"), about: latin(), fields: party("importer") },
    {
      id: "purpose",
      title: t("What are the goods for?"),
      about: t("The purpose of this transaction, as the receiver will use the goods."),
      fields: [{ path: "purpose", look: "choice", label: t("Purpose"), options: coded([...PURPOSES.keys()], "purposes") }],
    },
    { id: "goods", title: t("Which goods?"), fields: [] },
    ...(abroad
      ? [
          {
            id: "import-permit",
            title: t("Has the other country given an import permit?"),
            about: t("Needed first for Appendix I from the wild or with source C, and for live Appendix I animals and plants that are re-exported. Leave it empty where there is none."),
            fields: /** @type {Field[]} */ ([
              { path: "import_permit.number", look: "text", label: t("Number of the import permit"), optional: true, most: 70 },
              { path: "import_permit.country", look: "select", label: t("Country that gave it"), optional: true, options: countries() },
              { path: "import_permit.date", look: "day", label: t("Day on which it was given"), optional: true },
            ]),
          },
        ]
      : []),
    ...(kind === "OS"
      ? [
          {
            id: "carnet",
            title: t("Which ATA carnet does the collection travel with?"),
            about: t("The certificate is valid only with this carnet. Its number is printed in block 5."),
            fields: /** @type {Field[]} */ ([{ path: "ata_carnet", look: "text", label: t("Number of the ATA carnet"), most: 35 }]),
          },
        ]
      : []),
    {
      id: "valid-until",
      title: t("Until when do you need it?"),
      about: t("The goods must have arrived by this day. Count the time for the decision, for the stamp and for the journey."),
      fields: [
        {
          path: "valid_until",
          look: "day",
          label: t("Last day of validity"),
          hint: KINDS.has(kind) ? `${t("If it were issued today: {day} at the latest.", { day: day(latest(kind, context.today)) })} ${t("Until {day} there is little time for the decision and the journey.", { day: day(soon(context.today)) })}` : "",
        },
      ],
    },
    {
      id: "transport",
      title: t("How will the goods travel?"),
      fields: [
        {
          path: "transport_document",
          look: "text",
          label: t("Number of the transport document"),
          hint: t("Air waybill, bill of lading or consignment note. Leave it empty if you do not know it yet: customs write it at the border."),
          optional: true,
          most: 70,
        },
      ],
    },
    {
      id: "form",
      title: t("On paper or electronic?"),
      fields: [
        {
          path: "form",
          look: "choice",
          label: t("Form of the document"),
          options: [
            { value: "paper", text: t("On paper, with stamp and signature"), hint: t("You fetch the original from the ministry. What you download yourself says COPY.") },
            { value: "electronic", text: t("Electronic"), hint: t("Every print of it is equally valid. Ask first whether the other country accepts it.") },
          ],
        },
      ],
    },
    {
      id: "remarks",
      title: t("Is there anything to add?"),
      about: t("Needed where the source or the country of origin is unknown, and for goods that were confiscated: say why. It is printed in block 5."),
      fields: [{ path: "special_conditions", look: "long", label: t("Remarks"), optional: true, most: 2000, hint: latin() }],
    },
    noticesQuestion(),
    { id: "papers", title: t("Which papers support it?"), fields: [] },
  ];
}

/** The questions about one kind of goods. @param {Application} record @param {number} index @param {Context} context @returns {Question[]} */
export function lineQuestions(record, index, context) {
  const at = `lines[${index}]`;
  const line = record.lines?.[index] ?? {};
  const again = record.document_type === "R";
  const known = context.taxa.get(line.scientific_name);
  const unlisted = line.appendix || line.kingdom || context.faults.some((fault) => fault.field === `${at}.appendix`);
  return [
    {
      id: "species",
      title: t("Which animal or plant?"),
      fields: [
        { path: `${at}.scientific_name`, look: "species", label: t("Name"), hint: t("Scientific or common name, in any of our languages: Falco cherrug, Saker. Take it from the list."), most: 200 },
        ...(unlisted
          ? /** @type {Field[]} */ ([
              { path: `${at}.appendix`, look: "choice", label: t("CITES Appendix"), options: ["I", "II", "III"].map((value) => ({ value, text: value })) },
              { path: `${at}.kingdom`, look: "choice", label: t("Kingdom"), options: [{ value: "Animalia", text: t("Animal") }, { value: "Plantae", text: t("Plant") }] },
            ])
          : []),
      ],
    },
    {
      id: "specimen",
      title: t("What is it?"),
      fields: [
        { path: `${at}.term`, look: "select", label: t("Kind of specimen"), options: coded([...TERMS.keys()], "terms", true), usual: known?.usual_terms },
        { path: `${at}.description`, look: "text", label: t("Description"), hint: t("As the customs officer sees it: “live bird, female, two years”. In English, French or Spanish."), most: 2000 },
        { path: `${at}.common_name`, look: "text", label: t("Common name"), hint: listedHint(known), optional: true, most: 200 },
      ],
    },
    {
      id: "quantity",
      title: t("How much?"),
      fields: [
        { path: `${at}.quantity`, look: "number", label: t("Quantity"), hint: t("Digits, with a point or a comma before decimals: 2 or 12.5"), most: 16 },
        { path: `${at}.unit`, look: "select", label: t("Unit"), options: [{ value: "", text: t("pieces (animals, plants, items)") }, ...coded([...UNITS.keys()].filter((code) => code !== "NAR"), "units", true)] },
      ],
    },
    {
      id: "source",
      title: t("Where do they come from?"),
      about: t("The source, for each kind of goods. The Scientific Authority examines it."),
      fields: [{ path: `${at}.source`, look: "choice", label: t("Source"), options: coded([...SOURCES.keys()], "sources").map((each) => ({ ...each, hint: sourceHint(each.value) })) }],
    },
    {
      id: "origin",
      title: again ? t("Which country do they come from first?") : t("Country of origin"),
      about: again ? t("The country in which they were taken from the wild, bred or grown, and its permit.") : "",
      fields: [
        { path: `${at}.origin.country`, look: "select", label: t("Country of origin"), options: countries(ORIGINS), optional: !again && record.document_type !== "OP", hint: filledIn(record.document_type, line) ? t("Empty: {country} is filled in.", { country: country(context.issuer) }) : "" },
        ...(again
          ? /** @type {Field[]} */ ([
              { path: `${at}.origin.permit`, look: "text", label: t("Number of its permit"), most: 70 },
              { path: `${at}.origin.date`, look: "day", label: t("Day of that permit") },
              { path: `${at}.last_reexport.country`, look: "select", label: t("Country of the last re-export, if another one"), options: countries(), optional: true },
              { path: `${at}.last_reexport.certificate`, look: "text", label: t("Number of its certificate"), optional: true, most: 70 },
              { path: `${at}.last_reexport.date`, look: "day", label: t("Day of that certificate"), optional: true },
            ])
          : []),
      ],
    },
    {
      id: "marks",
      title: t("How are they marked?"),
      about: t("Rings, microchips, tags, labels: each number as it stands on the goods. Officers compare them one by one."),
      fields: [{ path: `${at}.marks`, look: "long", label: t("Marks"), optional: true, most: 1000 }],
    },
    ...(CAPTIVE_OR_OLD.includes(line.source) || record.document_type === "OP"
      ? [
          {
            id: "operation",
            title: line.source === "O" || record.document_type === "OP" ? t("When did you acquire them?") : t("Where were they bred or grown?"),
            fields: /** @type {Field[]} */ ([
              {
                path: `${at}.operation_or_acquisition`,
                look: "text",
                label: line.source === "O" || record.document_type === "OP" ? t("Day or year of acquisition") : t("Number of the registered operation"),
                hint: line.source === "D" ? t("Required for source D.") : "",
                optional: line.source === "C" || line.source === "A",
                most: 70,
              },
            ]),
          },
        ]
      : []),
  ];
}

/** Where a refusal is put right: the page's place below the draft's. @param {string} field @param {Application} record @param {Context} context */
export function placeOf(field, record, context) {
  const line = /^lines\[(\d+)\]/.exec(field);
  if (line) {
    const own = lineQuestions(record, Number(line[1]), context).find((question) => asks(question, field));
    return own ? `goods/${line[1]}/${own.id}` : "goods";
  }
  return questions(record, context).find((question) => asks(question, field))?.id ?? (field === "lines" ? "goods" : "remarks");
}

/** Whether a refusal belongs to a question: to one of its fields, or to the group that they stand in. @param {Question} question @param {string} field */
export const asks = (question, field) => question.fields.some(({ path }) => path === field || path.startsWith(`${field}.`));

/** The path of the field that shows a refusal of a group. @param {Question} question @param {string} field */
export const fieldFor = (question, field) =>
  question.fields.find(({ path }) => path === field || (path.startsWith(`${field}.`) && !/^lines\[\d+\]$/.test(field)))?.path;

/** @param {'exporter' | 'importer'} side @returns {Field[]} */
const party = (side) => [
  { path: `${side}.name`, look: "text", label: t("Name, in Latin letters"), most: 200 },
  { path: `${side}.address`, look: "text", label: t("Address, in Latin letters"), most: 300 },
  { path: `${side}.country`, look: "select", label: t("Country"), options: countries() },
  { path: `${side}.name_local`, look: "text", label: t("Name in its own script"), optional: true, most: 200 },
  { path: `${side}.address_local`, look: "text", label: t("Address in its own script"), optional: true, most: 300 },
];

const latin = () => t("CITES documents are in English, French or Spanish: please use Latin letters.");

/** @returns {Option[]} */
const kinds = () =>
  [...KINDS.keys()].map((value) => ({ value, text: named("kinds", value), hint: KIND_HINTS()[value], special: SPECIAL_KINDS.includes(value) }));

/** @param {string[]} codes @param {'purposes' | 'sources' | 'terms' | 'units'} vocabulary @param {boolean} [sorted] @returns {Option[]} */
function coded(codes, vocabulary, sorted = false) {
  const options = codes.map((value) => ({ value, text: named(vocabulary, value) }));
  return sorted ? options.sort(byText) : options;
}

/** @param {ReadonlyMap<string, string>} [codes] @returns {Option[]} */
const countries = (codes = COUNTRIES) => [...codes.keys()].map((value) => ({ value, text: country(value) })).sort(byText);

/** @param {Option} one @param {Option} other */
const byText = (one, other) => one.text.localeCompare(other.text, [held().language, "ru", "en"]);

/** An answer in words. @param {Field} field @param {Application} record @returns {string} */
export function said(field, record) {
  const value = String(valueAt(record, field.path));
  if (!value) return "";
  if (field.look === "day") return day(value);
  return field.options?.find((option) => option.value === value)?.text ?? value;
}
