// What the desk asks the service about the stock of security stamps.

import { t } from "../shared/i18n.js";
import * as service from "./service.js";

/** @param {import('./main.js').State} state @param {import('./asking.js').Run} run */
export function stampActions(state, run) {
  /** A change of the stock, and the stock after it; whether it was made. @param {() => Promise<unknown>} change @param {string} words */
  async function stocked(change, words) {
    state.faults = [];
    await run(async (here) => {
      await change();
      if (!here()) return;
      const [stock, ofRun] = await Promise.all([service.stock(), state.place.id ? service.stampsOf(state.place.id) : null]);
      if (here()) Object.assign(state, { stock, ofRun, done: words });
    });
    return !state.trouble && !state.signedOut;
  }

  return {
    async moreStamps() {
      await run(async (here) => {
        const { items, cursor } = await service.stampsOf(state.place.id, state.ofRun?.cursor ?? "");
        if (here()) state.ofRun = { items: [...(state.ofRun?.items ?? []), ...items], cursor };
      });
    },

    /** @param {Record<string, string>} entered prefix, first, last */
    enterRun: (entered) => stocked(() => service.runEntered(entered), t("Entered.")),

    /** @param {Record<string, string>} entered number, reason */
    spoil: (entered) => stocked(() => service.spoiled(entered), t("Written off.")),
  };
}
