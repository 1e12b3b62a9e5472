// Alerts at the desk, the watch-list of enforcement, and where each duty desk gets its mails.

import { agencyWord, alertText } from "../shared/alert-words.js";
import { t } from "../shared/i18n.js";
import { may } from "../shared/person.js";
import { html, nothing } from "../shared/view.js";
import { faultWord } from "./faults.js";
import { sent } from "./foreign.js";
import { when } from "./history.js";

/** @typedef {import('./main.js').State} State @typedef {import('./enforcement.js').EnforcementActions} Actions @typedef {import('./enforcement-service.js').WatchEntry} WatchEntry @typedef {import('./enforcement-service.js').Desk} Desk */

/** @param {State} state @param {Actions} actions */
export const alertsView = (state, actions) => html`
  <h1 tabindex="-1">${t("Alerts")}</h1>
  <p>${t("Goods held at a post, new cases and matches with the watch-list are reported to four duty desks at once. Each answer is recorded with a name. Until somebody answers, the alert passes from one duty desk to the next.")}</p>
  ${
    state.enforcement.alerts === null
      ? html`<p role="status">${t("Loading …")}</p>`
      : state.enforcement.alerts.items.length
        ? state.enforcement.alerts.items.map((each) => one(state, each, actions))
        : html`<p class="sheet">${t("There is nothing here.")}</p>`
  }
  ${state.enforcement.alerts?.cursor ? html`<p><button type="button" ?disabled=${state.busy} @click=${() => void actions.moreAlerts()}>${t("Show older ones")}</button></p>` : nothing}
  ${may(state.me, "see_duty_desks") && state.enforcement.desks ? desksView(state, actions) : nothing}
`;

/** @param {State} state @param {import('../shared/alert-words.js').Alert} each @param {Actions} actions */
const one = (state, each, actions) => html`<section class="sheet rows" id="alert-${each.id}">
  ${alertText(each, state.stage.zone)}
  ${each.case ? html`<p><a href="#/cases/${each.case}">${t("The case")}</a></p>` : nothing}
  ${
    each.steps.includes("acknowledge")
      ? wordsForm(state, `note-${each.id}`, t("What you are doing about it"), t("Send the answer"), (words) => actions.answerAlert(each.id, words))
      : each.steps.includes("note")
        ? wordsForm(state, `note-${each.id}`, t("Note for those who answer"), t("Add the note"), (words) => actions.answerAlert(each.id, words))
        : nothing
  }
  ${each.steps.includes("reopen") ? wordsForm(state, `reopen-${each.id}`, t("Why the answer is not enough"), t("Open it again"), (words) => actions.reopenAlert(each.id, words)) : nothing}
  ${
    each.steps.includes("share")
      ? html`<details>
          <summary>${t("For another country")}</summary>
          ${state.enforcement.abroadOf === each.id ? html`<label for="abroad-${each.id}">${t("English, ready to send; read it first")}</label><textarea id="abroad-${each.id}" lang="en" rows="8" readonly .value=${state.enforcement.abroad}></textarea>` : nothing}
          <div><button type="button" ?disabled=${state.busy} @click=${() => void actions.shareAlert(each.id)}>${t("Write the message")}</button></div>
        </details>`
      : nothing
  }
</section>`;

/** @param {State} state @param {string} id @param {string} label @param {string} button @param {(words: string) => Promise<boolean>} send */
const wordsForm = (state, id, label, button, send) => html`<form class="find" @submit=${sent((entered) => send(entered.words))}>
  <div><label for=${id}>${label}</label><input type="text" id=${id} name="words" required maxlength="500" autocomplete="off" /></div>
  <button type="submit" class="main" ?disabled=${state.busy}>${button}</button>
</form>`;

/** @param {State} state @param {Actions} actions */
const desksView = (state, actions) => html`<section class="sheet rows" aria-labelledby="desks">
  <h2 id="desks">${t("Mail addresses of the duty desks")}</h2>
  <p>${t("Suspicious patterns are mailed to the police, those about people inside to the auditors, questions from posts to the Scientific Authority.")}</p>
  <p>${t("One administrator adds an address. To remove one takes two: one proposes, another confirms. Every address of the desk gets a mail about it.")}</p>
  ${(state.enforcement.desks ?? []).map((each) => deskView(state, each, actions))}
</section>`;

