// The identification aid on the scanner: from a candidate to the species list, a case, an expert, a permit or the documents.

import { t } from "../shared/i18n.js";
import { icon } from "../shared/icons.js";
import { identView } from "../shared/ident-view.js";
import { html, nothing } from "../shared/view.js";
import { telephone } from "./frame.js";

/** @typedef {import('./main.js').Actions} Actions */

/** @param {import('./state.js').State} state @param {Actions} actions */
export const identScreen = (state, actions) => identView(state.ident, actions, { ...door(state, actions), leave: leave(state.ident.path.length > 0, actions), telephone: telephone(state) }, state.wrong);

/** @param {boolean} asked @param {Actions} actions */
const leave = (asked, actions) =>
  asked
    ? html`<button type="button" @click=${() => actions.go("find")}>${icon("close")}<span>${t("Leave the aid")}</span></button>`
    : html`<button type="button" id="back-to-verdict" @click=${() => actions.go("verdict")}>${icon("again")}<span>${t("Back to the verdict")}</span></button>`;

/** @param {import('./state.js').State} state @param {Actions} actions @returns {Omit<import('../shared/ident-view.js').Door, 'leave' | 'telephone'>} */
const door = ({ direction, ident }, actions) => ({
  none: html`<button type="button" id="ask-expert" @click=${() => void actions.askExpert("")}>${icon("ask")}<span>${t("None of these: ask an expert")}</span></button>
    ${ident.said.length ? caseButton("", actions) : nothing}`,
  species: ({ taxon }) => html`<button type="button" id="listed" @click=${() => void actions.species(taxon)}>${icon("number")}<span>${t("What the species list says")}</span></button>`,
  next: (id, { taxon }, { term }) => html`
    ${caseButton(id, actions)}
    <button type="button" id="ask-expert" @click=${() => void actions.askExpert(id)}>${icon("ask")}<span>${t("Ask an expert")}</span></button>
    <button type="button" id="ident-permit" @click=${() => actions.identPermit(id)}>${icon("camera")}<span>${t("Check a permit for it")}</span></button>
    <button type="button" class="main" id="ident-which" @click=${() => void actions.which({ taxon, said: { direction, term } })}>${icon("file")}<span>${t("Which document should I see?")}</span></button>
  `,
});

/** @param {string} id  "": none of them @param {Actions} actions */
const caseButton = (id, actions) => html`<button type="button" id="ident-case" @click=${() => void actions.openCase(false, [actions.identGoods(id)])}>${icon("file")}<span>${t("Open a case")}</span></button>`;
