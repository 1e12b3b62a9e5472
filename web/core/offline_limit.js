/**
 * The offline limit (L1, FORMAT.md 5): goods above it are never accepted without the register.
 *
 * @typedef {import("./permit.js").Permit} Permit
 * @typedef {import("./register_checks.js").Context} Context
 */

import { CheckResult } from "./check_results.js";
import { toBaseUnit } from "./single_use.js";

/**
 * L1: Appendix I, and quantities above the limits, are never accepted without the register.
 *
 * Quantities are summed over all lines of the pages, by dimension: 60 lines of 20 birds are 1,200 birds.
 *
 * @param {readonly Permit[]} pages
 * @param {Context} context
 * @returns {CheckResult[]}
 */
export function offlineResults(pages, { offlineLimits }) {
  const lines = pages.flatMap((page) => page.lines);
  /** @type {Map<string, bigint>} */
  const totals = new Map();
  for (const line of lines) {
    const [base, quantity] = toBaseUnit(line.quantity, line.unit);
    totals.set(base, (totals.get(base) ?? 0n) + quantity);
  }
  const isAbove = (/** @type {readonly [string, string]} */ [unit, most]) => {
    const [base, limit] = toBaseUnit(most, unit);
    return (totals.get(base) ?? 0n) > limit;
  };
  const large = lines.some(({ appendix }) => appendix === 1) || [...offlineLimits].some(isAbove);
  return large ? [new CheckResult("L1", "check")] : [];
}
