// What becomes of a refusal, a lost network and a sign-in that ran out: the answers stay, and the person is told what to do.

import { Problem, Unreachable } from "../shared/api.js";
import { t } from "../shared/i18n.js";
import { quietly } from "../shared/requirements.js";
import { SignedOut } from "../shared/session.js";
import { calendarDay } from "../core/stage.js";
import { wrongWords } from "./wrong.js";

/** @typedef {import('./main.js').State} State @typedef {import('../shared/api.js').FieldError} FieldError
 * @typedef {(here: () => boolean) => Promise<unknown>} Work  `here`: whether one is still where it was asked for */

/** @param {State} state @param {() => void} draw */
export function tries(state, draw) {
  let running = 0; // without an answer yet
  let turn = 0; // of the newest place: answers to what was asked in another come too late

  const move = () => void (turn += 1);

  /** Whether one is still where this was asked for, when the answer comes. */
  function asOf() {
    const mine = turn;
    return () => mine === turn;
  }

  /**
   * Does it, once at a time; says whether it went well. What the service refuses for a field goes to its field.
   * @param {Work} work
   */
  async function trying(work) {
    const here = asOf();
    running += 1;
    Object.assign(state, { busy: true, trouble: "", again: null, wrong: new Map() });
    draw();
    try {
      await work(here);
      return true;
    } catch (error) {
      if (error instanceof SignedOut) state.signedOut = true;
      else if (!(error instanceof Unreachable || error instanceof Problem)) throw error;
      else if (here() && error instanceof Problem) refused(error);
      else if (here()) offline(work);
      return false;
    } finally {
      running -= 1;
      state.busy = running > 0;
      draw();
    }
  }

  /** What is only a help, for which nothing waits; null where there is no answer. @template T @param {() => Promise<T>} asking */
  async function helped(asking) {
    try {
      return await quietly(asking);
    } catch (error) {
      if (!(error instanceof SignedOut)) throw error;
      state.signedOut = true;
      return null;
    }
  }

  /** @param {Work} work */
  function offline(work) {
    state.trouble = t("No connection. Your answers are kept in this tab; try again when there is one.");
    state.again = () => trying(work);
  }

  /** @param {Problem} problem */
  function refused(problem) {
    if (problem.slug === "invalid" && problem.errors.length) blame(problem.errors);
    else if (problem.slug === "no-match") Object.assign(state, { permit: null, id: state.place.id });
    else if (problem.slug === "edited-meanwhile" && state.theirs) return; // they are shown
    else if (problem.slug === "wrong-state" || problem.slug === "edited-meanwhile") state.trouble = t("This is no longer possible: somebody has changed it meanwhile. Open it again.");
    else if (problem.slug === "too-many-drafts") state.trouble = t("You have too many drafts that were never submitted. Submit or withdraw one first.");
    else if (problem.slug === "forbidden") state.trouble = t("Your account is not allowed to do this.");
    else state.trouble = t("The service could not do it just now. Reference: {reference}", { reference: problem.reference || "–" });
  }

  /** @param {FieldError[]} faults */
  function blame(faults) {
    state.wrong = new Map(faults.map((fault) => [fault.field, wrongWords(fault, state.record, calendarDay(state.now, state.stage.zone))]));
  }

  return { trying, helped, blame, asOf, move };
}
