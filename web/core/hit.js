/** What a check can find: the codes of a verdict, the check each belongs to, and the outcomes in order of weight. */

/** @typedef {"hold" | "not_valid" | "cannot_tell" | "check" | "accept_offline" | "accept"} Outcome */

/** The first one asked for stands. @type {readonly Outcome[]} */
export const OUTCOMES = ["hold", "not_valid", "cannot_tell", "check", "accept_offline", "accept"];

/** A check with a code that asks for one of these has failed (FORMAT.md 5). @type {readonly (Outcome | "")[]} */
export const FAILING = OUTCOMES.slice(0, 3);

/** @type {ReadonlyMap<number, string>} */
export const CHECKS = new Map([
  [1, "text"],
  [2, "shape"],
  [3, "key"],
  [4, "signature"],
  [5, "claims"],
  [6, "key against claims"],
  [7, "time"],
  [8, "status list"],
  [9, "register"],
  [10, "use"],
  [11, "seal of the file"],
  [12, "printed text"],
]);

/**
 * FORMAT.md 5. F2 and T1 can come from a later check than their home: the hit says which.
 *
 * @type {ReadonlyMap<string, number>}
 */
export const CHECK_OF = new Map(
  /** @type {const} */ ([
    [1, "F6 T4 T7"],
    [2, "T3"],
    [3, "F2 T1"],
    [4, "F1"],
    [5, "D2 D3 T6"],
    [7, "S1 S5 T2"],
    [8, "L1"],
    [9, "D4 F3 F4 P2 S2 S3 S4 S6 S7 T5 T8"],
    [10, "L2 P1 P3 P4 U0 U1 U2 U3 U4 U5 U6 U7 U8 U9"],
    [11, "D1"],
    [12, "F5"],
  ]).flatMap(([check, codes]) => codes.split(" ").map((code) => [code, check])),
);

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
