/**
 * What a permit on paper from before Tamga is worth: no code and no signature, only what the register holds of it.
 *
 * `judgeLegacy` runs those of the numbered checks (verdict.js, FORMAT.md 5) that need no code: 7 time, 9 the register's
 * state and D4, 10 use. 1-6 and 8 are skipped, 11 and 12 too. At best it says `check`: a person compares the paper.
 *
 * @typedef {import("./permit.js").Permit} Permit
 * @typedef {import("./verdict.js").Verdict} Verdict
 * @typedef {import("./verdict_hits.js").Context} Context
 * @typedef {import("./verdict_hits.js").Snapshot} Snapshot
 */

import { concluded } from "./verdict.js";
import { arrivalHits } from "./snapshot_hits.js";
import { NOWHERE, asSeen, expiredHits, stateHits, timeHits, useHits } from "./verdict_hits.js";

const SKIPPED = [1, 2, 3, 4, 5, 6, 8, 11, 12];

/**
 * The verdict on a paper permit as our register holds it; pure. `zone`: the Party's.
 *
 * @param {Permit} permit
 * @param {Snapshot} register
 * @param {{zone: string, now: number, context?: Context}} judged
 * @returns {Verdict}
 */
export function judgeLegacy(permit, register, { zone, now, context = NOWHERE }) {
  const { uses, seen } = asSeen(context, register.uses, now);
  const hits = [
    ...timeHits(permit, zone, seen), // 7
    ...stateHits(register), // 9
    ...useHits(permit, [permit], register, null, uses, context, seen), // 10
    ...arrivalHits(permit, register, context, seen),
  ];
  const weighed = expiredHits(hits, permit, uses, null, context, seen);
  return concluded(weighed, [permit], register, uses, { zone, skipped: SKIPPED, now, asOf: now });
}
