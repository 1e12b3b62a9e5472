// Deputies of approvers: who stands in for whom and until when, one named, confirmed by a second person, ended earlier.

import { day, t } from "../shared/i18n.js";
import { may } from "../shared/person.js";
import { html, nothing } from "../shared/view.js";
import { faultWord } from "./faults.js";

/** @typedef {import('./main.js').State} State @typedef {import('./actions.js').Actions} Actions @typedef {import('./service.js').Deputation} Deputation */

const DAYS_AT_MOST = 92; // chalicelib/people/model.py

/** @param {State} state @param {Actions} actions */
export const deputiesView = (state, actions) => html`
  <h1 tabindex="-1">${t("Deputies of approvers")}</h1>
  <section class="sheet" aria-labelledby="named">
    <h2 id="named">${t("Who stands in for whom")}</h2>
    ${state.deputies === null
      ? html`<p role="status">${t("Loading …")}</p>`
      : state.deputies.items.length
        ? html`<ul class="plainlist">${state.deputies.items.map((each) => one(each, state, actions))}</ul>`
        : html`<p>${t("Nobody.")}</p>`}
  </section>
  ${state.deputies?.people.length ? nameForm(state, actions) : nothing}
`;

/** @param {Deputation} each @param {State} state @param {Actions} actions */
function one(each, state, actions) {
  const { me } = state;
  const naming = may(me, "name_deputy");
  const open = ["waiting", "coming", "running"].includes(each.state);
  return html`<li>
    <b translate="no">${each.deputy.name}</b> ${t("for")} <b translate="no">${each.represented.name}</b> <span class="state">${stateWord(each.state)}</span>
    <br />${t("{first} to {last}", { first: day(each.first), last: day(each.last) })}: <span translate="no">${each.reason}</span>
    <br /><small>${t("Named by {name}", { name: each.by_name })}${each.confirmed_by_name && each.confirmed_by_name !== each.by_name ? html` · ${t("confirmed by {name}", { name: each.confirmed_by_name })}` : nothing}${each.ended_by_name ? html` · ${t("ended by {name}", { name: each.ended_by_name })}` : nothing}</small>
    ${open && (naming || me?.id === each.deputy.id)
      ? html`<div class="steps">
          ${each.state === "waiting" && naming && ![each.by, each.deputy.id].includes(me?.id ?? "") ? html`<button type="button" class="main" ?disabled=${state.busy} @click=${() => void actions.confirmDeputy(each.id)}>${t("Confirm as the second person")}</button>` : nothing}
          <button type="button" ?disabled=${state.busy} @click=${() => void actions.endDeputy(each.id)}>${t("End this now")}</button>
        </div>`
      : nothing}
  </li>`;
}

/** @param {State} state @param {Actions} actions */
const nameForm = (state, actions) => html`<form
  class="sheet rows"
  aria-labelledby="name"
  @submit=${async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (await actions.nameDeputy(Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)])))) form.reset();
  }}
>
  <h2 id="name">${t("Name a deputy")}</h2>
  <p class="hint">${t("During this time the deputy approves, refuses, suspends and revokes in place of the approver, except where either of them took part. The history shows on whose behalf. It ends by itself. If an approver names the deputy, a second approver or an administrator has to confirm.")}</p>
  <div class="pair">
    ${choice(state, "deputy", t("Deputy"), "preparer", "approver")} ${choice(state, "represented", t("For the approver"), "approver", "")}
    ${field(state, "first", t("First day"), "date")} ${field(state, "last", t("Last day"), "date")} ${field(state, "reason", t("Reason"), "text")}
  </div>
  <div><button type="submit" class="main" ?disabled=${state.busy}>${t("Name the deputy")}</button></div>
</form>`;

/** @param {State} state @param {string} name @param {string} label @param {string} having @param {string} lacking */
const choice = (state, name, label, having, lacking) => html`<div>
  <label for=${name}>${label}</label>
  <select id=${name} name=${name} required aria-describedby="${name}-wrong">
    <option value="">–</option>
    ${state.deputies?.people.filter(({ id, roles }) => roles.includes(having) && !roles.includes(lacking) && !(name === "deputy" && id === state.me?.id)).map((who) => html`<option value=${who.id}>${who.name}</option>`)}
  </select>
  ${wrong(state, name)}
</div>`;

/** @param {State} state @param {string} name @param {string} label @param {string} type */
const field = (state, name, label, type) => html`<div>
  <label for=${name}>${label}</label>
  <input type=${type} id=${name} name=${name} required maxlength=${type === "text" ? 2000 : nothing} autocomplete="off" aria-describedby="${name}-wrong" />
  ${wrong(state, name)}
</div>`;

/** @param {State} state @param {string} name */
const wrong = (state, name) => {
  const fault = state.faults.find((each) => each.field === name);
  const words = fault?.code === "too_late" ? t("at most {count} days: after that a deputy is named anew", { count: DAYS_AT_MOST }) : fault && faultWord(fault);
  return html`<p class="wrong" id="${name}-wrong">${words ?? ""}</p>`;
};

/** @param {string} state */
function stateWord(state) {
  const words = {
    waiting: t("waits for a second person"),
    coming: t("still to come"),
    running: t("running"),
    over: t("over"),
    ended: t("ended"),
  };
  return words[/** @type {keyof typeof words} */ (state)] ?? state;
}
