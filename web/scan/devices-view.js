// The devices of this post: who put them there, when each was last heard of, and "lost" for whoever the service lets.

import { moment, t } from "../shared/i18n.js";
import { keptApart } from "../shared/kept-apart.js";
import { html, nothing } from "../shared/view.js";
import { age } from "./frame.js";
import { waiting } from "./queue.js";

/**
 * @typedef {import('./state.js').State} State @typedef {import('./main.js').Actions} Actions
 * One device as `GET /v1/devices` tells it.
 * @typedef {{device_id: string, name: string, registered_at: string, registered_by: string, synced_at: string | null,
 *   synced_by: string, heard_at: string | null, heard_by: string, sending: boolean, revoked: boolean, revoked_at: string | null, revoked_by: string, steps: string[]}} Told
 */

/** @param {State} state @param {Actions} actions */
export const devicesView = (state, actions) => html`<section class="sheet" aria-labelledby="devices">
  <h2 id="devices" tabindex="-1">${t("Devices of this post")}</h2>
  ${
    state.devices
      ? html`<ul class="devices">${state.devices.map((each) => entry(state, each, actions))}</ul>`
      : html`<p>${t("This list is asked of the register: it needs a network.")}</p>`
  }
  <p class="wrong" id="devices-wrong" role="alert">${state.wrong}</p>
</section>`;

/** @param {State} state @param {Told} told @param {Actions} actions */
function entry(state, told, actions) {
  const own = told.device_id === state.device?.id;
  return html`<li>
    <p><b>${told.name || told.device_id}</b>${own ? html` · ${t("this device")}` : nothing}</p>
    <p>${told.revoked ? html`<b>${t("Reported lost {when}, {name}", { when: when(state, told.revoked_at), name: told.revoked_by })}</b>` : heardWord(state, told)}</p>
    ${told.sending ? html`<p>${t("Still sending.")}</p>` : nothing}
    ${own ? html`<p>${t("Waiting to be sent: {count}", { count: waiting(state.done).length })}</p>` : nothing}
    <p class="soft">${t("Set up {when}, {name}", { when: when(state, told.registered_at), name: told.registered_by })}</p>
    ${told.steps.includes("kept") ? kept(state, told, actions) : nothing}
    ${own || !told.steps.includes("revoke") ? nothing : state.losing === told.device_id ? really(state, told, actions) : ask(told, actions)}
  </li>`;
}

/** What it sent since it was reported lost. @param {State} state @param {Told} told @param {Actions} actions */
const kept = (state, { device_id: id, name }, actions) =>
  state.apart?.device === id
    ? html`<div class="rows" role="group" aria-label=${t("What it sent since: {name}", { name: name || id })}>${keptApart(state.apart.items, state.stage.zone)}</div>`
    : html`<button type="button" aria-label=${t("What it sent since: {name}", { name: name || id })} ?disabled=${state.busy} @click=${() => void actions.lookApart(id)}>${t("What it sent since")}</button>`;

/** @param {State} state @param {string | null} at */
const when = (state, at) => (at ? moment(Date.parse(at) / 1000, state.stage.zone) : "–");

/** @param {State} state @param {Told} told */
function heardWord(state, { heard_at: at, heard_by: name }) {
  if (!at) return t("Not heard of since it was set up.");
  return t("Last heard of {when} ({age}), {name}", { when: when(state, at), age: age(Date.parse(at) / 1000), name });
}

/** @param {Told} told @param {Actions} actions */
const ask = ({ device_id: id, name }, actions) =>
  html`<button type="button" aria-label=${t("Lost: {name}", { name: name || id })} @click=${() => actions.losing(id)}>${t("Lost?")}</button>`;

/** @param {State} state @param {Told} told @param {Actions} actions */
const really = (state, { device_id: id, name }, actions) => html`<div class="rows" role="group" aria-label=${t("Lost: {name}", { name: name || id })}>
  <p>${t("Nothing that it signs counts from then on; what it still sends is kept apart. It cannot be taken back; a device that is found is set up anew.")}</p>
  <button class="main" type="button" id="report-lost" ?disabled=${state.busy} @click=${() => actions.reportLost(id)}>${t("Report it lost")}</button>
  <button type="button" @click=${() => actions.losing("")}>${t("Not lost")}</button>
</div>`;
