// The shift in figures, and what one does with it and with the devices of the post.

import { moment, named, t } from "../shared/i18n.js";
import { icon } from "../shared/icons.js";
import { devicesView } from "./devices-view.js";
import { installView } from "./install.js";
import { word } from "../shared/verdict-view.js";
import { learnView } from "../shared/tour.js";
import { html, nothing } from "../shared/view.js";
import { waiting } from "./queue.js";
import { stops } from "./tour.js";

/** @typedef {import('./state.js').State} State @typedef {import('./main.js').Actions} Actions */

const OUTCOMES = /** @type {const} */ (["accept", "accept_offline", "check", "not_valid", "cannot_tell", "hold"]);

/** @param {State} state @param {Actions} actions */
export const shiftView = (state, actions) => html`
  <h1 tabindex="-1">${t("This shift")}</h1>
  ${figures(state)} ${state.practice ? nothing : html`${steps(state, actions)} ${practice(state, actions)} ${installView()} ${thisDevice(state)} ${devicesView(state, actions)}`}
  ${learnView(state.stage, stops)}
`;

/** @param {State} state */
function figures(state) {
  const shift = /** @type {NonNullable<State['shift']>} */ (state.shift);
  const mine = state.done.filter((each) => each.event.officer === shift.officer.id && each.at >= shift.since);
  const scans = mine.filter((each) => each.event.kind === "scan");
  const endorsed = mine.filter((each) => each.event.kind === "endorsement" && each.state !== "rejected");
  return html`<section class="sheet">
    <dl class="facts">
      <div><dt>${t("Officer")}</dt><dd>${shift.officer.name}</dd></div>
      <div><dt>${t("Since")}</dt><dd>${moment(shift.since, state.stage.zone)}</dd></div>
      <div><dt>${t("Ends by itself")}</dt><dd>${moment(shift.until, state.stage.zone)}</dd></div>
      <div><dt>${t("Endorsements")}</dt><dd><b>${endorsed.length}</b></dd></div>
      <div><dt>${t("Scans")}</dt><dd><b>${scans.length}</b></dd></div>
    </dl>
    <ul class="stages tally">
      ${OUTCOMES.map((each) => html`<li>${icon(each)}<span>${word(each)}: <b>${scans.filter((scan) => (scan.answer?.outcome ?? scan.outcome) === each).length}</b></span></li>`)}
    </ul>
    ${state.practice ? nothing : html`<p>${t("Waiting to be sent: {count}", { count: waiting(state.done).length })}</p>`}
  </section>`;
}

/** @param {State} state @param {Actions} actions */
const steps = (state, actions) => html`<div class="rows">
  <label class="tick"><input type="checkbox" .checked=${state.aloud} @change=${actions.sound} /><span>${t("Sound")}</span></label>
  <button type="button" @click=${actions.lock}>${icon("close")}<span>${t("Lock")}</span></button>
  <button type="button" @click=${actions.endShift}>${icon("leave")}<span>${t("End the shift")}</span></button>
</div>`;

/** @param {State} state @param {Actions} actions */
const practice = (state, actions) =>
  state.stage.rehearsal
    ? html`<section class="sheet rows">
        <h2>${t("Practice")}</h2>
        <p>${t("With practice sheets, without a network too. Every screen is striped, nothing is sent, and real permits are not looked at. Your shift is locked meanwhile.")}</p>
        <button type="button" id="practise" ?disabled=${state.busy} @click=${actions.practise}>${icon("again")}<span>${t("Practise")}</span></button>
        <p class="wrong" id="practise-wrong" role="alert">${state.unpractised}</p>
      </section>`
    : nothing;

/** @param {State} state */
const thisDevice = (state) => html`<section class="sheet">
  <h2>${t("This device")}</h2>
  <dl class="facts">
    <div><dt>${t("Post")}</dt><dd>${named("posts", state.device?.post ?? "")}</dd></div>
    <div><dt>${t("Name")}</dt><dd>${state.device?.name}</dd></div>
    <div><dt>${t("Device number")}</dt><dd class="mono">${state.device?.id}</dd></div>
  </dl>
  ${state.persisted ? nothing : html`<p>${t("The browser may clear this device when it is full: send often.")}</p>`}
</section>`;
