// What a permit's page does with the supporting papers: one more, one less, or one to read.

import { prepared } from "../shared/picture.js";
import * as service from "./service.js";

/** @param {import('./main.js').State} state @param {import('./asking.js').Run} run @param {(here: () => boolean) => Promise<void>} again the permit as it is by then */
export const paperActions = (state, run, again) => ({
  /** @param {Event} event */
  async attach(event) {
    const input = /** @type {HTMLInputElement} */ (event.target);
    const file = input.files?.[0];
    input.value = "";
    if (!file) return;
    await run(async (here) => {
      await service.attached(state.place.id, await prepared(file), file.name);
      if (here()) await again(here);
    });
  },

  /** @param {string} paper @param {string} reason */
  async dropPaper(paper, reason) {
    await run(async (here) => {
      await service.detached(state.place.id, paper, reason);
      if (here()) await again(here);
    });
  },

  /** @param {string} paper */
  async paper(paper) {
    await run(async (here) => {
      const opened = document.createElement("a");
      Object.assign(opened, { href: await service.paperOf(state.place.id, paper), target: "_blank", rel: "noopener noreferrer" });
      if (here()) opened.click();
    });
  },
});
