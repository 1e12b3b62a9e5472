// The year's quotas: figure, granted, used, lapsed, left; every change of one; an admin enters and changes figures.

import { SOURCES, TERMS, UNITS } from "../core/codes.js";
import { counted } from "../shared/counted.js";
import { sum } from "../shared/goods-words.js";
import { day, named, t } from "../shared/i18n.js";
import { may } from "../shared/person.js";
import { html, nothing } from "../shared/view.js";
import { faultWord } from "./faults.js";
import { when } from "./history.js";
import { actionWord } from "./words.js";

/** @typedef {import('./main.js').State} State @typedef {import('./actions.js').Actions} Actions @typedef {import('./service.js').Quota} Quota @typedef {import('./service.js').QuotaChange} QuotaChange */

/** @param {State} state @param {Actions} actions */
export function quotasView(state, actions) {
  const { quotas } = state;
  if (!quotas) return html`<h1 tabindex="-1">${t("Quotas")}</h1><p role="status">${t("Loading …")}</p>`;
  const chosen = quotas.items.find((each) => each.id === state.place.id);
  const admin = may(state.me, "set_quota");
  return html`
    <h1 tabindex="-1">${t("Quotas of {year}", { year: quotas.year })}</h1>
    <p><a href="#/quotas/${quotas.year - 1}">${quotas.year - 1}</a> · <a href="#/quotas/${quotas.year + 1}">${quotas.year + 1}</a></p>
    ${figures(quotas.items, chosen)}
    ${quotas.proposals.length ? waiting(quotas.proposals, state, actions) : nothing}
    ${chosen ? past(chosen, state, actions) : nothing}
    ${admin && chosen ? changeForm(chosen, state, actions) : nothing}
    ${admin && !chosen ? newForm(quotas.year, state, actions) : nothing}
  `;
}

/** @param {Quota[]} items @param {Quota | undefined} chosen */
const figures = (items, chosen) => html`<section class="sheet" aria-labelledby="figures">
  <h2 id="figures">${t("Quotas and what has been granted")}</h2>
  ${items.length
    ? html`<table class="queue">
        <thead>
          <tr><th scope="col">${t("Species")}</th><th scope="col">${t("Quota")}</th><th scope="col">${t("Granted")}</th><th scope="col">${t("Of these used")}</th><th scope="col">${t("Lapsed or given back")}</th><th scope="col">${t("Still left")}</th><th scope="col">${t("Set by")}</th></tr>
        </thead>
        <tbody>
          ${items.map(
            (each) => html`<tr class="row">
              <th scope="row"><a class="taxon" translate="no" href="#/quotas/${each.id}" aria-current=${each === chosen ? "true" : nothing}>${each.scientific_name}</a><br /><small>${scopeWord(each)}</small></th>
              <td data-label=${t("Quota")}>${counted(each.quantity, each.unit)}</td>
              <td data-label=${t("Granted")}>${each.granted}${each.before === "0" ? nothing : html`<br /><small>${t("{count} before", { count: each.before })}</small>`}</td>
              <td data-label=${t("Of these used")}>${each.used}</td>
              <td data-label=${t("Lapsed or given back")}>${each.lapsed}</td>
              <td data-label=${t("Still left")}><b>${each.left}</b>${each.quantity === "0" ? html`<br /><small>${t("stop")}</small>` : nothing}</td>
              <td data-label=${t("Set by")}><span translate="no">${each.source}</span><br /><small>${day(each.as_of)} · <span translate="no">${each.set_by_name}</span></small></td>
            </tr>`,
          )}
        </tbody>
      </table>`
    : html`<p>${t("No quota of this year is on record: nothing is counted.")}</p>`}
</section>`;

