// What the desk asks the service about the year's quotas.

import { t } from "../shared/i18n.js";
import { spelled } from "../shared/quantity.js";
import * as service from "./service.js";

/** @param {import('./main.js').State} state @param {import('./asking.js').Run} run */
export function quotaActions(state, run) {
  /** The year's figures, and the past of the one that is chosen. @param {() => boolean} here */
  async function loadQuotas(here) {
    const { id } = state.place;
    const [quotas, quotaPast] = await Promise.all([service.quotas(id.slice(0, 4)), id.length > 4 ? service.quotaHistory(id) : null]);
    if (here()) Object.assign(state, { quotas, quotaPast });
  }

  /** A figure set or proposed, and the figures after it; whether it was. @param {() => Promise<object>} change @param {string} words */
  async function set(change, words) {
    state.faults = [];
    await run(async (here) => {
      const waits = "steps" in (await change());
      if (!here()) return;
      await loadQuotas(here);
      if (here()) state.done = waits ? t("Proposed. Another administrator confirms it.") : words;
    });
    return !state.trouble && !state.signedOut;
  }

  /** @param {Record<string, string>} entered */
  const figures = ({ quantity, before, ...entered }) => ({ ...entered, quantity: spelled(quantity), before: spelled(before) });

  return {
    loadQuotas,

    async moreOfQuota() {
      await run(async (here) => {
        const { items, cursor } = await service.quotaHistory(state.place.id, state.quotaPast?.cursor ?? "");
        if (here()) state.quotaPast = { items: [...(state.quotaPast?.items ?? []), ...items], cursor };
      });
    },

    /** @param {number} year @param {Record<string, string>} entered */
    enterQuota: (year, { terms, sources, unit, ...entered }) =>
      set(
        () => service.quotaEntered({ ...figures(entered), year, terms: terms ? [terms] : [], sources: sources ? [sources] : [], ...(unit ? { unit } : {}) }),
        t("Entered."),
      ),

    /** @param {string} id @param {Record<string, string>} entered */
    changeQuota: (id, { below_taken: below, ...entered }) => set(() => service.quotaChanged(id, { ...figures(entered), below_taken: below === "yes" }), t("Changed.")),

    /** @param {import('./service.js').QuotaProposal} proposal */
    confirmQuota: ({ id, version }) => set(() => service.quotaConfirmed(id, version), t("Confirmed.")),
  };
}
