// What the desk asks the service about deputies of approvers.

import { t } from "../shared/i18n.js";
import * as service from "./service.js";

/** @param {import('./main.js').State} state @param {import('./asking.js').Run} run */
export function deputyActions(state, run) {
  /** A change among deputies, and who stands in after it; whether it was made. @param {() => Promise<unknown>} change */
  async function deputised(change) {
    state.faults = [];
    await run(async () => {
      await change();
      Object.assign(state, { deputies: await service.deputies(), done: t("Done.") });
    });
    return !state.trouble && !state.signedOut;
  }

  return {
    /** @param {Record<string, string>} entered */
    nameDeputy: (entered) => deputised(() => service.deputyNamed(entered)),

    /** @param {string} id */
    confirmDeputy: (id) => deputised(() => service.deputyTold(id, "confirm")),

    /** @param {string} id */
    endDeputy: (id) => deputised(() => service.deputyTold(id, "end")),
  };
}
