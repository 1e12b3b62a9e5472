// One question: its page, its errors above and at the fields, and where it leads.

import { conflictView } from "../shared/conflict-view.js";
import { lineOf, ofLine } from "../shared/form-lines.js";
import { t } from "../shared/i18n.js";
import { html, nothing } from "../shared/view.js";
import { warningsView } from "../shared/warnings.js";
import { fieldView, idOf } from "./fields.js";
import { answersTo } from "./notices.js";
import { asks } from "./questions.js";

/** @typedef {import('./main.js').State} State @typedef {import('./main.js').Actions} Actions
 * @typedef {import('./questions.js').Question} Question */

/** @param {State} state @param {Actions} actions @param {Question} question @param {string} where "Question 2 of 10" @param {string} back */
export const questionView = (state, actions, question, where, back) => html`
  <p class="soft steps"><a href=${back}>${t("Back")}</a> <span>${where}</span></p>
  <h1 tabindex="-1">${question.title}</h1>
  ${question.about ? html`<p>${question.about}</p>` : nothing} ${troubleView(state, actions)} ${summary(state.wrong, question.fields)}
  ${warningsView(state.warnings.filter(({ field }) => asks(question, field)), (field) => ofLine(lineOf(field), question.fields.find(({ path }) => path === field)?.label ?? ""), (field, value) => void actions.takeValue(field, value))}
  <form
    class="rows"
    novalidate
    @change=${(/** @type {Event} */ event) => actions.typed(/** @type {HTMLFormElement} */ (event.currentTarget), question)}
    @submit=${(/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      void actions.next(/** @type {HTMLFormElement} */ (event.currentTarget), question);
    }}
  >
    <div class="sheet rows">${question.fields.map((field) => fieldView(field, answersTo(state, question), state.wrong, question.fields.length === 1))}</div>
    <div class="choices">
      <button class="main" type="submit" ?disabled=${state.busy}>${t("Save and continue")}</button>
      <button type="button" ?disabled=${state.busy} @click=${(/** @type {Event} */ event) => void actions.later(formOf(event), question)}>${t("Save and come back later")}</button>
    </div>
  </form>
`;

/** @param {Event} event */
const formOf = (event) => /** @type {HTMLFormElement} */ (/** @type {HTMLElement} */ (event.target).closest("form"));

/** What is wrong on this page, first and together; each names its field and leads to it. @param {Map<string, string>} wrong path -> words @param {import('./questions.js').Field[]} [fields] the page's */
export const summary = (wrong, fields = []) =>
  wrong.size
    ? html`<section class="sheet bad" role="alert" tabindex="-1" id="wrong" aria-labelledby="wrong-title">
        <h2 id="wrong-title">${t("Please look at this again")}</h2>
        <ul>
          ${[...wrong].map(
            ([path, words]) => html`<li><button class="plain" type="button" @click=${() => document.getElementById(idOf(path))?.focus()}>${said(path, words, fields)}</button></li>`,
          )}
        </ul>
      </section>`
    : nothing;

/** "Line A: Quantity: ..." @param {string} path @param {string} words @param {import('./questions.js').Field[]} fields those that it may be about */
export const said = (path, words, fields) => {
  const label = fields.find((field) => field.path === path)?.label;
  return ofLine(lineOf(path), label ? `${label}: ${words}` : words);
};

/** Why nothing came of it, where it is nobody's answer that is wrong. @param {State} state @param {Actions} actions */
export const troubleView = (state, actions) =>
  state.theirs
    ? html`<div role="alert">${conflictView(t("This application was changed meanwhile, in another tab or by somebody else"), `#${state.id}`, state.busy, actions)}</div>`
    : state.trouble
    ? html`<section class="sheet bad" role="alert">
        <p>${state.trouble}</p>
        ${state.again ? html`<button type="button" @click=${actions.again}>${t("Try again")}</button>` : nothing}
      </section>`
    : nothing;
