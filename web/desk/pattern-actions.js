// What the desk does about suspicious patterns and breeding operations.

import { t } from "../shared/i18n.js";
import * as service from "./pattern-service.js";

/**
 * @typedef {{items: service.Pattern[] | null, cursor: string | null, summary: service.Summary | null, one: service.Pattern | null,
 *   operations: service.Operation[] | null, asked: {state: string, rule: string}}} Patterns `null`: not asked yet
 */

/** @returns {Patterns} */
export const nothingFlagged = () => ({ items: null, cursor: null, summary: null, one: null, operations: null, asked: { state: "open", rule: "" } });

/** @param {import('./main.js').State} state @param {import('./asking.js').Run} run @param {() => void} move answers to an earlier filter come too late */
export function patternActions(state, run, move) {
  const held = () => state.patterns;

  /** @param {'acknowledge' | 'answer'} step @param {object} body @param {string} done */
  async function taken(step, body, done) {
    state.faults = [];
    await run(async (here) => {
      const one = await service.patternStep(state.place.id, step, body);
      if (here()) Object.assign(state, { done, patterns: { ...held(), one } });
    });
    return !state.trouble && !state.signedOut;
  }

  return {
    /** What the address names. @param {() => boolean} here */
    async loadPatterns(here) {
      const { screen, id } = state.place;
      state.patterns = { ...nothingFlagged(), asked: held().asked };
      if (screen === "operations") {
        const { items } = await service.operations();
        if (here()) state.patterns.operations = items;
      } else if (id) {
        const one = await service.patternOf(id);
        if (here()) state.patterns.one = one;
      } else {
        const [summary, { items, cursor }] = await Promise.all([service.patternSummary(), service.patterns(held().asked)]);
        if (here()) Object.assign(state.patterns, { summary, items, cursor });
      }
    },

    /** @param {{state?: string, rule?: string}} wanted */
    async filterPatterns(wanted) {
      const asked = { ...held().asked, ...wanted };
      state.patterns.asked = asked;
      move();
      await run(async (here) => {
        const { items, cursor } = await service.patterns(asked);
        if (here()) Object.assign(state.patterns, { items, cursor });
      });
    },

    async morePatterns() {
      await run(async (here) => {
        const { items, cursor } = await service.patterns({ ...held().asked, cursor: held().cursor ?? "" });
        if (here()) Object.assign(state.patterns, { items: [...(held().items ?? []), ...items], cursor });
      });
    },

    sawPattern: () => taken("acknowledge", {}, t("Noted that you look into it.")),

    /** @param {Record<string, string>} entered */
    answerPattern: (entered) => taken("answer", entered, t("The answer is kept.")),

    /** @param {Record<string, string>} entered */
    async enterOperation({ sources, unit, until, reason, ...entered }) {
      state.faults = [];
      await run(async (here) => {
        await service.operationEntered({ ...entered, sources: sources.split(/[\s,;]+/).filter(Boolean), ...(unit && { unit }), ...(until && { until }), ...(reason && { reason }) });
        const { items } = await service.operations();
        if (here()) Object.assign(state, { done: t("Entered."), patterns: { ...held(), operations: items } });
      });
      return !state.trouble && !state.signedOut;
    },
  };
}
