// Foreign papers at the desk: what their screen shows, and what one does with a paper.

import { Problem } from "../shared/api.js";
import { t } from "../shared/i18n.js";
import { correctionBody, correctionOf } from "./correction.js";
import * as service from "./enforcement-service.js";
import { arrivalTold, arrivedUnder } from "./exchange-actions.js";

/** @typedef {import('./main.js').State} State @typedef {import('./asking.js').Run} Run @typedef {Partial<import('./enforcement.js').Enforcement>} Found */

export const CORRECT = "/correct"; // after a paper's id in the address

/** What the screen of foreign permits shows at this address. @param {string} id @returns {Promise<Found>} */
export async function papersAt(id) {
  if (!id) return { papers: await service.papers(null) };
  const paper = await service.paperOf(id.replace(CORRECT, ""));
  if (id.endsWith(CORRECT)) return { paper, form: { id: paper.id, event: "", version: paper.version, fields: correctionOf(paper), faults: [] } };
  const [history, known, importPermit] = await Promise.all([paper.version > 1 ? service.paperHistory(paper.id) : [], withArrived(paper), permitNamedBy(paper)]);
  return { ...known, history, importPermit };
}

/** @param {service.Paper} paper */
const named = ({ issuer, number }) => ({ country: issuer, number });

/** Our import permit that a paper names, as long as it can be endorsed. @param {service.Paper} paper */
const permitNamedBy = ({ steps, permit }) => (steps.includes("endorse") && permit.import_permit?.number ? service.importPermit(permit.import_permit.number) : null);

/** A paper, and what its issuer can be told. @param {service.Paper} paper @returns {Promise<Found>} */
const withArrived = async (paper) => ({ paper, arrived: paper.steps.includes("tell") ? await arrivedUnder(named(paper)) : null });

/** Sends a form: what is refused stands at its fields when the screen is drawn again. @param {Run} run */
export const formSender = (run) => (/** @type {import('../shared/entry.js').Form} */ form, /** @type {(here: () => boolean) => Promise<void>} */ work) =>
  run(async (here) => {
    try {
      await work(here);
    } catch (error) {
      if (error instanceof Problem) form.faults = error.errors;
      throw error;
    }
  });

/** @param {State} state @param {Run} run */
export function paperActions(state, run) {
  const sendForm = formSender(run);

  /** One step on what is shown, and what it is by then. @param {(id: string) => Promise<service.Paper>} step @param {string} words */
  async function paperStep(step, words) {
    state.faults = [];
    let taken = false;
    await run(async (here) => {
      const paper = await step(state.place.id);
      taken = true;
      if (here()) Object.assign(state, { done: words, enforcement: { ...state.enforcement, paper } });
      const known = await withArrived(paper);
      if (here()) Object.assign(state.enforcement, known);
    });
    return taken;
  }

  return {
    async morePapers() {
      await run(async (here) => {
        const { items, cursor } = await service.papers(state.enforcement.papers?.cursor ?? null);
        if (here()) state.enforcement.papers = { items: [...(state.enforcement.papers?.items ?? []), ...items], cursor };
      });
    },

    askIssuer: () => paperStep((id) => service.paperStep(id, "enquiries", {}), t("The letter is ready: copy it and send it.")),

    /** @param {Record<string, string>} entered */
    answerOf: (entered) => paperStep((id) => service.paperStep(id, "answers", entered), t("The answer is kept.")),

    /** @param {object} body */
    usePaper: (body) => paperStep((id) => service.paperStep(id, "endorse", body), t("Recorded. It counts when a second person has confirmed it.")),
    confirmPaper: () => paperStep((id) => service.paperStep(id, "confirm", {}), t("Confirmed.")),
    /** @param {string} reason */
    takeBack: (reason) => paperStep((id) => service.paperStep(id, "withdraw", { reason }), t("Taken back.")),

    async tellIssuer() {
      const { paper, arrived: found } = state.enforcement;
      if (!paper || !found) return;
      await run(async (here) => {
        const { arrived, words } = await arrivalTold(named(paper), found);
        if (here()) Object.assign(state, { done: words, enforcement: { ...state.enforcement, arrived } });
      });
    },

    async savePaper() {
      const { form } = state.enforcement;
      if (!form) return;
      form.faults = [];
      await sendForm(form, async (here) => {
        const made = await service.paperCorrected(form.id, correctionBody(form.fields, form.version));
        if (here()) location.hash = `#/foreign/${made.id}`;
      });
    },
  };
}
