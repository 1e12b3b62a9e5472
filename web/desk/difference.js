// The signed status list says more of a permit than the register (T8): what each says, and the form with which two people settle it.

import { keyed } from "../node_modules/lit-html/directives/keyed.js";
import { t } from "../shared/i18n.js";
import { html, nothing } from "../shared/view.js";
import { when } from "./history.js";

/** @typedef {import('./main.js').State} State @typedef {import('./actions.js').Actions} Actions @typedef {import('./service.js').Permit} Permit
 * @typedef {import('./service.js').Choice} Choice @typedef {NonNullable<Permit["difference"]>} Difference */

const BY_USE = [3, 12]; // values that say a use (core/status_list.js)

/** @param {State} state @param {Permit} permit @param {Actions} actions */
export function differenceView(state, permit, actions) {
  const { difference } = permit;
  if (!difference) return nothing;
  const { value, own, listed_at: listedAt, proposal, steps } = difference;
  const confirmed = proposal && steps.includes(proposal.choice) ? proposal.choice : null;
  const others = steps.filter((choice) => choice !== proposal?.choice);
  return html`<section class="note rows" aria-labelledby="difference">
    <h2 id="difference">${t("The status list and the register differ")}</h2>
    <dl class="facts">
      <div><dt>${t("Status list signed on {when}", { when: when(listedAt, state) })}</dt><dd><b>${valueWord(value)}</b></dd></div>
      <div><dt>${t("Register")}</dt><dd><b>${valueWord(own)}</b></dd></div>
    </dl>
    <p>${t("The register has no record of why. Until this is settled, each check says so (T8), and only the duty desk endorses this permit.")}</p>
    <p>${t("Compare the history below with the officers’ books and the prints. Then two people settle it, approvers or administrators.")}</p>
    ${proposal ? html`<p>${t("{name} proposes on {when}: {choice}", { name: proposal.by_name, when: when(proposal.at, state), choice: choiceWord(value, own, proposal.choice) })}<br /><b>${t("Reason:")}</b> <span translate="no">${proposal.reason}</span></p>` : nothing}
    ${keyed(`${proposal?.at} ${proposal?.choice}`, html`
      ${confirmed ? confirmForm(confirmed, state, permit, actions) : proposal ? html`<p>${t("It waits for another approver or administrator.")}</p>` : nothing}
      ${!others.length ? nothing : proposal ? html`<details><summary>${t("Propose something else")}</summary>${proposeForm(others, state, permit, actions)}</details>` : proposeForm(others, state, permit, actions)}
    `)}
  </section>`;
}

/** @param {Choice} choice @param {State} state @param {Permit} permit @param {Actions} actions */
const confirmForm = (choice, state, permit, actions) => html`<form class="rows" @submit=${(/** @type {SubmitEvent} */ event) => send(event, permit, choice, actions)}>
  ${reasonField("confirm-reason", t("What you compared"))}
  <div><button type="submit" ?disabled=${state.busy}>${confirmWord(/** @type {Difference} */ (permit.difference).value, choice)}</button></div>
</form>`;

/** @param {Choice[]} choices @param {State} state @param {Permit} permit @param {Actions} actions */
function proposeForm(choices, state, permit, actions) {
  const { value, own } = /** @type {Difference} */ (permit.difference);
  const only = choices.length === 1 ? choices[0] : null;
  return html`<form class="rows" @submit=${(/** @type {SubmitEvent} */ event) => send(event, permit, only, actions)}>
    ${only
      ? html`<p>${choiceWord(value, own, only)}</p>`
      : html`<fieldset class="rows">
          <legend>${t("What is right")}</legend>
          ${choices.map((choice) => html`<label class="tick"><input type="radio" name="choice" value=${choice} required /><span>${choiceWord(value, own, choice)}</span></label>`)}
        </fieldset>`}
    ${reasonField("propose-reason", t("What you compared"))}
    <div><button type="submit" ?disabled=${state.busy}>${t("Propose it")}</button></div>
  </form>`;
}

/** @param {string} id @param {string} label */
const reasonField = (id, label) => html`<div>
  <label for=${id}>${label}</label>
  <textarea id=${id} name="reason" rows="2" maxlength="2000" required aria-describedby="${id}-hint"></textarea>
  <p class="hint" id="${id}-hint">${t("Stays in the register with your name.")}</p>
</div>`;

/** @param {SubmitEvent} event @param {Permit} permit @param {Choice | null} choice  null: the one that is ticked @param {Actions} actions */
function send(event, permit, choice, actions) {
  event.preventDefault();
  const form = new FormData(/** @type {HTMLFormElement} */ (event.target));
  void actions.settle(permit, choice ?? /** @type {Choice} */ (form.get("choice")), String(form.get("reason") ?? "").trim());
}

/** A value of the status list (FORMAT.md 3). @param {number} value */
function valueWord(value) {
  const words = {
    0: t("valid, not used"),
    1: t("revoked"),
    2: t("suspended"),
    3: t("used"),
    12: t("used, and endorsed for import too"),
    13: t("replaced"),
    14: t("reported lost or stolen"),
    15: t("revoked for cause"),
  };
  return words[/** @type {keyof typeof words} */ (value)] ?? t("unknown value {value}", { value });
}

/** @param {number} value of the list @param {number} own the register's @param {Choice} choice */
function choiceWord(value, own, choice) {
  if (choice === "withdraw") return t("The register is right. The withdrawal is recorded, and the list will say: {own}.", { own: valueWord(own) });
  return BY_USE.includes(value) ? t("The list is right. The use is put back into the register.") : t("The list is right. The state is put back: {value}.", { value: valueWord(value) });
}

/** @param {number} value @param {Choice} choice */
function confirmWord(value, choice) {
  if (choice === "withdraw") return t("Confirm: record the withdrawal");
  return BY_USE.includes(value) ? t("Confirm: put the use back") : t("Confirm: put the state back");
}

/** Once the second person confirmed it. @param {number} value @param {Choice} choice */
export function settledWord(value, choice) {
  if (choice === "withdraw") return t("Settled: the withdrawal is recorded, and the list follows.");
  return BY_USE.includes(value) ? t("Settled: the use is back in the register.") : t("Settled: the state is back in the register.");
}
