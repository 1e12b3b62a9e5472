// What is read off another Party's paper: its fields, what is missing yet, and the event that is made of it.

import { KINDS, PURPOSES, SOURCES, TERMS, UNITS } from "../core/codes.js";
import { formOf, normaliseNumber } from "../core/numbers.js";
import { lineLetter } from "../core/permit.js";
import { valueAt } from "../shared/application.js";
import { codedOptions, countryOptions, filled, originOptions } from "../shared/entry.js";
import { home } from "../shared/frame.js";
import { t } from "../shared/i18n.js";
import { chosenLines } from "../shared/permit-lines.js";
import { spelled } from "../shared/quantity.js";

/** @typedef {import('../shared/entry.js').Field} Field @typedef {import('./record.js').Entered} Entered */

const QUANTITY = /^(?:0|[1-9][0-9]{0,8})(?:\.[0-9]{0,5}[1-9])?$/;
const NO_LATIN = /\p{Script=Cyrillic}|\p{Script=Arabic}|\p{Script=Han}/u;

/** @returns {Field[]} */
export const paperFields = () => [
  { path: "issuer", label: t("Country that issued it"), options: countryOptions().filter((each) => each.value !== home()) },
  { path: "number", label: t("Number, as it stands on the paper"), most: 60 },
  { path: "permit.document_type", label: t("Kind of document (block 1)"), options: codedOptions(KINDS.keys(), "kinds") },
  { path: "issued_on", label: t("Day of issue (block 13)"), look: "day" },
  { path: "permit.valid_until", label: t("Last day of validity (block 2)"), look: "day" },
  { path: "permit.exporter.name", label: t("Exporter (block 4)") },
  { path: "permit.exporter.country", label: t("Country of the exporter"), options: countryOptions() },
  { path: "permit.importer.name", label: t("Importer (block 3)") },
  { path: "permit.importer.country", label: t("Country of the importer"), options: countryOptions([home()]) },
  { path: "permit.purpose", label: t("Purpose (block 5a)"), options: codedOptions(PURPOSES.keys(), "purposes") },
  { path: "permit.stamp_number", label: t("Number of the security stamp (block 5b)"), most: 35 },
];

/** @param {number} index @returns {Field[]} */
export const paperLine = (index) => {
  const at = `permit.lines[${index}]`;
  return [
    { path: `${at}.scientific_name`, label: t("Scientific name (block 7)"), look: "species" },
    { path: `${at}.term`, label: t("Kind of specimen (block 9)"), options: codedOptions(TERMS.keys(), "terms") },
    { path: `${at}.quantity`, label: t("Quantity on the paper (block 11)"), look: "number", most: 16 },
    { path: `${at}.unit`, label: t("Unit; empty: pieces"), options: codedOptions([...UNITS.keys()].filter((code) => code !== "NAR"), "units") },
    { path: `${at}.marks`, label: t("Marks: rings, chips, tags (block 9)") },
    { path: `${at}.appendix`, label: t("Appendix (block 10)"), options: ["I", "II", "III"].map((value) => ({ value, text: value })) },
    { path: `${at}.source`, label: t("Source (block 10)"), options: codedOptions(SOURCES.keys(), "sources") },
    { path: `${at}.origin.country`, label: t("Country of origin (block 12)"), options: originOptions() },
  ];
};

/** Asked of a paper of Appendix I alone: the import permit of ours that Art. III(3) wants of it. @param {Entered} fields @returns {Field[]} */
export const importPermit = (fields) => (namesImport(fields) ? [{ path: "permit.import_permit.number", label: t("Number of our import permit (block 5)"), most: 70, hint: t("Appendix I from the wild needs one. Without a network, compare its importer with block 3 yourself.") }] : []);

/** @param {Entered} fields */
const namesImport = ({ direction, permit }) => direction === "import" && permit.lines.some((/** @type {Entered} */ line) => line.appendix === "I");

/** What an officer in a hurry leaves to the desk. @returns {Field[]} */
export const furtherPaper = () => [{ path: "permit.special_conditions", label: t("Special conditions (block 5)"), look: "long" }];

/** @param {number} index @returns {Field[]} */
export const furtherLine = (index) => {
  const at = `permit.lines[${index}]`;
  return [
    { path: `${at}.common_name`, label: t("Common name (block 8)") },
    { path: `${at}.description`, label: t("Description in words (block 9)"), most: 500 },
    { path: `${at}.origin.permit`, label: t("Number of the permit of the country of origin (block 12)"), most: 70 },
    { path: `${at}.origin.date`, label: t("Day of that permit (block 12)"), look: "day" },
    { path: `${at}.last_reexport.country`, label: t("Country of the last re-export (block 12a)"), options: countryOptions() },
    { path: `${at}.last_reexport.certificate`, label: t("Number of its certificate (block 12a)"), most: 70 },
    { path: `${at}.last_reexport.date`, label: t("Day of that certificate (block 12a)"), look: "day" },
    { path: `${at}.operation_or_acquisition`, label: t("Number of the operation, or day of acquisition (block 12b)"), most: 70 },
  ];
};

