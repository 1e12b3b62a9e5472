// What stops an application for good unless an approver lets it pass: each hard stop, who let it pass and why, and the form
// for that; and the auditor's list of all of a year.

import { lineLetter } from "../core/permit.js";
import { language, t } from "../shared/i18n.js";
import { html, nothing } from "../shared/view.js";
import { warningsView } from "../shared/warnings.js";
import { faultWord } from "./faults.js";
import { when } from "./history.js";
import { placeWord } from "./prepare.js";
import { stateWord } from "./words.js";

/** @typedef {import('./main.js').State} State @typedef {import('./actions.js').Actions} Actions @typedef {import('./service.js').Permit} Permit
 * @typedef {import('./service.js').Stop} Stop */

/** @param {State} state @param {Permit} permit @param {Actions} actions */
export function stopsView(state, permit, actions) {
  const { stops } = state;
  if (!stops) return nothing;
  return html`${sameImportPermit(stops.same_import_permit ?? [], permit)}${stops.items.length ? found(stops, state, permit, actions) : nothing}${warningsView(stops.warnings ?? [], (field) => placeWord(field, permit), null)}`;
}

/** Other exports that name the same import permit. @param {import('./service.js').Same[]} others @param {Permit} permit */
const sameImportPermit = (others, permit) =>
  others.length
    ? html`<section class="note rows" aria-labelledby="same-import-permit">
        <h2 id="same-import-permit">${t("Import permit {number} is named by other exports too: {count}", { number: permit.import_permit?.number ?? "", count: others.length })}</h2>
        <ul class="plainlist">${others.map((each) => html`<li><a href="#/permit/${each.id}" translate="no">${each.number ?? each.id}</a> · ${stateWord(each.state)}</li>`)}</ul>
        <p>${t("An import permit is for one consignment. Ask the authority that issued it before you approve.")}</p>
      </section>`
    : nothing;

/** @param {import('./service.js').Stops} stops @param {State} state @param {Permit} permit @param {Actions} actions */
function found(stops, state, permit, actions) {
  const open = stops.items.filter((each) => !each.override);
  return html`<section class="note rows" aria-labelledby="stops">
    <h2 id="stops">${open.length ? t("Stopped: {count}", { count: open.length }) : t("Exceptions granted")}</h2>
    <ul class="plainlist">${stops.items.map((each) => one(each, permit, state))}</ul>
    ${!open.length ? nothing : permit.steps.includes("override") ? passForm(open, stops.digest, permit, state, actions) : html`<p>${t("Only an approver who took no part in this application can grant an exception. The reason stays on record.")}</p>`}
  </section>`;
}

/** A rule in the reader's language; in English with its figures and source. @param {import('../shared/api.js').FieldError} stop */
const ruleWord = (stop) => (language() === "en" ? stop.detail : faultWord(stop));

/** Where it stands: its field, and its line where the field is none of that line. @param {Stop} stop @param {Permit} permit */
const where = ({ field, identity }, permit) =>
  identity.line === null || field.startsWith("lines[") ? placeWord(field, permit) : `${lineLetter(identity.line)}: ${placeWord(field, permit)}`;

/** The limit and the amount above it, where the rule has them. @param {Stop} stop */
const figures = ({ identity: { limit, excess, limited_by: by } }) => (excess ? html`<br /><small>${limit ? t("Limit {limit}, above it {excess}", { limit, excess }) : t("Not in the register")} <span class="mono" translate="no">${by}</span></small>` : nothing);

/** @param {Stop} stop @param {Permit} permit @param {State} state */
const one = (stop, permit, state) => html`<li>
  <b>${where(stop, permit)}</b>: ${ruleWord(stop)}${figures(stop)}
  ${stop.asked_again ? html`<br />${t("An exception was granted for another stop, or for less above the limit. It does not cover this one: decide again.")}` : nothing}
  ${stop.override
    ? html`<br />${t("Exception granted by {name}", { name: stop.override.by_name })} · ${when(stop.override.at, state)}<br /><q translate="no">${stop.override.reason}</q>`
    : nothing}
</li>`;

/** @param {Stop[]} open @param {string} digest @param {Permit} permit @param {State} state @param {Actions} actions */
const passForm = (open, digest, permit, state, actions) => html`<form
  class="rows"
  @submit=${(/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const form = new FormData(/** @type {HTMLFormElement} */ (event.target));
    const chosen = open.filter((_, index) => form.has(`stop-${index}`)).map(({ field, code, identity }) => ({ field, code, identity }));
    if (chosen.length) void actions.letPass(permit.id, { stops: chosen, reason: String(form.get("reason")).trim(), digest });
  }}
>
  <fieldset class="rows">
    <legend>${t("Exception for this application only")}</legend>
    ${open.map((each, index) => html`<label class="tick"><input type="checkbox" name="stop-${index}" .checked=${open.length === 1} /><span>${where(each, permit)}</span></label>`)}
  </fieldset>
  <div>
    <label for="pass-reason">${t("Why an exception is justified")}</label>
    <textarea id="pass-reason" name="reason" rows="3" maxlength="2000" required aria-describedby="pass-hint"></textarea>
    <p class="hint" id="pass-hint">${t("Your name and the reason stay in the register, and the auditor reviews them. If the application changes, it is stopped again.")}</p>
  </div>
  <div><button type="submit" ?disabled=${state.busy}>${t("Grant the exception")}</button></div>
</form>`;

/** @param {State} state */
export const overridesView = (state) => html`<section class="sheet" aria-labelledby="overrides">
  <h2 id="overrides">${t("Exceptions granted this year")}</h2>
  ${!state.overrides
    ? html`<p role="status">${t("Loading …")}</p>`
    : !state.overrides.items.length
      ? html`<p>${t("None.")}</p>`
      : html`<p>${state.overrides.people.map((each) => `${each.by_name}: ${each.count}`).join(" · ")}</p>
          <ul class="plainlist">
            ${state.overrides.items.map(
              (each) => html`<li>
                <a href="#/permit/${each.permit_id}">${each.by_name} · ${when(each.at, state)}</a>
                <br />${[...new Set(each.stops.map(([field, code], index) => ruleWord({ field, code, detail: each.rules[index] })))].join("; ")}<br /><q translate="no">${each.reason}</q>
              </li>`,
            )}
          </ul>`}
</section>`;
