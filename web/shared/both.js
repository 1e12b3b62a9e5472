// Which verdict stands when this device and the service have both judged: nothing is green on this device's word alone.

import { worst } from "../core/check_results.js";

/** @typedef {import('./show.js').Verdict} Verdict */

/**
 * 1 no answer: this device's verdict, never green    2 this device refused the signature, the service did not: one of the
 * two was deceived; or this device is `ahead`, of a use that the service has not been sent: the worse one    3 else the
 * service's: it has the register, and a clock that is right
 * @param {Verdict | null} here @param {Verdict | null} answer @param {boolean} [ahead] @returns {Verdict | null}
 */
export function both(here, answer, ahead = false) {
  if (!here || !answer) return answer ?? here; // 1
  const refused = here.permit === null && here.outcome === "hold" && answer.permit !== null;
  if (refused || ahead) return worse(here, answer); // 2
  return answer; // 3
}

/** @param {Verdict} one @param {Verdict} other */
const worse = (one, other) => (worst([one.outcome, other.outcome]) === one.outcome ? one : other);
