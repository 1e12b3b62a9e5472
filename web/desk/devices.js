// The devices of the posts: who has one, when it was last heard of, reporting one lost, and what a lost one sent since.

import { held, moment, named, t } from "../shared/i18n.js";
import { keptApart } from "../shared/kept-apart.js";
import { html, nothing } from "../shared/view.js";

/**
 * @typedef {import('./main.js').State} State @typedef {import('./actions.js').Actions} Actions
 * One device as `GET /v1/devices` tells it.
 * @typedef {{device_id: string, name: string, registered_at: string, registered_by: string, synced_at: string | null,
 *   synced_by: string, heard_at: string | null, heard_by: string, revoked: boolean, revoked_at: string | null, revoked_by: string, steps: string[]}} Device
 */

/** @param {State} state @param {Actions} actions */
export const devicesView = (state, actions) => html`
  <h1 tabindex="-1">${t("Devices of the posts")}</h1>
  <section class="sheet rows" aria-labelledby="devices">
    <h2 id="devices" tabindex="-1">${t("Devices")}</h2>
    <div>
      <label for="post">${t("Post")}</label>
      <select id="post" @change=${(/** @type {Event} */ event) => void actions.devicesOf(/** @type {HTMLSelectElement} */ (event.target).value)}>
        <option value="">${t("Choose a post")}</option>
        ${Object.keys(held().codes.posts).map((post) => html`<option value=${post} ?selected=${state.devices?.post === post}>${named("posts", post)}</option>`)}
      </select>
    </div>
    ${state.devices?.post ? list(state, state.devices.items, actions) : nothing}
  </section>
`;

/** @param {State} state @param {Device[]} items @param {Actions} actions */
const list = (state, items, actions) =>
  items.length
    ? html`<ul class="plainlist">${items.map((each) => one(state, each, actions))}</ul>`
    : html`<p>${t("This post has none.")}</p>`;

/** @param {State} state @param {Device} each @param {Actions} actions */
function one(state, each, actions) {
  const { devices, stage, busy } = state;
  const when = (/** @type {string | null} */ at) => (at ? moment(Date.parse(at) / 1000, stage.zone) : "–");
  const name = each.name || each.device_id;
  const told = devices?.kept?.device === each.device_id ? devices.kept.items : null;
  return html`<li>
    <b translate="no">${name}</b>
    <br />${each.revoked ? html`<b>${t("Reported lost {when}, {name}", { when: when(each.revoked_at), name: each.revoked_by })}</b>` : each.heard_at ? t("Last heard of {when}, {name}", { when: when(each.heard_at), name: each.heard_by }) : t("Not heard of since it was set up.")}
    <br /><small>${t("Set up {when}, {name}", { when: when(each.registered_at), name: each.registered_by })}</small>
    ${each.steps.includes("revoke") ? (devices?.losing === each.device_id ? really(each, state, actions) : html`<div class="steps"><button type="button" aria-label=${t("Lost: {name}", { name })} ?disabled=${busy} @click=${() => void actions.losing(each.device_id)}>${t("Lost?")}</button></div>`) : nothing}
    ${told ? keptApart(told, stage.zone) : each.steps.includes("kept") ? html`<div class="steps"><button type="button" aria-label=${t("What it sent since: {name}", { name })} ?disabled=${busy} @click=${() => void actions.keptOf(each.device_id)}>${t("What it sent since")}</button></div>` : nothing}
  </li>`;
}

/** @param {Device} each @param {State} state @param {Actions} actions */
const really = ({ device_id: id, name }, { busy }, actions) => html`<div role="group" aria-label=${t("Lost: {name}", { name: name || id })}>
  <p>${t("From that time nothing it signs counts; anything it still sends is kept separately. This cannot be undone; a device that is found is set up again.")}</p>
  <div class="steps">
    <button type="button" class="main" id="report-lost" ?disabled=${busy} @click=${() => void actions.reportLost(id)}>${t("Report it lost")}</button>
    <button type="button" @click=${() => void actions.losing("")}>${t("Not lost")}</button>
  </div>
</div>`;
