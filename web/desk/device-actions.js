// What the desk asks the service about the posts' devices.

import { need } from "../shared/view.js";
import * as service from "./service.js";

/** @param {import('./main.js').State} state @param {import('./asking.js').Run} run @param {() => void} move answers about another post come too late */
export function deviceActions(state, run, move) {
  /** @param {string} post @param {() => boolean} here */
  async function look(post, here) {
    const items = post ? await service.devicesOf(post) : [];
    if (here()) state.devices = { post, items, losing: "", kept: null };
  }

  return {
    /** Another post's. @param {string} post */
    async devicesOf(post) {
      move();
      await run((here) => look(post, here));
    },

    /** "Lost?" was asked of this one; "": of none. @param {string} id */
    async losing(id) {
      await run(async () => {
        if (state.devices) state.devices.losing = id;
      });
      need(id ? "#report-lost" : "#devices").focus();
    },

    /** @param {string} id */
    async reportLost(id) {
      const post = state.devices?.post ?? "";
      await run(async (here) => {
        await service.deviceLost(id);
        await look(post, here);
        if (here()) need("#devices").focus();
      });
    },

    /** What a lost one sent. @param {string} id */
    async keptOf(id) {
      await run(async (here) => {
        const items = await service.keptOf(id);
        if (here() && state.devices) state.devices.kept = { device: id, items };
      });
    },
  };
}
