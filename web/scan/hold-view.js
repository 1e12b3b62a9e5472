// What to do at `hold`: the server's own steps, the duty number to tap, and photographs that stay with the scan.

import { t } from "../shared/i18n.js";
import { icon } from "../shared/icons.js";
import { html } from "../shared/view.js";
import { telephone } from "./frame.js";

/** @typedef {import('./state.js').State} State @typedef {import('./main.js').Actions} Actions */

/** @param {State} state @param {import('../shared/show.js').Verdict} verdict @param {Actions} actions */
export function holdView(state, verdict, actions) {
  const taken = state.photos.filter((each) => each.eventId === state.subject?.eventId).length;
  return html`<section class="sheet rows procedure" aria-labelledby="procedure">
    <h2 id="procedure">${t("What to do now")}</h2>
    <ol class="rows">
      ${verdict.steps.map((each) => html`<li>${each}</li>`)}
    </ol>
    <button class="main" type="button" id="open-case" @click=${() => void actions.openCase()}>${icon("file")}<span>${t("Open a case")}</span></button>
    ${telephone(state)} ${photoButton(state, t("Photograph paper and goods"), (file) => void actions.photo(file, "hold"))}
    <p class="hint" role="status">${taken > 0 ? t("Photographs kept on this device: {count}. They go with the case.", { count: taken }) : ""}</p>
  </section>`;
}

/** @param {State} state @param {string} words @param {(file: File) => void} taken */
export const photoButton = (state, words, taken) => html`<div class="button file">
  ${icon("camera")}<span>${words}</span>
  <input
    type="file"
    accept="image/*"
    capture="environment"
    aria-label=${words}
    @change=${(/** @type {Event} */ event) => {
      const input = /** @type {HTMLInputElement} */ (event.target);
      const file = input.files?.[0];
      input.value = "";
      if (file) taken(file);
    }}
  />
</div>
<p class="wrong" role="alert">${state.photoWrong}</p>`;
