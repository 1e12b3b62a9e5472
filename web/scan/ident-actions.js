// What can be done in the identification aid: answer, go back, look at a candidate, and open what comes next with the answers.

import { ask } from "../shared/api.js";
import { t } from "../shared/i18n.js";
import { held } from "./goods.js";
import { asListed, asTold, below, saidText, table, termOf, tongue } from "../shared/ident.js";
import { quietly } from "../shared/requirements.js";
import { markRead } from "./expert.js";
import { markPhotosSeen } from "./queue.js";
import { begunRecord } from "./record.js";
import { begin } from "./record-actions.js";
import { entriesOn, heldList, today } from "./species-list.js";
import { unasked } from "./state.js";

/** @typedef {import('./main.js').Desk} Desk */

/**
 * What is known of the goods: of a candidate, or of all that they may still be.
 * @param {import('../shared/ident.js').Ident} ident @param {string} id  "": no candidate @returns {Record<string, string>}
 */
function knownOf(ident, id) {
  const { table: read, path, found } = ident;
  if (!read) return {};
  const made = read.candidates[id];
  const asked = path.at(-1);
  const term = termOf(read, made ? [id] : (found ?? (asked && ident.said.length ? below(read, asked) : [])));
  return {
    ...(made && { scientific_name: made.taxon, common_name: made.name[tongue()] }),
    ...(term && { term }),
    ...(ident.said.length && { description: t("Identification aid: {answers}", { answers: saidText(ident) }) }),
  };
}

/** @param {Desk} desk */
export const identActions = (desk, { state, draw, show, reload } = desk) => ({
  /** From the first question, in any language. */
  async identify() {
    state.ident = unasked();
    await show("ident");
    try {
      const [aid, list] = await Promise.all([table(), heldList()]);
      const read = asListed(aid, list ? entriesOn(list, today(state.stage)) : []);
      Object.assign(state.ident, { table: read, path: [read.first] });
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      state.wrong = t("The aid is not on this device yet: open the scanner where there is a network.");
      return draw();
    }
    if (state.screen === "ident") await show("ident");
    void this.identListed();
  },

  /** Appendices of the service's list, of which this device holds a part; without an answer those of the device stay. */
  async identListed() {
    const { ident } = state;
    if (!navigator.onLine || state.practice) return;
    const told = await quietly(async () => (await ask("/v1/identification")).body.candidates);
    if (!told || state.ident !== ident || !ident.table) return;
    ident.table = asTold(ident.table, told);
    draw();
  },

  /** @param {{to?: string, found?: string[], say?: import('../shared/ident.js').Words}} answer */
  identAnswer({ to, found, say }) {
    if (to) state.ident.path.push(to);
    else state.ident.found = found ?? [];
    if (say) state.ident.said.push(say);
    void show("ident");
  },

  /** From a permit to what its goods should look like; the way back is to the verdict. @param {import('../shared/ident.js').Table} aid @param {string} id */
  identCompare(aid, id) {
    state.ident = { ...unasked(), table: aid, looked: [id] };
    void show("ident");
  },

  /** A permit is looked for, to be compared with this candidate. @param {string} id */
  identPermit(id) {
    const { table: aid } = state.ident;
    if (!aid) return;
    state.sought = { aid, id };
    void show("find");
  },

  /** The next permit is compared with nothing. */
  identSoughtNoMore() {
    state.sought = null;
    draw();
  },

  /** What goods are called and look like is read before a permit comes; until it is, verdicts come without it. */
  async learnGoods() {
    state.goods = await held(state.stage);
  },

  /** @param {string} id */
  identLook(id) {
    state.ident.looked.push(id);
    void show("ident");
  },

  /** A question about a candidate; "": about none of them. @param {string} id */
  async askExpert(id) {
    const { scientific_name: taxon = "", term = "" } = knownOf(state.ident, id);
    await begin(desk, begunRecord("expert_question", state.direction, { taxon, term, said: saidText(state.ident) }));
  },

  /** A case with what was answered; "": without a name. @param {string} id @returns {Record<string, string>} */
  identGoods: (id) => knownOf(state.ident, id),

  /** The officer has seen what is in the list. */
  async answersSeen() {
    await markRead(state.done);
    await markPhotosSeen(state.photos);
    await reload();
  },

  identBack() {
    const { ident } = state;
    if (ident.looked.length > 0) ident.looked.pop();
    else if (ident.found) ident.found = null;
    else if (ident.path.length > 1) ident.path.pop();
    if (!ident.found) ident.said.length = Math.min(ident.said.length, Math.max(ident.path.length - 1, 0));
    void show("ident");
  },
});
