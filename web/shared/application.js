// An application as the API spells it (POST /v1/permits), by the paths that its refusals name: lines[0].origin.country

/** @typedef {Record<string, any>} Application  what is not filled in yet is not there */

const FIELDS = [
  "document_type", "valid_until", "exporter", "importer", "special_conditions", "purpose", "stamp_number", "form",
  "lines", "transport_document", "import_permit", "retrospective", "ata_carnet",
];

/** @param {string} path @returns {(string | number)[]} */
const keysOf = (path) => path.split(/[.[\]]+/).filter(Boolean).map((key) => (/^\d+$/.test(key) ? Number(key) : key));

/** What stands at a path; "" where nothing does. @param {Application} record @param {string} path @returns {any} */
export function valueAt(record, path) {
  /** @type {any} */
  let at = record;
  for (const key of keysOf(path)) at = at?.[key];
  return at ?? "";
}

/** Writes into this record. @param {Application} record @param {string} path @param {unknown} value */
export function putAt(record, path, value) {
  const keys = keysOf(path);
  /** @type {any} */
  let at = record;
  for (const [index, key] of keys.slice(0, -1).entries()) at = at[key] ??= typeof keys[index + 1] === "number" ? [] : {};
  at[keys[keys.length - 1]] = value;
}

/** The fields of the form out of a permit's answer, in a copy. @param {Record<string, any>} permit @returns {Application} */
export const fieldsOf = (permit) =>
  structuredClone(Object.fromEntries(FIELDS.flatMap((name) => (name in permit ? [[name, permit[name]]] : []))));
