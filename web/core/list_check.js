/**
 * Whether a register confirms what its own published status list says of a permit (T8, FORMAT.md 5).
 *
 * A value is confirmed if the register itself says the same, or more. What it no longer says has to be explained by a
 * recorded withdrawal, reinstatement or correction, made since the list was signed.
 *
 * @typedef {import("./verdict_hits.js").Snapshot} Snapshot
 */

import { kindOf } from "./codes.js";
import { first } from "./ledger.js";
import { FOR_CAUSE, IMPORTED, LOST, REPLACED, REVOKED, SUSPENDED, USED, VALID } from "./status_list.js";

const BEFORE_LIST = 600; // seconds; a list that was being signed at the same time may lack the change

/**
 * The values of a status list that this snapshot confirms.
 *
 * @param {Snapshot} register
 * @returns {number[]}
 */
export function confirmedValues({ state, kind, uses, forCause, missing }) {
  const single = !kindOf(kind).manyCrossings;
  const imported = single && first(uses, "import") !== null;
  const exported = single && kind !== "I" && first(uses, "export") !== null;
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
 * Whether this value, in a list signed at `issuedAt`, is neither confirmed nor lowered since.
 *
 * @param {number} value
 * @param {readonly number[]} confirmed
 * @param {number | null} loweredAt when the register last recorded a withdrawal, reinstatement or correction
 * @param {number} issuedAt
 * @returns {boolean}
 */
export function unexplained(value, confirmed, loweredAt, issuedAt) {
  return !confirmed.includes(value) && (loweredAt === null || loweredAt < issuedAt - BEFORE_LIST);
}
