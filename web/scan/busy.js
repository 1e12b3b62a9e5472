// Work that is waited for: the screen says so meanwhile, and says a refusal in words.

import { Problem, Unreachable } from "../shared/api.js";
import { t } from "../shared/i18n.js";
import { SignedOut } from "../shared/session.js";
import { refusedWord } from "./refused.js";

/** @typedef {import('./state.js').State} State */

/** @param {State} state @param {() => void} draw @param {() => Promise<void>} work */
export async function busily(state, draw, work) {
  Object.assign(state, { busy: true, wrong: "" });
  draw();
  try {
    await work();
  } catch (error) {
    refuse(state, error);
  } finally {
    state.busy = false;
    draw();
  }
}

/** A refusal in words, on the screen that is shown. @param {State} state @param {unknown} error */
export function refuse(state, error) {
  if (error instanceof SignedOut) state.wrong = t("The sign-in is over. Sign in again.");
  else if (error instanceof Unreachable) state.wrong = t("There is no network, or the service does not answer.");
  else if (error instanceof Problem) state.wrong = refusedWord(error.slug, error.message, error.lines, error.codes);
  else throw error;
}
