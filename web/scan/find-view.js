// How a scan begins: which way the goods go, then camera, photo or PDF, number and check code, or a scanner that types.

import { exampleNumber } from "../shared/frame.js";
import { t } from "../shared/i18n.js";
import { icon } from "../shared/icons.js";
import { learnView } from "../shared/tour.js";
import { html, nothing } from "../shared/view.js";
import { word } from "../shared/verdict-view.js";
import { begunView } from "./begun-view.js";
import { numberless } from "./event-words.js";
import { soughtNote } from "./sought-view.js";
import { stops } from "./tour.js";

/** @typedef {import('./state.js').State} State @typedef {import('./main.js').Actions} Actions */

/** @param {State} state @param {Actions} actions */
export const findView = (state, actions) => html`
  <h1 tabindex="-1" class=${state.addingPage ? "" : "unseen"}>${state.addingPage ? t("Scan the next page of this permit") : t("Scan a permit")}</h1>
  ${state.addingPage ? nothing : begunView(state, actions)} ${state.addingPage ? nothing : directions(state, actions)} ${soughtNote(state, actions)} ${consignment(state, actions)}
  ${
    state.open
      ? nothing
      : html`<section class="rows">
          <button class="main way" type="button" id="camera" @click=${actions.openCamera}>${icon("camera")}<span>${t("Open the camera")}</span></button>
          <p class="hint">${t("The camera only looks for the square code; no picture is kept or sent.")}</p>
        </section>`
  }
  <p class="wrong" role="alert">${state.wrong}</p>
  <div class="button way file">
    ${icon("file")}<span id="file-label">${state.busy ? t("Reading the file …") : t("A photo or a PDF")}</span>
    <input
      type="file"
      accept="application/pdf,image/*"
      aria-labelledby="file-label"
      aria-describedby="file-hint"
      @change=${(/** @type {Event} */ event) => void actions.file(/** @type {HTMLInputElement} */ (event.target))}
    />
  </div>
  <p class="hint" id="file-hint">${t("A PDF needs a network, for the register reads it. The camera and a photo of one permit need none.")}</p>
  ${state.addingPage ? html`<button type="button" @click=${() => actions.back()}>${icon("close")}<span>${t("Back to the verdict")}</span></button>` : state.practice ? nothing : numberForm(state, actions)}
  ${state.addingPage ? nothing : html`<button type="button" id="foreign" @click=${() => void actions.recordOrGoOn("foreign_permit")}>${icon("file")}<span>${t("A permit of another country, without a code")}</span></button>`}
  ${state.addingPage ? nothing : html`<button class="way" type="button" id="identify" @click=${() => void actions.identify()}>${icon("look")}<span>${t("What is it? From what is in the hand")}</span></button>`}
  ${state.addingPage ? nothing : html`<button class="way" type="button" id="open-species" @click=${() => void actions.species()}>${icon("number")}<span>${t("Look up a species")}</span></button>`}
  ${state.addingPage ? nothing : html`<button type="button" id="case" @click=${() => void actions.recordOrGoOn("case")}>${icon("file")}<span>${t("Open a case without a permit")}</span></button>`}
  ${state.addingPage ? nothing : html`<button class="way" type="button" id="which" @click=${() => void actions.which()}>${icon("file")}<span>${t("Which document should I see?")}</span></button>`}
  ${learnView(state.stage, stops)}
`;

/** @param {State} state @param {Actions} actions */
const directions = (state, actions) => html`<div class="choices directions" role="group" aria-label=${t("What happens to the goods here")}>
    ${
      /** @type {const} */ ([
        ["export", "leave"],
        ["import", "arrive"],
        ["transit", "look"],
        ["return", "again"],
      ]).map(
        ([direction, name]) =>
          html`<button type="button" aria-pressed=${state.direction === direction} @click=${() => actions.turn(direction)}>${icon(name)}<span>${directionWord(direction)}</span></button>`,
      )
    }
  </div>
  <label class="tick">
    <input type="checkbox" id="goods" .checked=${state.goodsPresent} @change=${actions.goods} /><span>${t("The goods are here")}</span>
  </label>`;

/** The permits of one consignment that were scanned in a row. @param {State} state @param {Actions} actions */
const consignment = ({ consignment: entries, addingPage }, actions) =>
  entries.length === 0 || addingPage
    ? nothing
    : html`<section class="sheet" aria-labelledby="consignment">
        <h2 id="consignment">${t("Consignment in hand: {count}", { count: entries.length })}</h2>
        <ul class="stages">
          ${entries.map((each) => html`<li>${icon(each.outcome)}<span><b class="mono">${each.number || numberless(each.outcome)}</b> · ${word(each.outcome)}${each.endorsed ? ` · ${t("endorsed")}` : ""}</span></li>`)}
        </ul>
        <button type="button" @click=${actions.newConsignment}>${t("That was all: next consignment")}</button>
      </section>`;

/** @param {State} state @param {Actions} actions */
const numberForm = (state, actions) => html`<details class="sheet" ?open=${false}>
  <summary>${icon("number")}<span>${t("Type number and check code")}</span></summary>
  <form class="rows" @submit=${(/** @type {SubmitEvent} */ event) => actions.number(event)}>
    <div>
      <label for="number">${t("Number of the permit")}</label>
      <input class="mono" type="text" id="number" name="number" placeholder=${exampleNumber()} maxlength="6000" required autocomplete="off" autocapitalize="characters" spellcheck="false" />
    </div>
    <div>
      <label for="code">${t("Check code")}</label>
      <input class="mono" type="text" id="code" name="code" placeholder="XXXX-XXXX" maxlength="9" autocomplete="off" autocapitalize="characters" spellcheck="false" aria-describedby="code-hint" />
      <p class="hint" id="code-hint">${t("The register answers this: it needs a network. A permit on paper from before Tamga has no check code.")}</p>
    </div>
    <div><button type="submit" ?disabled=${state.busy}>${t("Check")}</button></div>
  </form>
</details>`;

/** @param {State['direction']} direction */
export function directionWord(direction) {
  const words = { export: t("They leave"), import: t("They arrive"), transit: t("In transit"), return: t("They come back") };
  return words[direction];
}
