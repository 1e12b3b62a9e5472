// What the desk asks the service about deputies of approvers.

import { Problem } from "../shared/api.js";
import { t } from "../shared/i18n.js";
import { whoAmI } from "../shared/person.js";
import * as service from "./service.js";

/** @typedef {import('./main.js').State} State @typedef {import('./service.js').Deputation} Deputation */

/** @param {State} state @param {import('./asking.js').Run} run */
export function deputyActions(state, run) {
  /** A change among deputies, and who stands in after it; whether it was made. @param {() => Promise<Deputation>} change @param {(made: Deputation) => string} words */
  async function deputised(change, words) {
    state.faults = [];
    let outrun = false;
    await run(async () => {
      const made = await change().catch((error) => {
        outrun = error instanceof Problem && error.slug === "wrong-state";
        if (outrun) return null;
        throw error;
      });
      Object.assign(state, { deputies: await service.deputies(), done: made ? words(made) : t("Nothing was done: others had changed it. This is how it stands now.") });
    });
    return !outrun && !state.trouble && !state.signedOut;
  }

  return {
    /** @param {Record<string, string>} entered */
    nameDeputy: (entered) => deputised(() => service.deputyNamed(entered), (made) => (made.state === "waiting" ? t("Named. It takes effect when a second person has confirmed it.") : t("Named."))),

    /** @param {string} id */
    confirmDeputy: (id) => deputised(() => service.deputyTold(id, "confirm"), () => t("Confirmed.")),

    /** @param {string} id */
    endDeputy: (id) => deputised(() => service.deputyTold(id, "end"), () => t("It has ended.")),
  };
}

/** A deputy was refused: whether the deputation has ended since the page was opened; then who they are by now, in words too. @param {State} state */
export async function noLonger(state) {
  const name = state.me?.deputy_for;
  if (!name) return false;
  const me = await whoAmI();
  if (me.deputy_for === name) return false;
  Object.assign(state, { me, step: "", trouble: t("Not done: you no longer stand in for {name}. The deputation has ended.", { name }) });
  return true;
}
