/**
 * Other Parties' reports that goods arrived (EPIX `ConfirmQuantities`), and which of them count (P3, FORMAT.md 6).
 *
 * A report is another Party's word. `withCode`: the Party gave the permit's check code; `stands`: nobody set it aside.
 * @typedef {object} Report
 * @property {string} country
 * @property {number} at
 * @property {readonly {readonly line: string, readonly quantity: string}[]} lines
 * @property {boolean} withCode
 * @property {boolean} stands
 *
 * What one Party says arrived. `at`: of its first report of more than nothing; `whole`: all that is permitted.
 * @typedef {object} Arrival
 * @property {string} country
 * @property {number} at
 * @property {readonly (readonly [string, string])[]} lines
 * @property {boolean} whole
 */

import { kindOf } from "./codes.js";
import { amount, isMore } from "./ledger.js";
import { compareText } from "./text.js";

/**
 * The arrival that other Parties report of a permit for one consignment that leaves; null if none does.
 *
 * 1 reports up to `until` that stand   2 of the Party of box 3, or one that ever had the check code
 * 3 of each line a Party's newest figure, so that it can correct itself   4 the first Party with the whole permit, else
 * the first with a part of it
 *
 * @param {string} kind
 * @param {string} destination
 * @param {readonly Report[]} reports
 * @param {import("./ledger.js").Allowed} allowed
 * @param {number} until
 * @returns {Arrival | null}
 */
export function arrival(kind, destination, reports, allowed, until) {
  if (kind === "I" || kindOf(kind).manyCrossings) return null;
  /** @type {Arrival[]} */
  const found = [];
  for (const country of new Set(reports.map((report) => report.country))) {
    const theirs = reports.filter((report) => report.country === country && report.at <= until);
    if (country !== destination && !theirs.some((report) => report.withCode)) continue; // 2
    const standing = theirs.filter((report) => report.stands); // 1
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

/** @param {string} quantity @returns {boolean} whether it is more than nothing */
const isSome = (quantity) => amount(quantity) > 0n;

/**
 * Whether no line is short of what is permitted; 5 % less is not short, for a weight.
 *
 * @param {ReadonlyMap<string, string>} found
 * @param {import("./ledger.js").Allowed} allowed
 */
function isWhole(found, allowed) {
  return [...allowed].every(([letter, { quantity }]) => !isMore(amount(quantity), amount(found.get(letter) ?? "0"), letter, allowed));
}
