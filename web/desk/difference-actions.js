// What the desk sends about a difference between the signed status list and the register (T8).

import { Problem } from "../shared/api.js";
import { t } from "../shared/i18n.js";
import { settledWord } from "./difference.js";
import * as service from "./service.js";

/** @param {import('./main.js').State} state @param {import('./asking.js').Run} run @param {(here: () => boolean) => Promise<void>} again the permit as it is by now */
export const differenceActions = (state, run, again) => ({
  /** Propose a choice, or confirm the one that another person proposed. @param {import('./service.js').Permit} permit @param {import('./service.js').Choice} choice @param {string} reason */
  async settle({ id, difference }, choice, reason) {
    await run(async (here) => {
      try {
        const { settled } = await service.differenceSettled(id, { choice, reason });
        if (!here()) return;
        await again(here);
        if (here()) state.done = settled && difference ? settledWord(difference.value, choice) : t("Proposed. Nothing changes until another approver or administrator confirms it.");
      } catch (error) {
        const why = error instanceof Problem ? refusedWord(error.slug) : "";
        if (!why) throw error;
        if (!here()) return;
        await again(here);
        if (here()) state.trouble = why;
      }
    });
  },
});

/** Why it was not done, by the name of the service's problem; "": nothing of this form alone. @param {string} slug */
function refusedWord(slug) {
  const words = {
    "two-people": t("Not done: you proposed it yourself, or for somebody as a deputy. Another approver or administrator confirms it."),
    "wrong-state": t("Not done: meanwhile the list and the register agree, or the list says something else. Below is how it is now."),
  };
  return words[/** @type {keyof typeof words} */ (slug)] ?? "";
}
