// What can be done about the devices of the post: see them, report one lost, look at what a lost one sent.

import { askAll, askAs, bearer } from "../shared/session.js";
import { need } from "../shared/view.js";
import { busily, refuse } from "./busy.js";

/** @typedef {import('./main.js').Desk} Desk */

/** @param {Desk} desk */
export function devicesActions({ state, draw }) {
  let turn = 0; // of the newest list: an older one comes too late

  async function lookAtDevices() {
    const mine = (turn += 1);
    const found = await askAll("/v1/devices", { post: state.device?.post ?? "" });
    if (mine === turn) state.devices = found;
  }

  return {
    /** "Lost?" was asked of this one; "": of none. @param {string} id */
    async losing(id) {
      state.losing = id;
      draw();
      await Promise.resolve();
      need(id ? "#report-lost" : "#devices").focus();
    },

    /** @param {string} id */
    reportLost: (id) =>
      void busily(state, draw, async () => {
        await askAs(`/v1/devices/${encodeURIComponent(id)}/revoke`, { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" });
        state.losing = "";
        await lookAtDevices();
        if (state.screen === "shift") need("#devices").focus();
      }),

    /** What the register knows of this post's devices; without it the screen says so. */
    async devices() {
      Object.assign(state, { devices: null, apart: null });
      if (state.practice || !bearer()) return;
      await lookAtDevices().catch((error) => refuse(state, error));
      draw();
    },

    /** @param {string} id */
    lookApart: (id) =>
      busily(state, draw, async () => {
        state.apart = { device: id, items: await askAll(`/v1/devices/${encodeURIComponent(id)}/kept`) };
      }),
  };
}
