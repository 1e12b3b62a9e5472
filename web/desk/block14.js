// Photographs of block 14 at the desk: what a post wrote and stamped by hand, beside what was entered of it.

import { moment, t } from "../shared/i18n.js";
import { prepared } from "../shared/picture.js";
import { html } from "../shared/view.js";
import * as service from "./service.js";

/**
 * @typedef {{picture: import('./service.js').Picture | null, by_name: string, at: string}} Stamped
 * @typedef {ReturnType<typeof block14Actions>} Actions
 */

/** @param {import('./main.js').State} state @param {import('./asking.js').Run} run */
export function block14Actions(state, run) {
  /** @param {string[]} events @param {() => boolean} here */
  async function loadStamped(events, here) {
    const found = await Promise.all(events.map((event) => service.stampedOf(event)));
    if (here()) forget(events.map((event) => state.stamped.get(event) ?? []));
    if (here()) events.forEach((event, index) => state.stamped.set(event, found[index]));
    else forget(found);
  }

  return {
    loadStamped,

    /** Those of a screen that was left. */
    dropStamped() {
      forget([...state.stamped.values()]);
      state.stamped = new Map();
    },

    /** @param {string} event */
    async showStamped(event) {
      await run((here) => loadStamped([event], here));
    },

    /** @param {string} event @param {HTMLInputElement} input */
    async addStamped(event, input) {
      const [file] = input.files ?? [];
      input.value = "";
      if (!file) return;
      await run(async (here) => {
        await service.stampedSent(event, await prepared(file));
        await loadStamped([event], here);
      });
    },
  };
}

/** @param {Stamped[][]} found */
const forget = (found) => found.flat().forEach(({ picture }) => picture && URL.revokeObjectURL(picture.url));

/** What was sent of one endorsement; a button where it was not asked for yet. @param {import('./main.js').State} state @param {string} event @param {Pick<Actions, "showStamped">} actions */
export function stampedView(state, event, actions) {
  const found = state.stamped.get(event);
  if (!found) return html`<button type="button" class="plain" ?disabled=${state.busy} @click=${() => void actions.showStamped(event)}>${t("Photographs of block 14")}</button>`;
  if (!found.length) return html`<p>${t("No photograph of block 14 was sent.")}</p>`;
  return html`${found.map(
    ({ picture, by_name, at }, index) => html`<figure>
      ${pictureView(picture, t("Photograph {number} of block 14", { number: index + 1 }))}
      <figcaption class="soft"><bdi translate="no">${by_name}</bdi> · ${moment(Date.parse(at) / 1000, state.stage.zone)}</figcaption>
    </figure>`,
  )}`;
}

/** @param {import('./main.js').State} state @param {string} event @param {Pick<Actions, "addStamped">} actions */
export const addStampedView = (state, event, actions) => html`<div class="button file">
  <span id="add-${event}">${t("Add a photograph of block 14")}</span><input type="file" accept="image/*" aria-labelledby="add-${event}" ?disabled=${state.busy} @change=${(/** @type {Event} */ sent) => void actions.addStamped(event, /** @type {HTMLInputElement} */ (sent.target))} />
</div>`;

/** @param {import('./service.js').Picture | null} picture @param {string} words that stand for it */
export const pictureView = (picture, words) =>
  picture ? html`<img class="photo" src=${picture.url} width=${picture.width} height=${picture.height} alt=${words} />` : html`<p>${t("A photograph that cannot be read.")}</p>`;
