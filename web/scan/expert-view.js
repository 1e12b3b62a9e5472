// A question to the Scientific Authority: what is in the hand, what it may be, what one wants to know, photographs.

import { entry } from "../shared/entry.js";
import { moment, named, t } from "../shared/i18n.js";
import { icon } from "../shared/icons.js";
import { tongue } from "../shared/ident.js";
import { html, nothing } from "../shared/view.js";
import { recordPhotos } from "./foreign-view.js";

/** @typedef {import('./state.js').State} State @typedef {import('./main.js').Actions} Actions @typedef {import('./record.js').Record_} Record_ */

const MOST = 600; // characters, as the contract says

export const blankQuestion = () => ({ term: "", taxon: "", question: "", said: "" });

/** @param {Record<string, any>} fields @returns {import('../shared/api.js').FieldError[]} */
export const questionFaults = ({ question }) => (question.trim() ? [] : [{ field: "question", code: "required", detail: "" }]);

/** With what was answered in the identification aid, as far as it fits. @param {Record<string, any>} fields */
export const questionBody = ({ term, taxon, question, said }) => ({ term, taxon, question: (question.trim() + (said ? ` [${said}]` : "")).slice(0, MOST) });

/** What is sent again after it was corrected. @param {Record<string, any>} event */
export const questionAgain = ({ term = "", taxon = "", question = "" }) => ({ term, taxon, question });

/** @param {State} state @param {Record_} record @param {Actions} actions */
export const expertView = (state, record, actions) => html`
  <h1 tabindex="-1">${t("Ask an expert")}</h1>
  <p>${t("The Scientific Authority’s answer comes under Done here.")} ${t("Until then act as if it were listed.")}</p>
  <form class="rows" novalidate @submit=${(/** @type {SubmitEvent} */ event) => actions.write(event)}>
    <section class="sheet rows">
      ${record.fields.term ? html`<p>${t("What is in the hand")}: <b>${named("terms", record.fields.term)}</b></p>` : nothing}
      ${record.fields.said ? html`<p>${t("Answered in the identification aid")}: <b lang=${tongue()}>${record.fields.said}</b></p>` : nothing}
      ${entry(record, { path: "taxon", label: t("What it may be (or leave it empty)"), most: 120 }, actions.changed)}
      ${entry(record, { path: "question", label: t("What you want to know"), look: "long", most: MOST, hint: t("Measures, and what you looked at. No names of people.") }, actions.changed)}
    </section>
    ${recordPhotos(state, record, t("Photograph the goods"), actions)}
    <p class="hint">${t("Only the goods: no faces, no passports.")}</p>
    <p class="wrong" role="alert">${record.faults.length ? t("Something is missing or wrong: it is marked above.") : state.wrong}</p>
    <button class="main" type="submit" ?disabled=${state.busy}>${icon("ask")}<span>${t("Ask")}</span></button>
    <button type="button" @click=${actions.leaveRecord}>${t("Leave without asking")}</button>
  </form>
`;

/** @param {State} state @param {import('./store.js').Kept} kept */
export const answersView = (state, kept) => html`<p>${kept.event.question}</p>
  ${(kept.answer?.answers ?? []).map(
    (/** @type {Answer} */ each) => html`<p class="answer"><b>${certainWord(each.certain)}</b>${each.taxon ? html` <i class="taxon" translate="no">${each.taxon}</i>` : nothing}<br /><span translate="no">${each.text}</span><br /><small>${each.by_name} · ${moment(Date.parse(each.at) / 1000, state.stage.zone)}</small></p>`,
  )}`;

/** @typedef {{at: string, by_name: string, taxon: string, certain: string, text: string}} Answer */

/** @param {string} certain */
export function certainWord(certain) {
  if (certain === "certain") return t("It is");
  return certain === "probable" ? t("Probably") : t("It cannot be told from this.");
}
