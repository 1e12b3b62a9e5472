// The whole application on one page: what was answered, what is open or refused, and sending it.

import { lineLetter } from "../core/permit.js";
import { t } from "../shared/i18n.js";
import { lineOf, ofLine } from "../shared/form-lines.js";
import { icon } from "../shared/icons.js";
import { html, nothing } from "../shared/view.js";
import { warningsView } from "../shared/warnings.js";
import { NOTICES, noticesSaid } from "./notices.js";
import { paperList, waitingView } from "./papers.js";
import { abroadView, withdrawLink } from "./permit.js";
import { said as inSummary, troubleView } from "./question.js";
import { lineQuestions, placeOf, questions, said } from "./questions.js";
import { hurryAsked } from "./status.js";
import { wrongWords } from "./wrong.js";

/** @typedef {import('./main.js').State} State @typedef {import('./main.js').Actions} Actions
 * @typedef {import('./questions.js').Question} Question @typedef {import('./record.js').Application} Application */

/** @param {State} state @param {Actions} actions */
export function answersView(state, actions) {
  const { record, faults, checked } = state;
  const open = new Map(faults.map((fault) => [fault.field, { place: placeOf(fault.field, record, actions.context()), words: openWords(fault, record, actions.context()) }]));
  const first = [...open.values()][0]?.place;
  return html`
    <p class="soft steps"><a href="#">${t("My applications and permits")}</a></p>
    <h1 tabindex="-1">${t("Your application")}</h1>
    ${state.permit?.state === "returned"
      ? html`<section class="sheet warn"><h2>${t("Sent back to you")}</h2><p>${t("The ministry writes:")} <q>${state.permit.reason}</q></p></section>`
      : nothing}
    ${state.permit?.replaces ? html`<p>${t("Takes the place of:")} <span class="mono">${state.permit.replaces.number}</span></p>` : nothing}
    ${troubleView(state, actions)}
    <p role="status">${!checked ? t("Looking through your answers …") : faults.length ? t("Still to be filled in or corrected: {count}", { count: faults.length }) : t("Everything is answered. Please compare it once more, then send it.")}</p>
    ${warningsView(state.warnings, (field) => labelOf(field, record, actions.context()), (field, value) => void actions.takeValue(field, value))}
    ${questions(record, actions.context()).map((question) => answered(state, actions, question, [...open.values()].filter(({ place }) => place.split("/")[0] === question.id)))}
    ${state.abroad.length ? html`<section class="sheet rows">${abroadView(state)}</section>` : nothing}
    ${waitingView(state.id, actions, html`<p>${t("Sent with the application.")}</p>`)}
    <section class="rows">
      ${first
        ? html`<a class="button main" href="#${state.id}/${first}">${t("Go on with the application")}</a>`
        : html`<p>${t("By sending it you confirm that everything in it is true. The ministry may inspect the goods and the papers.")}</p>
            <button class="main" type="button" ?disabled=${state.busy || !checked} @click=${() => void actions.submit()}>${t("Send to the ministry")}</button>`}
      <a class="button" href="#">${t("Come back later")}</a>
      ${state.permit ? withdrawLink(state.permit) : nothing}
    </section>
  `;
}

/** @param {State} state @param {Actions} actions @param {Question} question @param {{place: string, words: string}[]} open */
const answered = (state, actions, question, open) => html`<section class="sheet answered">
  <div class="head">
    <h2>${question.title}</h2>
    <a class="button small" href="#${state.id}/${question.id}">${t("Change")}<span class="unseen">: ${question.title}</span></a>
  </div>
  ${question.id === "goods"
    ? (state.record.lines ?? []).map(
        (/** @type {any} */ line, /** @type {number} */ index) => html`<h3><span class="letter">${lineLetter(index)}</span> <span class="taxon" translate="no">${line.scientific_name ?? ""}</span></h3>
          ${facts(fieldsOf(state.record, index, actions.context()).slice(1), state.record)}`,
      )
    : question.id === "papers"
      ? paperList(state.permit?.attachments ?? [], actions)
      : question.id === NOTICES
      ? html`<p>${noticesSaid(state)}</p>`
      : facts(question.fields, state.record)}
  ${question.id === "valid-until" && hurryAsked(state) ? html`<p class="warn">${hurryAsked(state)}</p>` : nothing}
  ${open.map(({ place, words }) => html`<p class="wrong">${icon("check")}<a href="#${state.id}/${place}">${words}</a></p>`)}
</section>`;

/** The fields of a line, its name first. @param {Application} record @param {number} index @param {import('./questions.js').Context} context */
const fieldsOf = (record, index, context) => lineQuestions(record, index, context).flatMap(({ fields }) => fields);

const FILLED_IN = /\.(common_name|origin\.country)$/; // printed all the same where it is left out

/** What was answered; what is left out, and printed all the same, by its hint. @param {import('./questions.js').Field[]} fields @param {Application} record */
function facts(fields, record) {
  const told = fields.map((field) => ({ field, words: said(field, record) || (FILLED_IN.test(field.path) && field.hint) })).filter(({ words }) => words);
  if (!told.length) return fields.every((field) => field.optional) ? html`<p class="soft">${t("Not given")}</p>` : nothing;
  return html`<dl class="facts">${told.map(({ field, words }) => html`<div><dt>${field.label}</dt><dd>${words}</dd></div>`)}</dl>`;
}

/** @param {import('../shared/api.js').FieldError} fault @param {Application} record @param {import('./questions.js').Context} context */
function openWords(fault, record, context) {
  return inSummary(fault.field, wrongWords(fault, record, context.today), fieldsAround(fault.field, record, context));
}

/** "Line A: Name" @param {string} path @param {Application} record @param {import('./questions.js').Context} context */
function labelOf(path, record, context) {
  const label = fieldsAround(path, record, context).find((field) => field.path === path)?.label ?? "";
  return ofLine(lineOf(path), label);
}

/** The fields of the line that a path names, or those of the whole application. @param {string} path @param {Application} record @param {import('./questions.js').Context} context */
function fieldsAround(path, record, context) {
  const line = /^lines\[(\d+)\]/.exec(path);
  return line ? fieldsOf(record, Number(line[1]), context) : questions(record, context).flatMap((question) => question.fields);
}
