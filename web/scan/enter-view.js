// Before a shift: whose device this is, at which post, who stands there, and the PIN of the shift.

import { named, t } from "../shared/i18n.js";
import { icon } from "../shared/icons.js";
import { trainingAt } from "../shared/tour.js";
import { html, nothing } from "../shared/view.js";
import { waiting } from "./queue.js";
import { TRIES } from "./shift.js";

/** @typedef {import('./state.js').State} State @typedef {import('./main.js').Actions} Actions */

/** @param {State} state @param {Actions} actions */
export const signInView = (state, actions) => html`
  <h1 tabindex="-1">${t("Begin a shift")}</h1>
  ${loss(state, actions)} ${state.busy ? html`<p role="status">${t("Signed in. Fetching what this device needs …")}</p>` : beforeSignIn(state, actions)}
`;

/** @param {State} state @param {Actions} actions */
const beforeSignIn = (state, actions) => html`<p>${t("Signing in needs a network, once a shift. After that the scanner works without one.")}</p>
  ${state.device ? html`<p class="soft">${t("This device belongs to: {post}", { post: named("posts", state.device.post) })}</p>` : nothing}
  <button class="main" type="button" id="sign-in" @click=${() => void actions.signIn()}>${icon("arrive")}<span>${t("Sign in")}</span></button>
  <p class="wrong" role="alert">${state.wrong}</p>
  <p><a href=${trainingAt(state.stage)}>${t("Films and practice")}</a></p>
  ${waiting(state.done).length > 0 ? html`<p class="sheet">${t("Waiting to be sent from earlier shifts: {count}. It happens as soon as somebody signs in.", { count: waiting(state.done).length })}</p>` : nothing}`;

/** @param {State} state @param {Actions} actions */
const loss = ({ lost }, actions) =>
  lost
    ? html`<section class="sheet alarm" role="alert">
        <h2>${t("This device's memory was cleared")}</h2>
        <p>
          ${lost.waiting > 0
            ? t("Not sent, and gone: {count}. Tell the ministry which permits you endorsed, from the papers themselves.", { count: lost.waiting })
            : t("Everything had been sent. The device needs to be set up again.")}
        </p>
        <p class="soft mono">${lost.device}</p>
        <button type="button" @click=${actions.acknowledgeLoss}>${t("I have read this")}</button>
      </section>`
    : nothing;

/** @param {State} state @param {Actions} actions */
export function setUpView(state, actions) {
  const posts = state.officer?.posts.includes("*") ? actions.allPosts() : (state.officer?.posts ?? []);
  return html`
    <h1 tabindex="-1">${t("Set this device up")}</h1>
    <p>${t("It is put under one post, with a key that never leaves it. Whoever works at this post may use it.")}</p>
    <form class="sheet rows" novalidate @submit=${(/** @type {SubmitEvent} */ event) => actions.setUp(fields(event))}>
      <div>
        <label for="post">${t("Post")}</label>
        <select id="post" name="post">
          ${posts.map((each) => html`<option value=${each}>${named("posts", each)}</option>`)}
        </select>
      </div>
      <div>
        <label for="device-name">${t("Name of this device")}</label>
        <input type="text" id="device-name" name="name" maxlength="80" autocomplete="off" aria-describedby="device-hint set-up-wrong" />
        <p class="hint" id="device-hint">${t("As it is called at the post, for example: hall 2, phone 3.")}</p>
      </div>
      <p class="wrong" id="set-up-wrong" role="alert">${state.wrong}</p>
      <div><button class="main" type="submit" ?disabled=${state.busy}>${t("Set up")}</button></div>
    </form>
  `;
}

/** @param {State} state @param {Actions} actions */
export const pinView = (state, actions) => html`
  <h1 tabindex="-1">${t("A PIN for this shift")}</h1>
  <p>${t("{name}, choose four to eight digits. They open this device until your shift ends, without a network.", { name: state.officer?.name ?? "" })}</p>
  <form class="sheet rows" novalidate @submit=${(/** @type {SubmitEvent} */ event) => actions.choosePin(fields(event))}>
    ${pinField("pin", t("PIN"))} ${pinField("again", t("The same again"))}
    <p class="wrong" id="pin-wrong" role="alert">${state.wrong}</p>
    <div><button class="main" type="submit" ?disabled=${state.busy}>${t("Begin the shift")}</button></div>
  </form>
  <p class="soft">${t("The PIN keeps others from using the device in your name. If the device is lost, report it: the ministry revokes it.")}</p>
`;

/** @param {State} state @param {Actions} actions */
export const lockedView = (state, actions) => html`
  <h1 tabindex="-1">${t("Locked")}</h1>
  <p><b>${state.shift?.officer.name}</b> · ${named("posts", state.device?.post ?? "")}</p>
  <form class="sheet rows" novalidate @submit=${(/** @type {SubmitEvent} */ event) => actions.unlock(fields(event))}>
    ${pinField("pin", t("PIN of this shift"))}
    <p class="wrong" id="pin-wrong" role="alert">${state.wrong}</p>
    <div><button class="main" type="submit" ?disabled=${state.busy}>${t("Open")}</button></div>
  </form>
  <p class="soft">${t("After {count} wrong tries the shift ends here. What was scanned stays and is sent.", { count: TRIES })}</p>
  <button type="button" class="plain" @click=${actions.endShift}>${icon("leave")}<span>${t("Another officer: end this shift")}</span></button>
`;

/** @param {string} name @param {string} label */
const pinField = (name, label) => html`<div>
  <label for=${name}>${label}</label>
  <input
    class="mono pin"
    type="password"
    id=${name}
    name=${name}
    inputmode="numeric"
    maxlength="8"
    autocomplete="off"
    aria-describedby="pin-wrong"
  />
</div>`;

/** @param {SubmitEvent} event @returns {Record<string, string>} */
function fields(event) {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (event.target);
  return Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value).trim()]));
}
