/**
 * Hits that need the register's snapshot of an issued permit: T8 of check 9 and P3 of check 10.
 *
 * verdict.js loads it beside a snapshot only: the public check judges without one, and is to be quick on a phone.
 */

import { arrival } from "./arrival_reports.js";
import { Hit } from "./hit.js";
import { confirmedValues, unexplained } from "./list_check.js";
import { ENTRIES } from "./status_list.js";
import { STATUS_HITS, placed } from "./verdict_hits.js";

/**
 * @typedef {import("./permit.js").Permit} Permit
 * @typedef {import("./status_list.js").StatusList} StatusList
 * @typedef {import("./verdict_hits.js").Context} Context
 * @typedef {import("./verdict_hits.js").Snapshot} Snapshot
 */

/**
 * T8 of check 9: the register's own list says more than the register; its value, which then counts as well.
 *
 * @param {Permit} permit
 * @param {Snapshot} register
 * @param {StatusList | null} listed
 * @returns {{value: number | null, hits: Hit[]}}
 */
export function listedMoreHits(permit, register, listed) {
  const silent = listed === null || listed.uri !== permit.statusUri || permit.statusIdx >= ENTRIES;
  if (silent) return { value: null, hits: [] };
  const value = listed.value(permit.statusIdx);
  if (!unexplained(value, confirmedValues(register), register.loweredAt, listed.issuedAt)) {
    return { value: null, hits: [] };
  }
  const hits = [new Hit("T8", "check", { facts: { at: listed.issuedAt } })];
  const [code, asks] = STATUS_HITS.get(value) ?? [];
  if (code !== undefined && asks !== undefined) hits.push(new Hit(code, asks));
  return { value, hits };
}

/**
 * P3 of check 10: another Party reported what arrived.
 *
 * @param {Permit} permit
 * @param {Snapshot} snapshot
 * @param {Context} context
 * @param {number} now
 * @returns {Hit[]}
 */
export function arrivalHits(permit, snapshot, context, now) {
  const { direction } = placed(permit, context.place).place;
  if (direction !== "export" && direction !== "import") return [];
  const arrived = arrival(permit.kind, permit.importer.country, snapshot.reports, snapshot.allowed, now);
  return arrived ? [new Hit("P3", "check", { facts: { ...arrived } })] : [];
}
