// One question of the desk to the service: busy meanwhile, then what went wrong, and whether one is still where it was asked.

import { Problem, Unreachable } from "../shared/api.js";
import { FileTrouble, fileWord } from "../shared/picture.js";
import { SignedOut } from "../shared/session.js";
import { troubleWord } from "./words.js";

/** @typedef {import('./main.js').State} State @typedef {ReturnType<typeof makeAsking>["run"]} Run */

/**
 * @param {State} state @param {() => void} draw
 * @param {(error: Problem, here: () => boolean) => Promise<void>} refused what a refusal changes besides the words
 */
export function makeAsking(state, draw, refused) {
  let running = 0; // questions without an answer yet
  let turn = 0; // of the newest place or look-up: answers to older ones come too late

  /** Answers to what was asked before come too late. */
  const move = () => void (turn += 1);

  /** Whether one is still where this was asked for, when the answer comes. */
  function asOf() {
    const mine = turn;
    return () => mine === turn;
  }

  /** What went wrong, in words. @param {unknown} error */
  function tell(error) {
    if (error instanceof SignedOut) state.signedOut = true;
    else if (error instanceof FileTrouble) state.trouble = fileWord(error);
    else if (error instanceof Problem || error instanceof Unreachable) state.trouble = troubleWord(error);
    else throw error;
  }

  /** Runs what asks the service; says what went wrong. @param {(here: () => boolean) => Promise<void>} work */
  async function run(work) {
    const here = asOf();
    running += 1;
    Object.assign(state, { busy: true, trouble: "", done: "" });
    draw();
    try {
      await work(here);
    } catch (error) {
      tell(error);
      if (error instanceof Problem && here()) await refused(error, here).catch(tell);
    } finally {
      running -= 1;
      state.busy = running > 0;
      draw();
    }
  }

  return { run, asOf, move };
}
