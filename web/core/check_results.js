/** Results of the checks: verdict codes, the check of each, and the outcomes in order of weight. */

import { CHECK_OF, OUTCOMES } from "./generated/codes.js";

export { CHECKS, OUTCOMES } from "./generated/codes.js";

/** @typedef {typeof OUTCOMES[number]} Outcome */

/** A check fails if it has a code that asks for one of these (FORMAT.md 5). @type {readonly (Outcome | "")[]} */
export const FAILING = OUTCOMES.slice(0, 3);

/** Facts for the words of a code. They have the same names as in Python. */
/** @typedef {Readonly<Record<string, unknown>>} Facts */

/**
 * A verdict code, the outcome it asks for ("" for none), the facts for its words, and the ids of the uses it rests on.
 *
 * `events` identifies the finding: clearing a code clears it for these events, not for later ones.
 */
export class CheckResult {
  /**
   * @param {string} code
   * @param {Outcome | ""} outcome
   * @param {{facts?: Facts, events?: readonly string[], at?: number, cleared?: boolean}} [more] `at`: the check that
   *   found it, if that is not the code's own check
   */
  constructor(code, outcome, { facts = {}, events = [], at = CHECK_OF.get(code) ?? 0, cleared = false } = {}) {
    this.code = code;
    this.outcome = outcome;
    this.facts = facts;
    this.events = events;
    this.check = at;
    this.cleared = cleared;
    Object.freeze(this);
  }

  /**
   * A copy with these members changed.
   *
   * @param {{outcome?: Outcome | "", facts?: Facts, cleared?: boolean}} changes
   * @returns {CheckResult}
   */
  replace({ outcome = this.outcome, facts = this.facts, cleared = this.cleared }) {
    return new CheckResult(this.code, outcome, { facts, events: this.events, at: this.check, cleared });
  }
}

/**
 * The gravest of these outcomes: the first in the order of OUTCOMES.
 *
 * @param {readonly Outcome[]} outcomes
 * @returns {Outcome}
 */
export function worst(outcomes) {
  return OUTCOMES[Math.min(...outcomes.map((each) => OUTCOMES.indexOf(each)))];
}
