// What of an application is sent, and what a new one takes from an older one.

/** @typedef {import('../shared/application.js').Application} Application */
/** @typedef {Application & {id: string, version: number, state: string, use: string, expired: boolean, number: string | null,
 *   reason: string | null, replaced_by: {id: string, number: string | null} | null, replaces: {number: string | null} | null,
 *   steps: string[],
 *   attachments: {id: string, name: string, size: number, content_type: string, by: string}[], uses?: import('../shared/show.js').UseShown[],
 *   voided_numbers: string[], missing: string | null, uncounted: string | null}} Permit  the API's Permit */

const OF_THE_GOODS = [
  "scientific_name", "common_name", "description", "appendix", "kingdom", "source", "term", "quantity", "unit", "origin",
  "last_reexport", "operation_or_acquisition",
];

/**
 * Without what is empty: an import permit of which nothing is known is none. Lines keep their places.
 * @param {any} value @returns {any}
 */
export function whole(value) {
  if (Array.isArray(value)) return value.map((each) => whole(each) ?? {});
  if (value === null || typeof value !== "object") return value === "" ? undefined : value;
  const kept = Object.entries(value).map(([name, each]) => [name, whole(each)]);
  const known = kept.filter(([, each]) => each !== undefined && each !== null);
  return known.length ? Object.fromEntries(known) : undefined;
}

/**
 * A new application that asks for the same: not its days, its marks, its stamp and its papers, which belong to those goods.
 * @param {Application} permit @returns {Application}
 */
export function copyOf(permit) {
  const kept = ["document_type", "exporter", "importer", "purpose", "special_conditions"];
  const copy = Object.fromEntries(kept.filter((name) => permit[name]).map((name) => [name, permit[name]]));
  if (permit.form === "electronic") copy.form = "electronic"; // one on paper from before Tamga has a form of its own
  copy.lines = (permit.lines ?? []).map((/** @type {Application} */ line) =>
    Object.fromEntries(OF_THE_GOODS.filter((name) => line[name] !== undefined).map((name) => [name, line[name]])),
  );
  return structuredClone(copy);
}