/** @param {State} state @param {Desk} desk @param {Actions} actions */
function deskView(state, desk, actions) {
  const admin = may(state.me, "duty_desks");
  const { agency, addresses, proposed } = desk;
  return html`<section class="rows" aria-labelledby="desk-${agency}">
    <h3 id="desk-${agency}">${agencyWord(agency)}</h3>
    ${
      addresses.length
        ? html`<ul class="plainlist">${addresses.map((each) => html`<li>${addressText(each)} ${admin ? html`<button type="button" ?disabled=${state.busy} @click=${() => void actions.nameDesk(agency, addresses.filter((other) => other !== each))}>${t("Propose to remove {address}", { address: each.email })}</button>` : nothing}</li>`)}</ul>`
        : html`<p>${t("No address: this desk gets no mail.")}</p>`
    }
    ${
      proposed
        ? html`<p role="status"><b>${t("Waits for another administrator.")}</b> ${t("Then the addresses are: {addresses}", { addresses: proposed.addresses.map(({ email }) => email).join(", ") || "–" })} <small>${when(proposed.at, state)} · <span translate="no">${proposed.by_name}</span></small></p>
            ${proposed.steps.includes("confirm") ? html`<div><button type="button" class="main" ?disabled=${state.busy} @click=${() => void actions.confirmDesk(desk)}>${t("Confirm the change")}</button></div>` : nothing}
            ${admin ? html`<div><button type="button" ?disabled=${state.busy} @click=${() => void actions.nameDesk(agency, addresses)}>${t("Take the proposal back")}</button></div>` : nothing}`
        : nothing
    }
    ${
      admin
        ? html`<form class="find" @submit=${sent((entered) => actions.nameDesk(agency, [...addresses, { email: entered.email, language: entered.language }]))}>
            <div><label for="email-${agency}">${t("Another address")}</label><input type="email" id="email-${agency}" name="email" required maxlength="254" autocomplete="off" /></div>
            <div><label for="language-${agency}">${t("Language")}</label><select id="language-${agency}" name="language">${["ky", "ru", "en"].map((code) => html`<option value=${code} ?selected=${code === "ru"}>${code.toUpperCase()}</option>`)}</select></div>
            <button type="submit" ?disabled=${state.busy}>${t("Add")}</button>
          </form>`
        : nothing
    }
  </section>`;
}

/** @param {import('./enforcement-service.js').Address} address */
const addressText = ({ email, language }) => html`<span class="mono" translate="no">${email}</span> · ${language.toUpperCase()}`;

/** @param {State} state @param {Actions} actions */
export const watchView = (state, actions) => html`
  <h1 tabindex="-1">${t("Watch-list")}</h1>
  <p>${t("Every scan, endorsement, case and foreign permit is compared with this list. The officer at the post is not told of a match; you are.")}</p>
  <form class="sheet rows" aria-labelledby="add" @submit=${sent((entered) => actions.watch(entered))}>
    <h2 id="add">${t("Add to the watch-list")}</h2>
    <div class="pair">
      <div><label for="kind">${t("What it is")}</label><select id="kind" name="kind">${Object.entries(kinds()).map(([value, text]) => html`<option value=${value}>${text}</option>`)}</select></div>
      ${field(state, "value", t("As it stands on paper or goods"), "text", 100)} ${field(state, "until", t("Last day of the search"), "date", 0)} ${field(state, "reason", t("Reason"), "text", 2000)}
    </div>
    <div><button type="submit" class="main" ?disabled=${state.busy}>${t("Add")}</button></div>
  </form>
  <section class="sheet" aria-labelledby="looked">
    <h2 id="looked">${t("On the watch-list")}</h2>
    ${
      state.enforcement.watched === null
        ? html`<p role="status">${t("Loading …")}</p>`
        : state.enforcement.watched.items.length
          ? html`<ul class="plainlist">${state.enforcement.watched.items.map((each) => entryView(state, each, actions))}</ul>`
          : html`<p>${t("There is nothing here.")}</p>`
    }
  </section>
`;

/** @param {State} state @param {WatchEntry} each @param {Actions} actions */
const entryView = (state, each, actions) => html`<li>
  <b translate="no">${each.value}</b> · ${kinds()[each.kind]} <span class="state">${{ in_force: t("in force"), expired: t("expired"), ended: t("ended") }[each.state]}</span>
  <br /><span translate="no">${each.reason}</span><br /><small>${each.by_name} · ${when(each.at, state)} · ${t("until {when}", { when: when(each.until, state) })}</small>
  ${each.ended ? html`<br /><small translate="no">${each.ended.by_name}: ${each.ended.reason}</small>` : nothing}
  ${
    each.state === "in_force"
      ? html`<form class="find" @submit=${sent((entered) => actions.unwatch(each.id, entered.reason))}>
          <div><label for="end-${each.id}">${t("Why the search is ended")}</label><input type="text" id="end-${each.id}" name="reason" required maxlength="2000" autocomplete="off" /></div>
          <button type="submit" ?disabled=${state.busy}>${t("End the search")}</button>
        </form>`
      : nothing
  }
</li>`;

/** @returns {Record<string, string>} */
const kinds = () => ({ number: t("Number of a permit"), mark: t("Ring, chip or other mark"), name: t("Name"), vehicle: t("Vehicle, flight or waybill") });

/** @param {State} state @param {string} name @param {string} label @param {string} type @param {number} most */
const field = (state, name, label, type, most) => {
  const fault = state.faults.find((each) => each.field === name);
  return html`<div>
    <label for=${name}>${label}</label>
    <input type=${type} id=${name} name=${name} required maxlength=${most || nothing} autocomplete="off" aria-describedby="${name}-wrong" />
    <p class="wrong" id="${name}-wrong">${fault ? faultWord(fault) : ""}</p>
  </div>`;
};
