// The exchange with other Parties: who may ask us, what one of them asked and was asked, and a question to one of them.

import { country, t } from "../shared/i18n.js";
import { may } from "../shared/person.js";
import { html, nothing } from "../shared/view.js";
import { arrivedView } from "./arrived.js";
import { OPERATIONS, rightWord } from "./exchange-words.js";
import { sent } from "./foreign.js";
import { heardView } from "./heard.js";
import { callsView, enterForm, wrong } from "./party.js";

/** @typedef {import('./main.js').State} State @typedef {import('./actions.js').Actions} Actions @typedef {import('./exchange-actions.js').Party} Party */

/** @param {State} state @param {Actions} actions */
export function exchangeView(state, actions) {
  const { list, services, calls } = state.parties;
  const { id } = state.place;
  if (!list && !services) return html`<h1 tabindex="-1">${t("Exchange with other Parties")}</h1><p role="status">${state.trouble ? nothing : t("Loading …")}</p>`;
  if (id && list) {
    const party = list.find((each) => each.country === id);
    return html`
      <h1 tabindex="-1">${country(id)}</h1>
      <p><a href="#/exchange">${t("All Parties")}</a></p>
      ${party ? accessList([party]) : html`<p>${t("It is not on the access list: it may ask nothing.")}</p>`} ${calls ? callsView(state, calls, actions) : nothing}
      ${may(state.me, "parties") ? enterForm(state, actions, id, party) : nothing}
    `;
  }
  return html`
    <h1 tabindex="-1">${t("Exchange with other Parties")}</h1>
    ${services ? askForm(state, services, actions) : nothing} ${heardView(state)} ${arrivedView(state, state.parties.arrived, () => void actions.tellArrived())} ${list ? accessList(list) : nothing}
    ${list && may(state.me, "parties") ? enterForm(state, actions) : nothing}
  `;
}

/** @param {State} state @param {string[]} services @param {Actions} actions */
const askForm = (state, services, actions) => html`<form class="sheet rows" aria-labelledby="ask" @submit=${(/** @type {SubmitEvent} */ event) => void sent(event.submitter?.id === "ask-arrived" ? actions.lookArrived : actions.askParty)(event)}>
  <h2 id="ask">${t("Ask a Party about its permit")}</h2>
  ${services.length
    ? html`<div class="pair low">
          <div><label for="ask-country">${t("Party")}</label><select id="ask-country" name="country" required>${services.map((code) => html`<option value=${code}>${country(code)}</option>`)}</select></div>
          <div><label for="ask-number">${t("Number, as it is printed")}</label><input type="text" id="ask-number" name="number" required maxlength="70" pattern="\\s*\\S+\\s*" autocomplete="off" spellcheck="false" aria-describedby="ask-number-wrong" />${wrong(state, "ask-number", "number")}</div>
          <div><label for="ask-token">${t("Security code beside it, if there is one")}</label><input type="text" id="ask-token" name="token" maxlength="70" pattern="\\s*\\S+\\s*" autocomplete="off" spellcheck="false" aria-describedby="ask-token-wrong" />${wrong(state, "ask-token", "token")}</div>
          <div><label for="ask-operation">${t("The permit")}</label><select id="ask-operation" name="operation"><option value=${OPERATIONS[0]}>${t("as it was issued")}</option><option value=${OPERATIONS[1]}>${t("with what left (block 14)")}</option></select></div>
        </div>
        <div class="steps"><button type="submit" class="main" ?disabled=${state.busy}>${t("Ask")}</button><button type="submit" id="ask-arrived" ?disabled=${state.busy}>${t("What arrived here under it")}</button></div>`
    : html`<p>${t("No service of another Party is known to this register: ask by letter, from its paper under “Foreign permits”.")}</p>`}
</form>`;

/** @param {Party[]} list */
const accessList = (list) => html`<section class="sheet" aria-labelledby="list">
  <h2 id="list">${t("Who may ask us")}</h2>
  ${list.length
    ? html`<table class="queue">
        <thead><tr><th scope="col">${t("Party")}</th><th scope="col">${t("May")}</th><th scope="col">${t("Certificates (SHA-256)")}</th><th scope="col">${t("Set by")}</th></tr></thead>
        <tbody>${list.map(row)}</tbody>
      </table>`
    : html`<p>${t("No Party is on the access list: none can ask.")}</p>`}
</section>`;

/** @param {Party} each */
const row = (each) => html`<tr class="row">
  <th scope="row"><a href="#/exchange/${each.country}">${country(each.country)}</a><br /><span class="state">${each.active ? t("open") : t("shut out")}</span></th>
  <td data-label=${t("May")}>${each.may.map(rightWord).join("; ") || "–"}</td>
  <td data-label=${t("Certificates (SHA-256)")}>${each.certificates.map((digest) => html`<span class="mono" translate="no">${digest}</span><br />`)}</td>
  <td data-label=${t("Set by")}><span translate="no">${each.by_name}</span>${each.note ? html`<br /><small translate="no">${each.note}</small>` : nothing}</td>
</tr>`;
