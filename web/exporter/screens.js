// Which screen stands at which place.

import { lineLetter } from "../core/permit.js";
import { t } from "../shared/i18n.js";
import { findTaxa, tellRequirements } from "../shared/requirements.js";
import { html, nothing } from "../shared/view.js";
import "../shared/which-view.js";
import { applicationOf, ours } from "../shared/which.js";
import { answersView } from "./answers.js";
import { endingView, withdrawView } from "./ending.js";
import { goodsView } from "./goods.js";
import { listView } from "./list.js";
import { NOTICES, noticesQuestion } from "./notices.js";
import { papersView } from "./papers.js";
import { permitView } from "./permit.js";
import { questionView, troubleView } from "./question.js";
import { lineQuestions, questions } from "./questions.js";

/** @typedef {import('./main.js').State} State @typedef {import('./main.js').Actions} Actions */

/** @param {State} state @param {Actions} actions */
export function screen(state, actions) {
  const { place, permit, record } = state;
  if (place.name === "which") return whichView(state, actions);
  if (state.signedOut) return signInView(actions);
  if (place.name === "list") return listView(state, actions);
  if (place.name === NOTICES) return state.noted ? questionView(state, actions, noticesQuestion(), "", "#") : absent(state, actions);
  if (place.name === "none" || state.id !== place.id || (place.id && !permit)) return absent(state, actions);
  const editable = !permit || permit.steps.includes("edit");
  if (permit && place.name === "permit") return editable ? answersView(state, actions) : permitView(state, actions, permit);
  if (permit && (place.name === "return" || place.name === "lost")) return endingView(state, actions, permit, place.name);
  if (place.name === "withdraw" && permit?.steps.includes("withdraw")) return withdrawView(state, actions, permit);
  if (place.name === "papers") return papersView(state, actions, editable ? step(state, actions, "papers") : "", `#${place.id}`, `#${place.id}`);
  if (permit && !editable) return permitView(state, actions, permit); // an old address of a question
  if (place.name === "goods") return goodsView(state, actions, step(state, actions, "goods"), before(state, actions, "goods"));
  if (place.name === "line") {
    const own = lineQuestions(record, place.line, actions.context());
    const index = own.findIndex((question) => question.id === place.question);
    if (index < 0 || !record.lines?.[place.line]) return absent(state, actions);
    const where = t("Line {letter}: question {number} of {of}", { letter: lineLetter(place.line), number: index + 1, of: own.length });
    const back = index ? `#${place.id}/goods/${place.line}/${own[index - 1].id}` : `#${place.id}/goods`;
    return questionView(state, actions, own[index], where, back);
  }
  const question = questions(record, actions.context()).find((each) => each.id === place.question);
  if (!question) return absent(state, actions);
  return questionView(state, actions, question, step(state, actions, question.id), before(state, actions, question.id));
}

/** "Question 2 of 11" @param {State} state @param {Actions} actions @param {string} id */
function step(state, actions, id) {
  const all = questions(state.record, actions.context());
  if (!state.record.document_type) return t("Question {number}", { number: 1 }); // how many there are hangs on it
  return t("Question {number} of {of}", { number: all.findIndex((each) => each.id === id) + 1, of: all.length });
}

/** @param {State} state @param {Actions} actions @param {string} id */
function before(state, actions, id) {
  const all = questions(state.record, actions.context());
  const previous = all[all.findIndex((each) => each.id === id) - 1];
  return state.id ? `#${state.id}${previous ? `/${previous.id}` : ""}` : "#";
}

/** Which permit, before one applies: nobody has to be signed in. @param {State} state @param {Actions} actions */
const whichView = (state, actions) => html`<tamga-which
    .heading=${t("Which permit do I need?")}
    .about=${t("A few questions about the goods, one at a time. With the answer you can begin an application.")}
    .issuer=${state.stage.issuer}
    .zone=${state.stage.zone}
    .find=${findTaxa}
    .answer=${tellRequirements}
    .further=${(/** @type {Record<string, string>} */ query, /** @type {import('../shared/which.js').Found} */ found) => beginView(query, found, state, actions)}
  ></tamga-which>
  <p><a href="#">${t("My applications and permits")}</a></p>`;

/** @param {Record<string, string>} query @param {import('../shared/which.js').Found} found @param {State} state @param {Actions} actions */
function beginView(query, found, state, actions) {
  const mine = ours(found, state.stage.issuer);
  if (!mine) return nothing;
  return html`<section class="sheet rows">
    <p>${t("You apply here for: {document}", { document: mine.name })}</p>
    <div><button type="button" class="main" @click=${() => actions.beginWith(applicationOf(query, mine.kind, state.stage.issuer))}>${t("Begin the application with these answers")}</button></div>
  </section>`;
}

/** Nothing here, or not yet. @param {State} state @param {Actions} actions */
const absent = (state, actions) =>
  state.busy
    ? html`<h1 tabindex="-1" class="soft">${t("One moment …")}</h1>`
    : state.trouble
      ? html`<h1 tabindex="-1">${t("Not there at the moment")}</h1>${troubleView(state, actions)}`
      : html`<h1 tabindex="-1">${t("There is nothing here for you")}</h1>
          <p>${t("This address belongs to no application or permit of yours. You see your own only; if it is your firm’s, sign in as the person who applied.")}</p>
          <p><a class="button main" href="#">${t("My applications and permits")}</a></p>`;

/** @param {Actions} actions */
const signInView = (actions) => html`<h1 tabindex="-1">${t("Apply for a CITES permit")}</h1>
  <section class="sheet rows">
    <p>${t("Sign in to apply, to follow your applications and to download your permits. What you had not sent yet is kept in this tab.")}</p>
    <button class="main" type="button" @click=${actions.enter}>${t("Sign in")}</button>
    <p class="hint">${t("The ministry gives you your account.")}</p>
    <p><a href="#which">${t("Which permit do I need?")}</a></p>
  </section>`;
