// The identification aid at the desk, for whoever has no scanner.

import { telephoneLink } from "../shared/frame.js";
import { t } from "../shared/i18n.js";
import { arrived, identSteps } from "../shared/ident-steps.js";
import { saidText, tongue } from "../shared/ident.js";
import { identView } from "../shared/ident-view.js";
import { may } from "../shared/person.js";
import { html, nothing } from "../shared/view.js";

/** @typedef {import('./main.js').State} State */

/** @param {State} state */
export const identifyActions = (state) => ({
  /** What the address names. @param {() => boolean} here */
  async loadAid(here) {
    const ident = await arrived();
    if (!here()) return;
    state.ident = ident;
    scrollTo({ top: 0 });
  },
  ...identSteps(() => state.ident),
});

/** @param {State} state @param {import('../shared/ident-view.js').Actions} actions */
export function identifyView(state, actions) {
  if (!state.ident.table && state.trouble) return html`<h1 tabindex="-1">${t("What is it?")}</h1>`;
  const { duty_number: number } = state.stage;
  return identView(state.ident, actions, {
    leave: nothing,
    telephone: number ? html`<p>${t("Duty desk")}: ${telephoneLink(number)}</p>` : nothing,
    none: html`<p class="note">${t("None of these? An officer asks the Scientific Authority on the scanner, with photographs of it.")}</p>`,
    species: () => nothing,
    next: (_, candidate, part) => nextView(state, candidate, part.term),
  });
}

/** A case that begins with the answers, and permits that name it: what this person may see. @param {State} state @param {import('../shared/ident.js').Candidate} candidate @param {string} term */
function nextView(state, candidate, term) {
  const begin = () => {
    const { said } = state.ident;
    const description = said.length ? t("Identification aid: {answers}", { answers: saidText(state.ident) }) : "";
    state.identified = { scientific_name: candidate.taxon, common_name: candidate.name[tongue()], term, ...(description && { description }) };
  };
  return html`<section class="rows">
    ${may(state.me, "open_case") ? html`<a class="button" id="ident-case" href="#/cases/new" @click=${begin}>${t("Open a case")}</a>` : nothing}
    ${may(state.me, "stops") ? html`<a class="button" id="ident-permits" href=${`#/search/${encodeURIComponent(candidate.taxon)}`}>${t("Permits that name it")}</a>` : nothing}
  </section>`;
}
