/**
 * Checks that need the register's snapshot of an issued permit: T8 of check 9 and P3 of check 10 (FORMAT.md 5, 6).
 *
 * T8: a Party's register does not confirm the value in its own status list. It confirms a value if it records the same
 * or more. Any other value needs a withdrawal, reinstatement or correction recorded since the list was signed.
 * P3: another Party reports that the goods arrived (EPIX `ConfirmQuantities`).
 *
 * verdict.js loads this file only if there is a snapshot: the public check on a phone judges without one.
 *
 * @typedef {import("./permit.js").Permit} Permit
 * @typedef {import("./register_checks.js").Context} Context
 * @typedef {import("./register_checks.js").Snapshot} Snapshot
 * @typedef {import("./single_use.js").Allowed} Allowed
 * @typedef {import("./status_list.js").StatusList} StatusList
 *
 * Another Party's report of arrival. `withCode`: the Party gave the permit's check code. `counts`: it is not set aside.
 * @typedef {object} ArrivalReport
 * @property {string} country
 * @property {number} at
 * @property {readonly {readonly line: string, readonly quantity: string}[]} lines
 * @property {boolean} withCode
 * @property {boolean} counts
 *
 * The arrival that one Party reports. `at`: time of its first report of a quantity above 0. `whole`: all that is
 * permitted.
 * @typedef {object} Arrival
 * @property {string} country
 * @property {number} at
 * @property {readonly (readonly [string, string])[]} lines
 * @property {boolean} whole
 */

import { CheckResult } from "./check_results.js";
import { kindOf } from "./codes.js";
import { STATUS_RESULTS, checkPlace } from "./register_checks.js";
import { amount, exceeds, firstUse } from "./single_use.js";
import { ENTRIES, FOR_CAUSE, IMPORTED, LOST, REPLACED, REVOKED, SUSPENDED, USED, VALID } from "./status_list.js";
import { compareText } from "./text.js";

const BEFORE_LIST = 600; // seconds; a list that was signed at the same time may lack the change

/**
 * T8 of check 9: the register does not confirm the Party's own list. The value returned, if any, counts too.
 *
 * @param {Permit} permit
 * @param {Snapshot} register
 * @param {StatusList | null} listed
 * @returns {{value: number | null, results: CheckResult[]}}
 */
export function unexplainedValueResults(permit, register, listed) {
  const silent = listed === null || listed.uri !== permit.statusUri || permit.statusIdx >= ENTRIES;
  if (silent) return { value: null, results: [] };
  const value = listed.value(permit.statusIdx);
  if (!unexplained(value, confirmedValues(register), register.loweredAt, listed.issuedAt)) {
    return { value: null, results: [] };
  }
  const results = [new CheckResult("T8", "check", { facts: { at: listed.issuedAt } })];
  const [code, asks] = STATUS_RESULTS.get(value) ?? [];
  if (code !== undefined && asks !== undefined) results.push(new CheckResult(code, asks));
  return { value, results };
}

/**
 * P3 of check 10: another Party reported an arrival.
 *
 * @param {Permit} permit
 * @param {Snapshot} snapshot
 * @param {Context} context
 * @param {number} now
 * @returns {CheckResult[]}
 */
export function arrivalResults(permit, snapshot, context, now) {
  const { direction } = checkPlace(permit, context.place).place;
  if (direction !== "export" && direction !== "import") return [];
  const arrived = arrival(permit.kind, permit.importer.country, snapshot.reports, snapshot.allowed, now);
  return arrived ? [new CheckResult("P3", "check", { facts: { ...arrived } })] : [];
}

/**
 * Values of a status list that this snapshot confirms.
 *
 * @param {Snapshot} register
 * @returns {number[]}
 */
function confirmedValues({ state, kind, uses, forCause, missing }) {
  const single = !kindOf(kind).manyCrossings;
  const imported = single && firstUse(uses, "import") !== null;
  const exported = single && kind !== "I" && firstUse(uses, "export") !== null;
  /** @type {(readonly [number, boolean])[]} */
  const values = [
    [VALID, true],
    [USED, exported || imported],
    [IMPORTED, imported && kind !== "I"],
    [SUSPENDED, state === "suspended"],
    [REVOKED, state === "revoked"],
    [FOR_CAUSE, state === "revoked" && forCause],
    [REPLACED, state === "replaced"],
    [LOST, missing || state === "lost"],
  ];
  return values.filter(([, holds]) => holds).map(([value]) => value);
}

/**
 * True if this value, in a list signed at `issuedAt`, is neither confirmed nor lowered since then.
 *
 * @param {number} value
 * @param {readonly number[]} confirmed
 * @param {number | null} loweredAt time of the last recorded withdrawal, reinstatement or correction
 * @param {number} issuedAt
 * @returns {boolean}
 */
function unexplained(value, confirmed, loweredAt, issuedAt) {
  return !confirmed.includes(value) && (loweredAt === null || loweredAt < issuedAt - BEFORE_LIST);
}

/**
 * The arrival that other Parties report for an export document of one consignment; null if there is no report.
 *
 * 1 reports up to `until` that are not set aside   2 from the Party of block 3a, or one that ever gave the check code
 * 3 the Party's newest figure of each line, so that it can correct itself   4 the first Party with the whole permit,
 * else the first with a part of it
 *
 * @param {string} kind
 * @param {string} destination
 * @param {readonly ArrivalReport[]} reports
 * @param {Allowed} allowed
 * @param {number} until
 * @returns {Arrival | null}
 */
function arrival(kind, destination, reports, allowed, until) {
  if (kind === "I" || kindOf(kind).manyCrossings) return null;
  /** @type {Arrival[]} */
  const found = [];
  for (const country of new Set(reports.map((report) => report.country))) {
    const theirs = reports.filter((report) => report.country === country && report.at <= until);
    if (country !== destination && !theirs.some((report) => report.withCode)) continue; // 2
    const standing = theirs.filter((report) => report.counts); // 1
    const lines = standing.flatMap((report) => report.lines);
    const newest = new Map(lines.map(({ line, quantity }) => [line, quantity])); // 3
    if (![...newest.values()].some(isSome)) continue;
    const saying = standing.filter((report) => report.lines.some(({ quantity }) => isSome(quantity)));
    found.push({
      country,
      at: Math.min(...saying.map(({ at }) => at)),
      lines: [...newest].sort(([one], [other]) => compareText(one, other)),
      whole: isWhole(newest, allowed),
    });
  }
  return found.find(({ whole }) => whole) ?? found[0] ?? null; // 4
}

/** @param {string} quantity @returns {boolean} true if it is above 0 */
const isSome = (quantity) => amount(quantity) > 0n;

/**
 * True if every line has its permitted quantity. For weights, up to 5 % less is tolerated.
 *
 * @param {ReadonlyMap<string, string>} found
 * @param {Allowed} allowed
 */
function isWhole(found, allowed) {
  return [...allowed].every(([letter, { quantity }]) => !exceeds(amount(quantity), amount(found.get(letter) ?? "0"), letter, allowed));
}
