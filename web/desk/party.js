// One Party of the exchange: every call between us and it, and what an admin lets it ask.

import { country, held, language, t } from "../shared/i18n.js";
import { moved } from "../shared/quantity.js";
import { html, nothing } from "../shared/view.js";
import { OPERATIONS, operationWord, outcomeWord, rightWord } from "./exchange-words.js";
import { faultWord } from "./faults.js";
import { when } from "./history.js";

/** @typedef {import('./main.js').State} State @typedef {import('./actions.js').Actions} Actions
 * @typedef {import('./exchange-actions.js').Party} Party @typedef {import('./exchange-actions.js').Call} Call */

/** @param {State} state @param {{items: Call[], cursor: string | null}} calls @param {Actions} actions */
export const callsView = (state, { items, cursor }, actions) => html`<section class="sheet" aria-labelledby="calls">
  <h2 id="calls">${t("What was asked and answered")}</h2>
  ${items.length ? html`<ul class="plainlist">${items.map((each) => call(each, state))}</ul>` : html`<p>${t("Nothing yet.")}</p>`}
  ${cursor ? html`<p><button type="button" ?disabled=${state.busy} @click=${() => void actions.moreCalls()}>${t("Show older ones")}</button></p>` : nothing}
</section>`;

/** @param {Call} each @param {State} state */
const call = (each, state) => html`<li>
  <b>${each.side === "they" ? t("They") : t("We")}</b> · ${operationWord(each.operation)}${each.number ? html` <span class="mono" translate="no">${each.number}</span>` : nothing}${each.lines ? ` (${moved(each.lines)})` : ""}: ${outcomeWord(each)}
  <br /><small>${when(each.at, state)}${each.by_name ? html` · <span translate="no">${each.by_name}</span>` : nothing}</small>
  ${each.digest || each.thumbprint ? evidence(each) : nothing}
</li>`;

/** @param {Call} each */
const evidence = ({ digest, thumbprint, correlation_id: reference }) => html`<details>
  <summary>${t("Evidence")}</summary>
  <dl class="facts">
    ${[[t("SHA-256 of the answer"), digest], [t("SHA-256 of the certificate"), thumbprint], [t("Reference"), reference]].map(([name, value]) => (value ? html`<div><dt>${name}</dt><dd class="mono" translate="no">${value}</dd></div>` : nothing))}
  </dl>
</details>`;

/** @param {State} state @param {Actions} actions @param {string} [code] whose; to be chosen where there is none @param {Party} [party] as it is on the list */
export const enterForm = (state, actions, code = "", party) => html`<form class="sheet rows" aria-labelledby="enter" @submit=${(/** @type {SubmitEvent} */ event) => void entered(event, code, actions)}>
  <h2 id="enter">${code ? t("Change what it may ask") : t("Enter a Party")}</h2>
  <p class="hint">${t("Two people compare the SHA-256 with what the other side reads out by telephone. Every change is written down.")}</p>
  ${code ? nothing : html`<div><label for="party-country">${t("Party")}</label><select id="party-country" name="country" required aria-describedby="party-country-wrong"><option value="">–</option>${countries().map(([value, text]) => html`<option value=${value}>${text}</option>`)}</select>${wrong(state, "party-country", "country")}</div>`}
  <div>
    <label for="certificates">${t("Certificates it comes with: SHA-256, a line each")}</label>
    <textarea id="certificates" name="certificates" class="mono" rows="3" maxlength="600" spellcheck="false" autocomplete="off" aria-describedby="certificates-hint certificates-wrong" .value=${(party?.certificates ?? []).join("\n")}></textarea>
    <p class="hint" id="certificates-hint">${t("One to four: the present one and the next, so that a change needs no appointment.")}</p>
    ${wrong(state, "certificates", "certificates")}
  </div>
  <fieldset class="rows">
    <legend>${t("May")}</legend>
    ${OPERATIONS.map((operation) => html`<label class="tick"><input type="checkbox" name="may" value=${operation} ?checked=${party ? party.may.includes(operation) : true} /><span>${rightWord(operation)}</span></label>`)}
  </fieldset>
  <label class="tick"><input type="checkbox" name="active" ?checked=${party?.active ?? true} /><span>${t("Open: without this tick it is shut out at once")}</span></label>
  <div><label for="party-note">${t("Note: whom to call, which letter")}</label><input type="text" id="party-note" name="note" maxlength="200" autocomplete="off" .value=${party?.note ?? ""} aria-describedby="party-note-wrong" />${wrong(state, "party-note", "note")}</div>
  <div><button type="submit" class="main" ?disabled=${state.busy}>${code ? t("Save") : t("Enter the Party")}</button></div>
</form>`;

const countries = () => Object.keys(held().countries)
    .map((code) => [code, country(code)])
    .sort(([, one], [, other]) => one.localeCompare(other, [language(), "ru", "en"]));

/** @param {SubmitEvent} event @param {string} code @param {Actions} actions */
async function entered(event, code, actions) {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (event.target);
  const given = new FormData(form);
  const text = (/** @type {string} */ name) => String(given.get(name) ?? "").trim();
  const body = { certificates: text("certificates").split("\n").map(bare).filter(Boolean), may: given.getAll("may"), active: given.has("active"), ...(text("note") && { note: text("note") }) };
  if ((await actions.enterParty(code || text("country"), body)) && !code) form.reset();
}

/** As openssl writes it, or as another list has it. @param {string} digest */
const bare = (digest) => digest.replace(/[\s:]/g, "").toLowerCase();

/** @param {State} state @param {string} id @param {string} name */
export function wrong(state, id, name) {
  const fault = state.faults.find(({ field }) => field === name || field.startsWith(`${name}[`));
  return html`<p class="wrong" id="${id}-wrong">${fault ? (name === "certificates" ? certificateWord(fault) : faultWord(fault)) : ""}</p>`;
}

/** @param {import('../shared/api.js').FieldError} fault */
const certificateWord = (fault) => (fault.code === "too_many" ? t("one to four; none only for a Party that is shut out") : t("64 hexadecimal digits each, none twice"));
