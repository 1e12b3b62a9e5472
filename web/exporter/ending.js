// Ends that the holder may bring about: an application is withdrawn, an unused permit given back, a paper reported lost or stolen.

import { t } from "../shared/i18n.js";
import { html, nothing } from "../shared/view.js";
import { summary, troubleView } from "./question.js";

/** @typedef {import('./main.js').State} State @typedef {import('./main.js').Actions} Actions
 * @typedef {import('./record.js').Permit} Permit */

/** @param {State} state @param {Actions} actions @param {Permit} permit @param {'return' | 'lost'} which */
export function endingView(state, actions, permit, which) {
  const lost = which === "lost";
  return html`
    <p class="soft steps"><a href="#${permit.id}">${t("Back")}</a></p>
    <h1 tabindex="-1">${lost ? t("Report {number} lost or stolen", { number: permit.number }) : t("Give {number} back unused", { number: permit.number })}</h1>
    <p>
      ${lost
        ? t("From this moment every border stops whoever shows it. The ministry can replace it.")
        : t("From this moment it is no longer valid, and that cannot be undone. If there is a paper, bring it back to the ministry. The goods need a new permit.")}
    </p>
    ${troubleView(state, actions)} ${summary(state.wrong)}
    <form
      class="rows"
      novalidate
      @submit=${(/** @type {SubmitEvent} */ event) => {
        event.preventDefault();
        void actions.end(which, new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)));
      }}
    >
      <div class="sheet rows">
        ${lost
          ? html`<fieldset id="how" tabindex="-1">
              <legend>${t("What happened to it?")}</legend>
              <label class="radio"><input type="radio" name="how" value="lost" checked /><span><b>${t("Lost")}</b></span></label>
              <label class="radio"><input type="radio" name="how" value="stolen" /><span><b>${t("Stolen")}</b></span></label>
            </fieldset>`
          : nothing}
        <div>
          <label for="reason">${lost ? t("Where and when") : t("Why you do not need it")}</label>
          <textarea id="reason" name="reason" rows="4" maxlength="2000" aria-invalid=${state.wrong.has("reason") ? "true" : "false"} aria-describedby="reason-wrong"></textarea>
          <p class="wrong" id="reason-wrong">${state.wrong.get("reason") ?? ""}</p>
        </div>
      </div>
      <div class="choices">
        <button class="main" type="submit" ?disabled=${state.busy}>${lost ? t("Report it") : t("Give it back for good")}</button>
        <a class="button" href="#${permit.id}">${t("Keep it")}</a>
      </div>
    </form>
  `;
}

/** @param {State} state @param {Actions} actions @param {Permit} permit */
export const withdrawView = (state, actions, permit) => html`
  <p class="soft steps"><a href="#${permit.id}">${t("Back")}</a></p>
  <h1 tabindex="-1">${t("Withdraw the application")}</h1>
  <p>${permit.state === "submitted" ? t("The ministry stops examining it.") : nothing} ${t("That cannot be undone: it stays in your list as withdrawn. You may apply for the same again.")}</p>
  ${troubleView(state, actions)}
  <div class="choices">
    <button class="main" type="button" ?disabled=${state.busy} @click=${() => void actions.withdraw()}>${t("Withdraw it for good")}</button>
    <a class="button" href="#${permit.id}">${t("Keep it")}</a>
  </div>
`;
