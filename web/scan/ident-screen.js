// The identification aid on the scanner: from a candidate to the species list, a case, an expert or the documents.

import { t } from "../shared/i18n.js";
import { icon } from "../shared/icons.js";
import { identView } from "../shared/ident-view.js";
import { html } from "../shared/view.js";
import { telephone } from "./frame.js";

/** @typedef {import('./main.js').Actions} Actions */

/** @param {import('./state.js').State} state @param {Actions} actions */
export const identScreen = (state, actions) => identView(state.ident, actions, { ...door(state.direction, actions), leave: leave(state.ident.path.length > 0, actions), telephone: telephone(state) }, state.wrong);

/** @param {boolean} asked @param {Actions} actions */
const leave = (asked, actions) =>
  asked
    ? html`<button type="button" @click=${() => actions.go("find")}>${icon("close")}<span>${t("Leave the aid")}</span></button>`
    : html`<button type="button" id="back-to-verdict" @click=${() => actions.go("verdict")}>${icon("again")}<span>${t("Back to the verdict")}</span></button>`;

/** @param {import('./judge.js').Direction} direction @param {Actions} actions @returns {Omit<import('../shared/ident-view.js').Door, 'leave' | 'telephone'>} */
const door = (direction, actions) => ({
  none: html`<button type="button" id="ask-expert" @click=${() => void actions.askExpert("")}>${icon("ask")}<span>${t("None of these: ask an expert")}</span></button>`,
  species: ({ taxon }) => html`<button type="button" id="listed" @click=${() => void actions.species(taxon)}>${icon("number")}<span>${t("What the species list says")}</span></button>`,
  next: (id, { taxon }, { term }) => html`
    <button type="button" id="ident-case" @click=${() => void actions.openCase(false, [{ scientific_name: taxon, term }])}>${icon("file")}<span>${t("Open a case")}</span></button>
    <button type="button" id="ask-expert" @click=${() => void actions.askExpert(id)}>${icon("ask")}<span>${t("Ask an expert")}</span></button>
    <button type="button" class="main" id="ident-which" @click=${() => void actions.which({ taxon, said: { direction: direction === "return" ? "import" : direction, term } })}>${icon("file")}<span>${t("Which document should I see?")}</span></button>
  `,
});