/** @param {Entered} fields */
export function paperFaults(fields) {
  /** @type {import('../shared/api.js').FieldError[]} */
  const faults = [];
  const need = (/** @type {string} */ field, /** @type {unknown} */ value) => value || faults.push({ field, code: "required", detail: "" });
  const latin = (/** @type {string} */ field) => NO_LATIN.test(valueAt(fields, field)) && faults.push({ field, code: "not_latin", detail: "" });
  need("issuer", fields.issuer);
  if (need("number", fields.number) && !numberOf(fields)) faults.push({ field: "number", code: "number", detail: "" });
  need("permit.document_type", fields.permit.document_type);
  need("sealed", fields.sealed);
  for (const path of ["permit.exporter.name", "permit.importer.name", "permit.special_conditions"]) latin(path);
  if (namesImport(fields)) latin("permit.import_permit.number");
  if (namesImport(fields) && fields.permit.import_permit?.number) need("permit.importer.name", fields.permit.importer?.name?.trim());
  fields.permit.lines.forEach((/** @type {Entered} */ line, /** @type {number} */ index) => {
    const at = `permit.lines[${index}]`;
    need(`${at}.scientific_name`, line.scientific_name);
    for (const name of ["scientific_name", "description", "marks"]) latin(`${at}.${name}`);
    need(`${at}.term`, line.term);
    if (need(`${at}.quantity`, line.quantity) && !QUANTITY.test(spelled(line.quantity))) faults.push({ field: `${at}.quantity`, code: "quantity", detail: "" });
    if (!fields.use) return;
    const arrived = spelled(fields.arrived?.[index]?.quantity || line.quantity);
    if (arrived && !QUANTITY.test(arrived)) faults.push({ field: `arrived[${index}].quantity`, code: "quantity", detail: "" });
    else if (Number(arrived) > Number(spelled(line.quantity))) faults.push({ field: `arrived[${index}].quantity`, code: "more", detail: "" });
  });
  if (fields.use) {
    need("transport_document", fields.transport_document?.trim());
    if (keeps(fields)) need("retained", fields.retained);
  }
  return faults;
}

/** Whether the State of import cancels and keeps this paper: all but those for many crossings (Art. VI(6)). @param {Entered} fields */
export const keeps = (fields) => fields.direction === "import" && !KINDS.get(fields.permit.document_type)?.manyCrossings;

/** The number as it is written, "" for what is none. @param {Entered} fields */
export function numberOf(fields) {
  try {
    return normaliseNumber(fields.number ?? "");
  } catch {
    return "";
  }
}

/** What its form says, without a network. @param {Entered} fields */
export const formOfNumber = (fields) => (fields.issuer && numberOf(fields) ? formOf(fields.issuer, numberOf(fields)) : "unknown");

/** The body of `POST /v1/foreign-permits`, without what is the event's own. @param {Entered} fields */
export function paperBody(fields) {
  const { direction, issuer, number, issued_on, sealed, note } = fields;
  const { import_permit: named, ...permit } = filled(fields.permit);
  for (const line of permit.lines) line.quantity = spelled(line.quantity);
  const lines = permit.lines.map((/** @type {Entered} */ line, /** @type {number} */ index) => ({
    line: lineLetter(index),
    quantity: spelled(fields.arrived?.[index]?.quantity || line.quantity),
  }));
  const chosen = namesImport(fields) ? chosenLines(fields.importPermit ?? null, fields.choice ?? {}) : undefined;
  return {
    ...filled({ direction, issuer, number, issued_on, note }),
    permit: { ...permit, ...(named && namesImport(fields) && { import_permit: { ...named, country: home() } }) },
    sealed: sealed === "yes",
    ...(fields.use && { endorsed: { lines, transport_document: fields.transport_document.trim(), retained: fields.retained === true, ...(chosen && { import_permit_lines: chosen }) } }),
  };
}

/** The form again, of an event that was not taken. @param {Entered} event @returns {Entered} */
export const paperAgain = ({ event_id: _, kind: _kind, officer: _officer, post: _post, recorded_at: _at, endorsed, sealed, ...fields }) => ({
  ...structuredClone(fields),
  sealed: sealed ? "yes" : "no",
  use: Boolean(endorsed),
  transport_document: endorsed?.transport_document ?? "",
  retained: endorsed?.retained ?? false,
  arrived: endorsed?.lines ?? [],
  importPermit: null,
  choice: {},
});

/** @param {import('./judge.js').Direction} direction @returns {Entered} */
export const blankPaper = (direction) => ({
  direction: direction === "export" ? "import" : direction,
  permit: { document_type: "E", exporter: {}, importer: { country: home() }, lines: [{}] },
  sealed: "",
  use: false,
  retained: false,
  arrived: [],
  importPermit: null,
  choice: {},
});
