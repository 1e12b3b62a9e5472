// What was done on this device and what became of it.

import { moment, t } from "../shared/i18n.js";
import { icon } from "../shared/icons.js";
import { notTakenBack } from "../shared/take-back.js";
import { word } from "../shared/verdict-view.js";
import { html, nothing } from "../shared/view.js";
import { answersView } from "./expert-view.js";
import { kindWord, numberless } from "./event-words.js";
import { refusedWord } from "./refused.js";
import { takeBackMade } from "./take-back.js";

/** @typedef {import('./state.js').State} State @typedef {import('./main.js').Actions} Actions @typedef {import('./store.js').Kept} Kept */

const SHOWN = 100;

/** @param {State} state @param {Actions} actions */
export function listView(state, actions) {
  const refused = new Set(state.photos.filter((each) => each.refused).map((each) => each.eventId));
  const newest = [...state.done].reverse().filter((each, index) => index < SHOWN || refused.has(each.id));
  return html`
    <h1 tabindex="-1">${t("Done on this device")}</h1>
    ${newest.length === 0 ? html`<p>${t("Nothing yet.")}</p>` : html`<ul class="done">${newest.map((each) => entry(state, each, actions))}</ul>`}
  `;
}

/** @param {State} state @param {Kept} kept @param {Actions} actions */
const entry = (state, kept, actions) => html`<li class="sheet" data-state=${kept.state}>
  <p>
    <b>${kindWord(kept.event)}</b> · <span class="mono">${kept.number || (["case", "expert_question"].includes(kept.event.kind) ? kept.id.slice(0, 8) : numberless(kept.answer?.outcome ?? kept.outcome))}</span> ·
    ${moment(kept.at, state.stage.zone)}
  </p>
  <p>${kept.outcome ? html`${word(/** @type {any} */ (kept.answer?.outcome ?? kept.outcome))} · ` : nothing}<b>${state.practice ? t("practice, not sent") : stateWord(kept)}</b></p>
  ${kept.state === "rejected" && kept.answer?.detail && !kept.answer.kept ? html`<p class="soft">${(kept.event.kind === "undo" && notTakenBack(kept.answer.problem)) || refusedWord(kept.answer.problem, kept.answer.detail, kept.answer.lines, kept.answer.codes)}</p>` : nothing}
  ${takeBackMade(state, kept, actions)}
  ${kept.state === "rejected" && ["foreign_permit", "case", "expert_question"].includes(kept.event.kind) ? html`<button type="button" @click=${() => void actions.correct(kept)}>${icon("again")}<span>${t("Correct and send again")}</span></button>` : nothing}
  ${kept.event.kind === "expert_question" ? answersView(state, kept) : nothing}
  ${state.photos.filter((each) => each.eventId === kept.id).map((photo) => html`${photo.refused ? html`<p><b>${t("The register did not take this photograph.")}</b></p><p class="soft">${refusedWord(photo.problem ?? "", photo.refused)}</p>` : nothing}<button type="button" @click=${() => actions.savePhoto(photo)}>${icon("file")}<span>${t("Save the photograph")}</span></button>`)}
</li>`;

/** @param {Kept} kept */
function stateWord({ state, event, answer }) {
  if (answer?.kept) return t("not counted: this device was reported lost; the register keeps it apart");
  if (state === "stored" && answer?.receipt?.result === "pending") return t("in the register; it counts when a second officer has confirmed it");
  const words = {
    waiting: t("waits to be sent"),
    stored: t("in the register"),
    conflict: t("kept, and contradicts an earlier use: telephone the ministry"),
    rejected: event.kind === "endorsement" ? t("not taken: it was not endorsed") : t("not taken by the register"),
  };
  return words[state];
}
