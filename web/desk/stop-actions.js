// What the desk asks the service about hard stops.

import { t } from "../shared/i18n.js";
import * as service from "./service.js";

const BEFORE_ISSUE = ["draft", "returned", "submitted", "approved"]; // later nothing stops it any more

/** @param {import('./main.js').State} state @param {import('./asking.js').Run} run @param {(here: () => boolean) => Promise<void>} again the permit as it is by now */
export const stopActions = (state, run, again) => ({
  /** The stops of the permit that is shown. @param {() => boolean} here */
  async loadStops(here) {
    const { permit } = state;
    const stops = permit && BEFORE_ISSUE.includes(permit.state) ? await service.stopsOf(permit.id) : null;
    if (here() && state.permit?.id === permit?.id) state.stops = stops;
  },

  /** @param {string} id @param {{stops: {field: string, code: string, identity: import('./service.js').StopIdentity}[], reason: string, digest: string}} body */
  async letPass(id, body) {
    await run(async (here) => {
      await service.overridden(id, body);
      if (!here()) return;
      await again(here);
      await this.loadStops(here);
      if (here()) state.done = t("Exception granted. The reason is on record.");
    });
  },
});
