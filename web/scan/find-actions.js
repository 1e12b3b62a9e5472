// What is set and chosen around a scan: camera, direction, goods at hand, next page, next permit.

import { wake } from "./sound.js";
import { emptyHanded, putDown } from "./state.js";

/** @typedef {import('./main.js').Desk} Desk @typedef {import('./state.js').Direction} Direction */

/** @param {Desk} desk */
export const findActions = ({ state, draw, show }) => ({
  async openCamera() {
    wake();
    await import("../shared/camera.js");
    state.open = true;
    draw();
  },

  /** @param {Direction} direction */
  turn(direction) {
    state.direction = direction;
    draw();
  },

  /** @param {Event} event */
  goods(event) {
    state.goodsPresent = /** @type {HTMLInputElement} */ (event.target).checked;
  },

  addPage() {
    state.addingPage = true;
    void show("find");
  },

  back() {
    state.addingPage = false;
    void show("verdict");
  },

  next() {
    Object.assign(state, putDown());
    void show("find");
  },

  newConsignment() {
    Object.assign(state, emptyHanded(), { unfinished: state.unfinished });
    void show("find");
  },
});
