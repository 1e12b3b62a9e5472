/**
 * The offline limit (L1, FORMAT.md 5): goods above it are never accepted without the register.
 *
 * @typedef {import("./permit.js").Permit} Permit
 * @typedef {import("./register_checks.js").Context} Context
 */

import { Hit } from "./check_results.js";
import { inBase } from "./single_use.js";

/**
 * L1: Appendix I, and quantities above the limits, are never accepted without the register.
 *
 * Quantities are summed over all lines of the pages, by dimension: 60 lines of 20 birds are 1,200 birds.
 *
 * @param {readonly Permit[]} pages
 * @param {Context} context
 * @returns {Hit[]}
 */
export function offlineHits(pages, { offlineLimits }) {
  const lines = pages.flatMap((page) => page.lines);
  /** @type {Map<string, bigint>} */
  const totals = new Map();
  for (const line of lines) {
    const [base, quantity] = inBase(line.quantity, line.unit);
    totals.set(base, (totals.get(base) ?? 0n) + quantity);
  }
  const isAbove = (/** @type {readonly [string, string]} */ [unit, most]) => {
    const [base, limit] = inBase(most, unit);
    return (totals.get(base) ?? 0n) > limit;
  };
  const large = lines.some(({ appendix }) => appendix === 1) || [...offlineLimits].some(isAbove);
  return large ? [new Hit("L1", "check")] : [];
}
