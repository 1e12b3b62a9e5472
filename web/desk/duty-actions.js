// What the duty desk and an enquiry ask the service: a permit by number and check code, endorsements by telephone and from
// paper; and, as on a permit's page, to take one back.

import { calendarDay } from "../core/stage.js";
import { Problem, Unreachable } from "../shared/api.js";
import { t } from "../shared/i18n.js";
import { notTakenBack } from "../shared/take-back.js";
import * as service from "./service.js";

/** @typedef {{post: string, day: string, lines: {line: string, quantity: string}[], transport_document: string}} Receipt  of an endorsement that was just made */

/**
 * @param {import('./main.js').State} state @param {import('./asking.js').Run} run @param {() => void} move answers to an earlier look-up come too late
 * @param {Pick<import('./block14.js').Actions, "loadStamped" | "dropStamped">} block14
 * @param {(here: () => boolean) => Promise<void>} again  the permit whose page is open, as it is by now
 */
export function dutyActions(state, run, move, { loadStamped, dropStamped }, again) {
  /** @type {Map<string, string>} endorsement and reason -> the id of taking it back: what is sent again is the same */
  const ids = new Map();

  /** A permit as it is by now, drawn with what its second person compares. @param {{number: string, code: string}} asked @param {() => boolean} here */
  async function look({ number, code }, here) {
    const verdict = await service.looked(number, code);
    const pending = waitingOf(verdict.register?.uses ?? []).map((use) => use.event_id);
    if (here()) await Promise.all(pending.map((event) => loadStamped([event], here).catch(without)));
    if (here()) state.verdict = verdict;
  }

  return {
    /** @param {string} number @param {string} code */
    async look(number, code) {
      move();
      dropStamped();
      Object.assign(state, { verdict: null, receipt: null, faults: [] });
      await run(async (here) => {
        await look({ number, code }, here);
        if (here()) Object.assign(state, { asked: { number, code }, key: crypto.randomUUID() });
      });
    },

    /** The event has one id until the service has answered: what is sent again after a lost answer is the same event. @param {{post: string, endorsed_at: string} & Record<string, any>} body */
    async endorse(body) {
      state.faults = [];
      await run(async (here) => {
        const receipt = await service.endorsed({ event_id: state.key, ...body }).catch((error) => {
          if (error instanceof Problem && here()) state.key = crypto.randomUUID();
          throw error;
        });
        if (!here()) return;
        state.key = crypto.randomUUID();
        await look(state.asked, here);
        if (!here()) return;
        const { post, lines, transport_document } = receipt;
        if (receipt.result !== "pending") state.receipt = { post, lines, transport_document, day: calendarDay(Date.parse(receipt.at) / 1000, state.stage.zone) };
        state.done = receipt.result === "pending" ? t("Recorded. It counts when a second person has confirmed it.") : t("Endorsed.");
      });
    },

    /** @param {string} event */
    async confirm(event) {
      await run(async (here) => {
        const { result } = await service.confirmed(event);
        if (here()) await look(state.asked, here);
        if (here()) state.done = result === "conflict" ? t("Confirmed. It counts as a second use: it contradicts another endorsement.") : t("Confirmed.");
      });
    },

    /** @param {string} event @param {string} reason */
    async takeBackUse(event, reason) {
      const asked = `${event} ${reason}`;
      const id = ids.get(asked) ?? crypto.randomUUID();
      ids.set(asked, id);
      await run(async (here) => {
        try {
          await service.takenBack(event, { event_id: id, reason });
        } catch (error) {
          const why = error instanceof Problem ? notTakenBack(error.slug) : "";
          if (!why) throw error;
          if (here()) state.trouble = why;
          return;
        }
        if (!here()) return;
        state.receipt = null; // what was to be read out is no more
        await (state.place.screen === "permit" ? again(here) : look(state.asked, here));
        if (here()) state.done = t("Taken back.");
      });
    },
  };
}

/** The fields with more than is permitted. @param {Problem} problem @param {readonly {line?: string}[]} lines @returns {import('../shared/api.js').FieldError[]} */
export const exceeded = (problem, lines) =>
  problem.lines.map((letter) => ({ field: `lines[${lines.findIndex(({ line }) => line === letter)}].quantity`, code: "exceeded", detail: "" }));

/** Those that wait for a second person. @param {import('../shared/show.js').UseShown[]} uses */
export const waitingOf = (uses) =>
  /** @type {(import('../shared/show.js').UseShown & {event_id: string})[]} */ (uses.filter((use) => use.result === "pending" && !use.withdrawn && use.event_id));

/** The verdict does not wait for a photograph that cannot be had: a button asks for it again. @param {unknown} error */
function without(error) {
  if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
}
