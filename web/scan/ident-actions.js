// What can be done in the identification aid: answer, go back, look at a candidate.

import { t } from "../shared/i18n.js";
import { held } from "./goods.js";
import { asListed, table } from "../shared/ident.js";
import { markRead } from "./expert.js";
import { part } from "./parts.js";
import { markPhotosSeen } from "./queue.js";
import { begunRecord } from "./record.js";
import { begin } from "./record-actions.js";
import { unasked } from "./state.js";

/** @typedef {import('./main.js').Desk} Desk */

/** @param {Desk} desk */
export const identActions = (desk, { state, draw, show, reload } = desk) => ({
  /** From the first question, in any language. */
  async identify() {
    state.ident = unasked();
    await show("ident");
    try {
      const [aid, list] = await Promise.all([table(), part("species")]);
      const read = asListed(aid, list?.body.taxa ?? []);
      Object.assign(state.ident, { table: read, path: [read.first] });
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      state.wrong = t("The aid is not on this device yet: open the scanner where there is a network.");
      return draw();
    }
    if (state.screen === "ident") await show("ident");
  },

  /** @param {{to?: string, found?: string[]}} answer */
  identAnswer({ to, found }) {
    if (to) state.ident.path.push(to);
    else state.ident.found = found ?? [];
    void show("ident");
  },

  /** From a permit to what its goods should look like; the way back is to the verdict. @param {import('../shared/ident.js').Table} aid @param {string} id */
  identCompare(aid, id) {
    state.ident = { ...unasked(), table: aid, looked: [id] };
    void show("ident");
  },

  /** What goods are called and look like is read before a permit comes; until it is, verdicts come without it. */
  async learnGoods() {
    state.goods = await held();
  },

  /** @param {string} id */
  identLook(id) {
    state.ident.looked.push(id);
    void show("ident");
  },

  /** A question about a candidate; "": about none of them. @param {string} id */
  async askExpert(id) {
    const { table: read } = state.ident;
    const candidate = id ? read?.candidates[id] : undefined;
    const given = candidate && read ? { taxon: candidate.taxon, term: read.parts[candidate.part].term } : {};
    await begin(desk, begunRecord("expert_question", state.direction, given));
  },

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
    void show("ident");
  },
});
