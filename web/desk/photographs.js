// Photographs of a foreign paper or a case at the desk: seen where they are compared, saved as they were sent.

import { moment, t } from "../shared/i18n.js";
import { icon } from "../shared/icons.js";
import { html, nothing } from "../shared/view.js";
import { pictureView } from "./block14.js";
import * as enforcement from "./enforcement-service.js";
import { pictureOf } from "./service.js";

/**
 * @typedef {'foreign-permits' | 'cases'} Of @typedef {import('./enforcement-service.js').Photo} Photo
 * @typedef {ReturnType<typeof photographActions>} Actions
 */

/** @param {import('./main.js').State} state @param {import('./asking.js').Run} run */
export function photographActions(state, run) {
  /** @param {Of} of @param {string} id @param {readonly Photo[]} photos @param {() => boolean} here */
  async function loadPictures(of, id, photos, here) {
    const found = await Promise.all(photos.map(({ sha256 }) => pictureOf(`/v1/${of}/${encodeURIComponent(id)}/photos/${sha256}`)));
    if (!here()) return forget(found);
    forget([...state.enforcement.pictures.values()]);
    state.enforcement.pictures = new Map(photos.map(({ sha256 }, index) => [sha256, found[index]]));
  }

  return {
    loadPictures,

    /** Those of a screen that was left. */
    dropPictures() {
      forget([...state.enforcement.pictures.values()]);
    },

    /** @param {Of} of @param {readonly Photo[]} photos */
    async showPictures(of, photos) {
      await run((here) => loadPictures(of, state.place.id, photos, here));
    },

    /** @param {Of} of @param {string} sha256 */
    async photo(of, sha256) {
      await run(async (here) => {
        const opened = document.createElement("a");
        Object.assign(opened, { href: await enforcement.photoOf(of, state.place.id, sha256), target: "_blank", rel: "noopener noreferrer" });
        if (here()) opened.click();
      });
    },
  };
}

/** @param {readonly (import('./service.js').Picture | null)[]} found */
const forget = (found) => found.forEach((picture) => picture && URL.revokeObjectURL(picture.url));

/** @param {import('./main.js').State} state @param {Of} of @param {readonly Photo[]} photos @param {Pick<Actions, "showPictures" | "photo">} actions */
export function photographsView(state, of, photos, actions) {
  const { pictures } = state.enforcement;
  if (!photos.length) return html`<p>${t("None.")}</p>`;
  return html`
    ${photos.every(({ sha256 }) => pictures.has(sha256)) ? nothing : html`<div><button type="button" ?disabled=${state.busy} @click=${() => void actions.showPictures(of, photos)}>${t("Show the photographs")}</button></div>`}
    ${photos.map(({ sha256, at, by_name }, index) => html`<figure>
      ${pictures.has(sha256) ? pictureView(pictures.get(sha256) ?? null, t("Photograph {number}", { number: index + 1 })) : nothing}
      <figcaption class="soft">
        ${by_name ? html`<bdi translate="no">${by_name}</bdi> · ` : nothing}${moment(Date.parse(at) / 1000, state.stage.zone)} · <span class="mono">SHA-256 ${sha256.slice(0, 12)}…</span>
        <br /><button type="button" class="plain" ?disabled=${state.busy} @click=${() => void actions.photo(of, sha256)}>${icon("file")}<span>${t("Save photograph {number} as it was sent", { number: index + 1 })}</span></button>
      </figcaption>
    </figure>`)}
  `;
}