/** @param {import('./service.js').QuotaProposal[]} proposals @param {State} state @param {Actions} actions */
const waiting = (proposals, state, actions) => html`<section class="sheet" aria-labelledby="waiting">
  <h2 id="waiting">${t("Higher figures that wait for another administrator")}</h2>
  <ul class="plainlist">
    ${proposals.map(
      (each) => html`<li>
        <span class="taxon" translate="no">${each.scientific_name}</span> · ${scopeWord(each)}: <b>${each.was} → ${counted(each.quantity, each.unit)}</b>${each.before === "0" ? nothing : html` (${t("{count} before", { count: each.before })})`}
        <br /><span translate="no">${each.source}</span>${each.reason ? html` · <span translate="no">${each.reason}</span>` : nothing}
        <br /><small>${when(each.at, state)} · <span translate="no">${each.by_name}</span></small>
        ${each.steps.includes("confirm") ? html`<br /><button type="button" class="main" ?disabled=${state.busy} @click=${() => void actions.confirmQuota(each)}>${t("Confirm {quantity}", { quantity: counted(each.quantity, each.unit) })}</button>` : nothing}
      </li>`,
    )}
  </ul>
</section>`;

/** @param {Pick<Quota, 'terms' | 'sources'>} quota */
export const scopeWord = ({ terms, sources }) =>
  `${terms.length ? terms.map((code) => named("terms", code)).join(", ") : t("any kind of specimen")} · ${sources.length ? t("source {codes}", { codes: sources.join(", ") }) : t("any source")}`;

/** @param {Quota} chosen @param {State} state @param {Actions} actions */
const past = (chosen, state, actions) => html`<section class="sheet" aria-labelledby="past">
  <h2 id="past">${t("History")}: <span class="taxon" translate="no">${chosen.scientific_name}</span></h2>
  <ul class="plainlist">
    ${(state.quotaPast?.items ?? []).map((each) => html`<li>${each.set ? figureSet(each, chosen) : each.permits.map((permit) => moved(permit))} <small>${when(each.at, state)} · <span translate="no">${each.by_name}</span> · ${t("granted then: {count}", { count: sum(each.taken.used, each.taken.outstanding) })}</small></li>`)}
  </ul>
  ${state.quotaPast?.cursor ? html`<p><button type="button" ?disabled=${state.busy} @click=${() => void actions.moreOfQuota()}>${t("Show further ones")}</button></p>` : nothing}
  <p><a href="#/quotas/${chosen.year}">${t("All quotas of {year}", { year: chosen.year })}</a></p>
</section>`;

/** @param {QuotaChange} change @param {Quota} chosen */
const figureSet = ({ set, was, reason, proposed_by_name: proposer }, chosen) => html`<b>${was ? t("Figure changed: {was} → {now}", { was: was.quantity, now: set?.quantity ?? "" }) : t("Figure set: {now}", { now: counted(set?.quantity ?? "", chosen.unit) })}</b>
  <br /><span translate="no">${set?.source}</span>${reason ? html` · <span translate="no">${reason}</span>` : nothing}${proposer ? html` · ${t("proposed by {name}", { name: proposer })}` : nothing}<br />`;

/** What one permit took or gave back. @param {QuotaChange["permits"][number]} permit */
const moved = (permit) => html`<a class="mono" href="#/permit/${permit.id}">${permit.number ?? t("Application")}</a> ${actionWord(permit.action)}:
  ${[
    [t("outstanding"), permit.outstanding],
    [t("used"), permit.used],
    [t("lapsed"), permit.lapsed],
  ]
    .filter(([, much]) => much !== "0")
    .map(([word, much]) => `${word} ${much?.startsWith("-") ? `−${much.slice(1)}` : `+${much}`}`)
    .join(", ")}<br />`;

