// What the desk does with a permit's XML.

import * as service from "./service.js";

/** @param {import('./main.js').State} state @param {import('./asking.js').Run} run */
export const exchangeActions = (state, run) => ({
  /** The permit as CITESEPermit, as a file. */
  async xml() {
    const { permit } = state;
    if (!permit) return;
    await run(async () => {
      const address = URL.createObjectURL(await service.xmlOf(permit.id));
      const link = document.createElement("a");
      link.href = address;
      link.download = `${(permit.number ?? permit.id).replaceAll("/", "-")}.xml`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(address), 60_000);
    });
  },
});
