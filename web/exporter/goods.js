// The goods of an application: which kinds there are, and a page to add, change or take one out.

import { LINES_AT_MOST, lineLetter } from "../core/permit.js";
import { t } from "../shared/i18n.js";
import { apart, html, nothing } from "../shared/view.js";
import { amount } from "../shared/permit-view.js";
import { named } from "../shared/i18n.js";
import { summary, troubleView } from "./question.js";

/** @typedef {import('./main.js').State} State @typedef {import('./main.js').Actions} Actions */

/** @param {State} state @param {Actions} actions @param {string} where @param {string} back */
export function goodsView(state, actions, where, back) {
  const lines = state.record.lines ?? [];
  return html`
    <p class="soft steps"><a href=${back}>${t("Back")}</a> <span>${where}</span></p>
    <h1 tabindex="-1">${t("Which goods?")}</h1>
    <p>${t("A line for each species, kind of specimen and source.")}</p>
    ${troubleView(state, actions)} ${summary(state.wrong)}
    ${lines.map((/** @type {any} */ line, /** @type {number} */ index) => lineView(state, actions, line, index))}
    <div class="choices">
      ${lines.length < LINES_AT_MOST
        ? html`<button class=${lines.length ? "" : "main"} type="button" ?disabled=${state.busy} @click=${actions.addLine}>${lines.length ? t("Add other goods") : t("Add goods")}</button>`
        : nothing}
      ${lines.length ? html`<button class="main" type="button" ?disabled=${state.busy} @click=${actions.goodsDone}>${t("Continue")}</button>` : nothing}
    </div>
  `;
}

/** @param {State} state @param {Actions} actions @param {any} line @param {number} index */
const lineView = (state, actions, line, index) => html`<section class="sheet rows" aria-label=${t("Line {letter}", { letter: lineLetter(index) })}>
  <p class="big">
    <span class="letter">${lineLetter(index)}</span>
    <span class="taxon" translate="no">${line.scientific_name ?? t("No name yet")}</span>
  </p>
  <p>${lineWords(line)}</p>
  ${state.faults.some((fault) => fault.field.startsWith(`lines[${index}]`)) ? html`<p class="wrong">${t("Something is missing or wrong here.")}</p>` : nothing}
  <div class="choices">
    <a class="button" href="#${state.id}/goods/${index}/species">${t("Change")}<span class="unseen"> ${line.scientific_name ?? ""}</span></a>
    <button type="button" ?disabled=${state.busy} @click=${() => void actions.dropLine(index)}>${t("Remove")}<span class="unseen"> ${line.scientific_name ?? ""}</span></button>
  </div>
</section>`;

/** "2 · live · bred in captivity · ring 12" @param {any} line */
export const lineWords = (line) =>
  apart([
    line.quantity && amount(line.quantity, line.unit || undefined),
    line.term && named("terms", line.term),
    line.source && named("sources", line.source),
    line.marks,
  ], " · ");
