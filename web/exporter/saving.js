// How answers reach the service: kept in the tab, sent as a whole, checked. An answer that comes when another place is open
// changes nothing there.

import { Problem } from "../shared/api.js";
import { arrived, keepUnsent, madeOf } from "./kept.js";
import { checkedOf, created, permitOf, saved } from "./service.js";

/** @typedef {import('./main.js').State} State @typedef {import('./record.js').Permit} Permit */

export const NEW = "new"; // under which an application that is not begun is kept

/** @param {State} state */
export function savingOf(state) {
  let begun = { text: "", key: "" };

  function keep() {
    keepUnsent(state.id || NEW, state.record, state.made);
  }

  /** A new draft. The same try again makes no second one, another application is another. @param {import('./record.js').Application} record */
  async function begin(record) {
    const text = JSON.stringify(record);
    if (begun.text !== text) begun = { text, key: crypto.randomUUID() };
    const made = await created(record, begun.key);
    if (begun.text === text) begun = { text: "", key: "" };
    return made;
  }

  /**
   * Does it with the version that was read. Where another was saved since and its answers are the same (a paper was added),
   * once more with that one; other answers are shown before anything is overwritten.
   * @param {string} id @param {import('./kept.js').Made} read @param {(version: number) => Promise<Permit>} work @param {() => boolean} here
   */
  async function asRead(id, read, work, here) {
    try {
      return await work(read.version);
    } catch (error) {
      if (!(error instanceof Problem && error.slug === "edited-meanwhile")) throw error;
      const theirs = await permitOf(id);
      const { version, base } = madeOf(theirs);
      if (base === read.base) return work(version);
      if (here()) state.theirs = theirs;
      throw error;
    }
  }

  /** The answers reach the service: the draft begins, or is saved as a whole. @param {() => boolean} here @returns {Promise<Permit>} */
  async function save(here) {
    keep();
    const { id, record } = state;
    const text = JSON.stringify(record);
    const made = id ? await asRead(id, state.made, (version) => saved(id, record, version), here) : await begin(record);
    arrived(id || NEW, text, made);
    if (!here()) return made;
    Object.assign(state, { id: made.id, permit: made, made: madeOf(made), theirs: null });
    if (!state.place.id && state.place.question) {
      state.place = { ...state.place, id: made.id }; // the first question is the draft's from now on: what is wrong with it is shown there
      history.replaceState(null, "", `#${made.id}/${state.place.question}`);
    }
    return made;
  }

  /** What sending would refuse, and remarks on it; `checked` as far as nothing else was answered since. @param {() => boolean} here */
  async function check(here) {
    state.checked = false;
    const asked = JSON.stringify(state.record);
    const found = await checkedOf(state.record, state.id);
    if (here()) Object.assign(state, { ...found, checked: JSON.stringify(state.record) === asked });
  }

  return { keep, begin, save, check, asRead };
}
