/** Results of the checks: the codes of a verdict, the check each belongs to, and the outcomes in order of weight. */

import { CHECK_OF, OUTCOMES } from "./generated/codes.js";

export { CHECKS, OUTCOMES } from "./generated/codes.js";

/** @typedef {typeof OUTCOMES[number]} Outcome */

/** A check with a code that asks for one of these has failed (FORMAT.md 5). @type {readonly (Outcome | "")[]} */
export const FAILING = OUTCOMES.slice(0, 3);

/** Facts have the names that Python's have: they are data that the words of a code are filled from. */
/** @typedef {Readonly<Record<string, unknown>>} Facts */

/**
 * A code, the outcome it asks for ("" for none), the facts its words need, and the uses it rests on.
 *
 * `events` is the identity of an alarm: who clears a code clears it for these events, not for later ones.
 */
export class Hit {
  /**
   * @param {string} code
   * @param {Outcome | ""} asks
   * @param {{facts?: Facts, events?: readonly string[], at?: number, cleared?: boolean}} [more] `at`: the check that
   *   found it, where that is not the code's own
   */
  constructor(code, asks, { facts = {}, events = [], at = CHECK_OF.get(code) ?? 0, cleared = false } = {}) {
    this.code = code;
    this.asks = asks;
    this.facts = facts;
    this.events = events;
    this.check = at;
    this.cleared = cleared;
    Object.freeze(this);
  }

  /**
   * The same hit with other members.
   *
   * @param {{asks?: Outcome | "", facts?: Facts, cleared?: boolean}} changes
   * @returns {Hit}
   */
  but({ asks = this.asks, facts = this.facts, cleared = this.cleared }) {
    return new Hit(this.code, asks, { facts, events: this.events, at: this.check, cleared });
  }
}

/**
 * The first of OUTCOMES among these.
 *
 * @param {readonly Outcome[]} outcomes
 * @returns {Outcome}
 */
export function worst(outcomes) {
  return OUTCOMES[Math.min(...outcomes.map((each) => OUTCOMES.indexOf(each)))];
}