/** @param {Quota} chosen @param {State} state @param {Actions} actions */
const changeForm = (chosen, state, actions) => html`<form class="sheet rows" aria-labelledby="change" @submit=${sent((entered) => actions.changeQuota(chosen.id, entered))}>
  <h2 id="change">${t("Change this figure")}</h2>
  <p class="hint">${t("A lower figure counts at once. A higher one waits until another administrator confirms it.")}</p>
  <div class="pair low">
    ${field(state, "quantity", t("Quota"), { most: 16, value: chosen.quantity })} ${field(state, "before", t("Exported or granted outside this count"), { most: 16, value: chosen.before })}
    ${field(state, "source", t("Who set it, in which paper"), { most: 300, value: chosen.source })} ${field(state, "as_of", t("Day of that paper"), { type: "date", value: chosen.as_of })}
    ${field(state, "reason", t("Reason"), { most: 2000 })}
  </div>
  <div><label class="tick"><input type="checkbox" name="below_taken" value="yes" /> ${t("I know that this may be less than is granted already")}</label></div>
  <div><button type="submit" class="main" ?disabled=${state.busy}>${t("Change the figure")}</button></div>
</form>`;

/** @param {number} year @param {State} state @param {Actions} actions */
const newForm = (year, state, actions) => html`<form class="sheet rows" aria-labelledby="enter" @submit=${sent((entered) => actions.enterQuota(year, entered))}>
  <h2 id="enter">${t("Enter a quota of {year}", { year })}</h2>
  <p class="hint">${t("The quota covers the species and everything below it. A quota of 0 stops all exports. Units are not converted: a line in another unit is refused.")}</p>
  <p class="hint">${t("A quota above last year’s needs a reason and waits until another administrator confirms it.")}</p>
  <div class="pair low">
    ${field(state, "scientific_name", t("Scientific name, or a family, order or class"), { most: 200 })}
    ${choice(state, "terms", t("Kind of specimen"), [...TERMS.keys()], "terms")} ${choice(state, "sources", t("Source"), [...SOURCES.keys()], "sources")}
    ${field(state, "quantity", t("Quota"), { most: 16 })} ${choice(state, "unit", t("Unit"), [...UNITS.keys()].filter((code) => code !== "NAR"), "units")}
    ${field(state, "before", t("Exported or granted outside this count"), { most: 16, value: "0" })}
    ${field(state, "source", t("Who set it, in which paper"), { most: 300 })} ${field(state, "as_of", t("Day of that paper"), { type: "date" })}
    ${field(state, "reason", t("Reason"), { most: 2000, optional: true })}
  </div>
  <div><button type="submit" class="main" ?disabled=${state.busy}>${t("Enter the quota")}</button></div>
</form>`;

/** @param {State} state @param {string} name @param {string} label @param {{most?: number, type?: string, value?: string, optional?: boolean}} how */
const field = (state, name, label, { most, type = "text", value = "", optional = false }) => html`<div>
  <label for="quota-${name}">${label}</label>
  <input type=${type} id="quota-${name}" name=${name} value=${value} ?required=${!optional} maxlength=${most ?? nothing} autocomplete="off" spellcheck="false" aria-invalid=${wrong(state, name) ? "true" : "false"} aria-describedby="quota-${name}-wrong" />
  <p class="wrong" id="quota-${name}-wrong">${wrong(state, name)}</p>
</div>`;

/** @param {State} state @param {string} name @param {string} label @param {string[]} codes @param {'terms' | 'sources' | 'units'} vocabulary */
const choice = (state, name, label, codes, vocabulary) => html`<div>
  <label for="quota-${name}">${label}</label>
  <select id="quota-${name}" name=${name} aria-describedby="quota-${name}-wrong">
    <option value="">${name === "unit" ? t("specimens") : t("any")}</option>
    ${codes.map((code) => html`<option value=${code}>${code} · ${named(vocabulary, code)}</option>`)}
  </select>
  <p class="wrong" id="quota-${name}-wrong">${wrong(state, name)}</p>
</div>`;

/** @param {State} state @param {string} name */
function wrong(state, name) {
  const fault = state.faults.find((each) => each.field === name);
  return fault ? faultWord(fault) : "";
}

/** @param {(entered: Record<string, string>) => Promise<boolean>} send empties the form once it is done */
const sent = (send) => async (/** @type {SubmitEvent} */ event) => {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (event.target);
  const entered = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));
  if (await send(entered)) form.reset();
};
