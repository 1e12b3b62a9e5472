// Security stamps: runs with what is left of them, who has which, what was written off; a run entered, a spoiled one noted.

import { t } from "../shared/i18n.js";
import { may } from "../shared/person.js";
import { html, nothing } from "../shared/view.js";
import { when } from "./history.js";
import { faultWord } from "./faults.js";
import { stateWord } from "./words.js";

/** @typedef {import('./main.js').State} State @typedef {import('./actions.js').Actions} Actions @typedef {import('./service.js').StampRun} StampRun */

/** @param {State} state @param {Actions} actions */
export const stampsView = (state, actions) => html`
  <h1 tabindex="-1">${t("Security stamps")}</h1>
  ${state.stock ? runs(state.stock.items) : html`<p role="status">${t("Loading …")}</p>`}
  ${state.ofRun ? taken(state, actions) : nothing}
  ${state.stock || state.trouble ? forms(state, actions) : nothing}
`;

/** @param {State} state @param {Actions} actions */
const forms = (state, actions) => html`
  ${may(state.me, "write_off") ? spoilForm(state, actions) : nothing}
  ${may(state.me, "stock") ? runForm(state, actions) : nothing}
`;

/** @param {StampRun[]} items */
const runs = (items) => html`<section class="sheet" aria-labelledby="runs">
  <h2 id="runs">${t("In stock")}</h2>
  ${items.length
    ? html`<table class="queue">
        <thead>
          <tr><th scope="col">${t("From – to")}</th><th scope="col">${t("Still left")}</th><th scope="col">${t("On permits")}</th><th scope="col">${t("Written off")}</th><th scope="col">${t("Entered by")}</th></tr>
        </thead>
        <tbody>
          ${items.map(
            (each) => html`<tr class="row">
              <th scope="row"><a class="mono" href="#/stamps/${each.id}">${each.first} – ${each.last}</a></th>
              <td><b>${t("{left} of {total}", { left: each.left, total: each.total })}</b></td>
              <td>${each.used}</td>
              <td>${each.spoiled}</td>
              <td translate="no">${each.by_name}</td>
            </tr>`,
          )}
        </tbody>
      </table>`
    : html`<p>${t("No series of stamps has been entered: any number is accepted.")}</p>`}
</section>`;

/** @param {State} state @param {Actions} actions */
const taken = (state, actions) => html`<section class="sheet" aria-labelledby="taken">
  <h2 id="taken">${t("Who has which")}</h2>
  ${state.ofRun?.items.length
    ? html`<ul class="plainlist">
        ${state.ofRun.items.map(
          (each) => html`<li>
            <b class="mono">${each.stamp_number}</b>
            ${each.permit ? html`<a href="#/permit/${each.permit.id}">${each.permit.number ?? t("Application")}</a> <span class="state">${stateWord(each.permit.state)}</span>` : nothing}
            ${each.spoiled ? html`${t("written off")}: <span translate="no">${each.spoiled.reason}</span><br /><small>${each.spoiled.by_name} · ${when(each.spoiled.at, state)}</small>` : nothing}
          </li>`,
        )}
      </ul>`
    : html`<p>${t("All stamps of this series are free.")}</p>`}
  ${state.ofRun?.cursor ? html`<p><button type="button" ?disabled=${state.busy} @click=${() => void actions.moreStamps()}>${t("Show further ones")}</button></p>` : nothing}
</section>`;

/** @param {State} state @param {Actions} actions */
const runForm = (state, actions) => html`<form class="sheet rows" aria-labelledby="enter" @submit=${sent(actions.enterRun)}>
  <h2 id="enter">${t("Enter a series received")}</h2>
  <div class="pair">
    ${field(state, "prefix", t("Before the digits"), 16, false)} ${field(state, "first", t("First: digits as printed"), 10)} ${field(state, "last", t("Last: digits as printed"), 10)}
  </div>
  <div><button type="submit" class="main" ?disabled=${state.busy}>${t("Enter the series")}</button></div>
</form>`;

/** @param {State} state @param {Actions} actions */
const spoilForm = (state, actions) => html`<form class="sheet rows" aria-labelledby="spoil" @submit=${sent(actions.spoil)}>
  <h2 id="spoil">${t("Write a spoiled stamp off")}</h2>
  <div class="pair">${field(state, "number", t("Number of the stamp"), 40)} ${field(state, "reason", t("Reason"), 2000)}</div>
  <div><button type="submit" ?disabled=${state.busy}>${t("Write it off")}</button></div>
</form>`;

/** @param {State} state @param {string} name @param {string} label @param {number} most @param {boolean} [needed] */
function field(state, name, label, most, needed = true) {
  const fault = state.faults.find((each) => each.field === name);
  return html`<div>
    <label for=${name}>${label}</label>
    <input type="text" id=${name} name=${name} maxlength=${most} ?required=${needed} autocomplete="off" spellcheck="false" aria-invalid=${fault ? "true" : "false"} aria-describedby="${name}-wrong" />
    <p class="wrong" id="${name}-wrong">${fault ? faultWord(fault) : ""}</p>
  </div>`;
}

/** @param {(form: Record<string, string>) => Promise<boolean>} send empties the form once it is done */
const sent = (send) => async (/** @type {SubmitEvent} */ event) => {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (event.target);
  const entered = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));
  if (await send(entered)) form.reset();
};
