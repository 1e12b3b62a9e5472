// What the desk asks of the service for its reports; a year that is too great for one answer is put together of its pages.

import { askAs } from "../shared/session.js";
import { answerAt } from "./service.js";

/**
 * @typedef {{year: string, kind: string, basis: string}} Chosen
 * @typedef {{row: number, field: string, rule: number, level: string, detail: string, expected: string[],
 *   as_of: string, event_id: string, value: string, number: string,
 *   line: string, permit_id: string | null}} Finding
 * @typedef {{scientific_name: string, term: string, unit: string, post: string, month: string, quantity: string,
 *   lines: number}} Sum
 * @typedef {{party: string, made_at: string, species_list: string, state: string, why: string[], rows: number,
 *   errors: number, warnings: number, left_out: Record<string, number>, findings: Finding[], sums: Sum[],
 *   cursor: string | null}} Annual
 * @typedef {{id: string, number: string, outcome: string, importer_country: string | null, issued_on: string,
 *   post: string | null, month: string | null,
 *   lines: {line: string, scientific_name: string, term: string, unit: string | null, permitted: string, exported: string}[]}} Reconciled
 * @typedef {{chosen: Chosen, annual: Annual | null, permits: Reconciled[] | null}} Reports
 */

export const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/** What stands against the file, and its sums. @param {Chosen} chosen @returns {Promise<Annual>} */
export async function checked(chosen) {
  /** @type {Annual | null} */
  let whole = null;
  for (let cursor = "start"; cursor; ) {
    const { body } = await askAs(`/v1/reports/annual-trade/check?${new URLSearchParams({ ...chosen, cursor })}`, { patience: 29_000 });
    whole = whole ? joined(whole, body) : body;
    cursor = body.cursor ?? "";
  }
  if (!whole) throw new TypeError("no page of the report");
  return whole;
}

/** @param {Annual} one @param {Annual} next @returns {Annual} */
export const joined = (one, next) => ({
  ...next,
  why: [...new Set([...one.why, ...next.why])],
  state: one.state === "draft" ? "draft" : next.state,
  rows: one.rows + next.rows,
  errors: one.errors + next.errors,
  warnings: one.warnings + next.warnings,
  left_out: Object.fromEntries(Object.entries(next.left_out).map(([name, count]) => [name, count + (one.left_out[name] ?? 0)])),
  findings: [...one.findings, ...next.findings],
  sums: [...one.sums, ...next.sums],
});

/** The file itself. @param {Chosen} chosen @returns {Promise<Blob>} */
export async function csvOf(chosen) {
  const parts = [];
  for (let cursor = "start"; cursor; ) {
    const answer = await answerAt(`/v1/reports/annual-trade?${new URLSearchParams({ ...chosen, cursor })}`, "text/csv");
    parts.push(answer.body);
    cursor = answer.headers.get("next-cursor") ?? "";
  }
  return new Blob(parts, { type: "text/csv" });
}

/** @param {string} year */
export const illegalOf = async (year) => (await answerAt(`/v1/reports/illegal-trade?${new URLSearchParams({ year })}`, XLSX)).body;

/** Every permit of the year that lets goods out. @param {string} year @returns {Promise<Reconciled[]>} */
export async function reconciledOf(year) {
  const found = [];
  let cursor = "";
  do {
    const { body } = await askAs(`/v1/reports/reconciliation?${new URLSearchParams({ year, ...(cursor && { cursor }) })}`, { patience: 29_000 });
    found.push(...body.items);
    cursor = body.cursor ?? "";
  } while (cursor);
  return found;
}
