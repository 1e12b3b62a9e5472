// What is asked about a case, here and at the desk: its fields, its vocabularies in words, and what is missing yet.

import { TERMS, UNITS } from "../core/codes.js";
import { codedOptions, countryOptions, filled } from "./entry.js";
import { home } from "./frame.js";
import { t } from "./i18n.js";
import { appendixWord } from "./taxa.js";
import { spelled } from "./quantity.js";

/** @typedef {import('./entry.js').Field} Field @typedef {Record<string, any>} Entered */

const TRANSIT_AT_MOST = 10; // countries, as the service takes
const QUANTITY = /^(?:0|[1-9][0-9]{0,8})(?:\.[0-9]{0,5}[1-9])?$/;

/** Codes of chalicelib/cases/model/case.py, in words. @returns {Record<string, Record<string, string>>} */
export const vocabularies = () => ({
  kind: { seizure: t("Seized"), detention: t("Held until it is clear"), suspicion: t("Suspicion, goods gone") },
  direction: { import: t("They arrive"), export: t("They leave"), transit: t("In transit"), return: t("They come back"), inland: t("Inside the country") },
  agency: { customs: t("Customs"), border: t("Border guard"), inspector: t("Inspection"), police: t("Police"), ministry: t("Ministry"), other: t("Other") },
  reason: {
    no_document: t("No document"),
    forged_document: t("Forged document"),
    altered_document: t("Altered document"),
    used_document: t("Document used before"),
    expired_document: t("Expired document"),
    false_declaration: t("False declaration"),
    undeclared: t("Not declared"),
    more_than_permitted: t("More than permitted"),
    other_species: t("Another species than on the paper"),
    false_source: t("False source: captive-bred claimed"),
    domestic_law: t("Domestic law"),
    other: t("Other"),
  },
  transport: { air: t("By air"), road: t("By road"), rail: t("By rail"), foot: t("On foot"), post: t("By post"), courier: t("By courier"), none: t("Not moved"), other: t("Other") },
  detection: {
    document_check: t("Check of papers"),
    risk_profile: t("Risk profile"),
    search: t("Search of goods"),
    xray: t("X-ray"),
    dog: t("Dog"),
    tip_off: t("Tip-off"),
    scanner: t("Permit scanner"),
    inland_control: t("Control inside the country"),
    online: t("Offer on the internet"),
    other: t("Other"),
  },
  disposal: {
    stored: t("Stored"),
    destroyed: t("Destroyed"),
    released: t("Released into the wild"),
    rescue_centre: t("Rescue centre"),
    returned_to_country: t("Returned to the country of origin"),
    scientific: t("Given to science"),
    sold: t("Sold"),
    returned_to_owner: t("Returned to the owner"),
    died: t("Died"),
    undecided: t("Not decided yet"),
  },
  role: { carrier: t("Carrier"), sender: t("Sender"), consignee: t("Consignee"), owner: t("Owner"), driver: t("Driver"), witness: t("Witness"), other: t("Other") },
  followup: {
    note: t("Note"),
    charged: t("Charged"),
    sanction: t("Sanction"),
    court: t("Court"),
    disposal: t("What became of the goods"),
    handed_over: t("Handed over"),
    expert_opinion: t("Expert’s opinion"),
    asked_abroad: t("Asked abroad"),
    released: t("Released"),
    closed: t("Closed"),
    reopened: t("Opened again"),
  },
});

/** @param {string} vocabulary @param {string | null | undefined} code */
export const caseWord = (vocabulary, code) => (code ? (vocabularies()[vocabulary][code] ?? code) : "–");

/** @param {string} vocabulary */
export const caseOptions = (vocabulary) => Object.entries(vocabularies()[vocabulary]).map(([value, text]) => ({ value, text }));

/** What the species list says to a line's name as it was written; "" where it says the same, or an old record was not told.
 * @param {{scientific_name?: string, accepted_name?: string | null}} line */
export function listedAs({ scientific_name: written, accepted_name: accepted }) {
  if (accepted === null) return t("The list does not have this name.");
  return accepted && accepted.toLowerCase() !== written?.toLowerCase() ? t("Accepted name: {name}", { name: accepted }) : "";
}

/** What an officer enters first: enough for a case. @returns {Field[]} */
export const firstFields = () => [
  { path: "kind", label: t("What was done"), options: caseOptions("kind") },
  { path: "reason", label: t("Why"), options: caseOptions("reason") },
  { path: "direction", label: t("What happens to the goods here"), options: caseOptions("direction") },
  { path: "agency", label: t("Agency"), options: caseOptions("agency") },
];

/** @param {number} index @returns {Field[]} */
export const goodsFields = (index) => [
  { path: `goods[${index}].scientific_name`, label: t("Scientific name, if you know it"), look: "species" },
  { path: `goods[${index}].common_name`, label: t("Or what people call it") },
  { path: `goods[${index}].term`, label: t("Kind of specimen"), options: codedOptions(TERMS.keys(), "terms") },
  { path: `goods[${index}].quantity`, label: t("Quantity found"), look: "number", most: 16 },
  { path: `goods[${index}].unit`, label: t("Unit; empty: pieces"), options: codedOptions([...UNITS.keys()].filter((code) => code !== "NAR"), "units") },
  { path: `goods[${index}].marks`, label: t("Marks: rings, chips, tags") },
];

/** Of goods, what few cases need: behind a disclosure. @param {number} index @returns {Field[]} */
export const rareGoodsFields = (index) => [
  { path: `goods[${index}].description`, label: t("Description: age, sex, size, packing"), look: "long" },
  { path: `goods[${index}].appendix`, label: t("Appendix, if you know it"), options: ["I", "II", "III", "0"].map((value) => ({ value, text: appendixWord({ appendix: value }) })) },
];

/** A further country of transit is asked for once the last one is named. @param {Entered} fields @returns {Field[]} */
function transitFields({ route }) {
  const named = route?.transit ?? [];
  const asked = named.at(-1) === "" ? named.length : Math.min(named.length + 1, TRANSIT_AT_MOST);
  const label = (/** @type {number} */ index) => (index ? t("Then through") : t("Country it came through"));
  return Array.from({ length: asked }, (_, index) => ({ path: `route.transit[${index}]`, label: label(index), options: countryOptions([]) }));
}

/** @param {Entered} fields @returns {{title: string, fields: Field[]}[]} */
export const furtherFields = (fields) => [
  {
    title: t("How it was found"),
    fields: [
      { path: "detection", label: t("Found by"), options: caseOptions("detection") },
      { path: "concealment", label: t("How it was hidden"), look: "long" },
      { path: "place", label: t("Place, if not the post itself") },
    ],
  },
  {
    title: t("Route"),
    fields: [
      { path: "route.origin", label: t("Country of origin"), options: countryOptions([home()]) },
      { path: "route.departure", label: t("Country it came from"), options: countryOptions([home()]) },
      ...transitFields(fields),
      { path: "route.destination", label: t("Country it was going to"), options: countryOptions() },
      { path: "route.transport", label: t("Means of transport"), options: caseOptions("transport") },
      { path: "route.document", label: t("Waybill, flight or ticket"), most: 100 },
      { path: "vehicle", label: t("Number of the vehicle"), most: 100 },
    ],
  },
  {
    title: t("The paper that was shown"),
    fields: [
      { path: "permit.issuer", label: t("Country that issued it"), options: countryOptions([home()]) },
      { path: "permit.number", label: t("Number, as it stands on the paper"), most: 100 },
    ],
  },
];

/** @param {number} index @returns {Field[]} */
export const personFields = (index) => [
  { path: `people[${index}].role`, label: t("Part in it"), options: caseOptions("role") },
  { path: `people[${index}].name`, label: t("Name, as in the passport") },
  { path: `people[${index}].nationality`, label: t("Nationality"), options: countryOptions([home()]) },
  { path: `people[${index}].born`, label: t("Date of birth"), look: "day" },
  { path: `people[${index}].document`, label: t("Passport or other document") },
];

/** @returns {Field[]} */
export const lawFields = () => [
  { path: "law", label: t("Law under which charged") },
  { path: "sanction", label: t("Sanction"), look: "long" },
  { path: "disposal", label: t("What became of the goods"), options: caseOptions("disposal") },
  { path: "value.amount", label: t("Value"), look: "number", most: 16 },
  { path: "value.currency", label: t("Currency"), options: ["KGS", "USD", "EUR", "RUB", "KZT", "CNY"].map((value) => ({ value, text: value })) },
];

/** @param {Entered} fields */
export function caseFaults(fields) {
  /** @type {import('./api.js').FieldError[]} */
  const faults = [];
  const need = (/** @type {string} */ field, /** @type {unknown} */ value) => value || faults.push({ field, code: "required", detail: "" });
  for (const name of ["kind", "reason", "agency"]) need(name, fields[name]);
  fields.goods.forEach((/** @type {Entered} */ line, /** @type {number} */ index) => {
    const at = `goods[${index}]`;
    need(`${at}.scientific_name`, line.scientific_name?.trim() || line.common_name?.trim());
    need(`${at}.term`, line.term);
    if (need(`${at}.quantity`, line.quantity) && !(QUANTITY.test(spelled(line.quantity)) && Number(spelled(line.quantity)) > 0)) faults.push({ field: `${at}.quantity`, code: "quantity", detail: "" });
  });
  fields.people.forEach((/** @type {Entered} */ person, /** @type {number} */ index) => {
    if (filled(person)) need(`people[${index}].role`, person.role);
  });
  if (fields.value?.amount && !QUANTITY.test(spelled(fields.value.amount))) faults.push({ field: "value.amount", code: "quantity", detail: "" });
  if (fields.value?.amount) need("value.currency", fields.value.currency);
  return faults;
}

/** What the service takes, without what is empty. @param {Entered} fields */
export function caseBody(fields) {
  const { people, ...made } = filled(fields);
  for (const line of made.goods) line.quantity = spelled(line.quantity);
  if (made.value?.amount) made.value.amount = spelled(made.value.amount);
  else delete made.value;
  const persons = (people ?? []).filter(Boolean);
  return { ...made, ...(persons.length && { people: persons }) };
}
