// The register of breeding operations: who may say "bred", of which species, and how many a year. An admin enters them.

import { counted } from "../shared/counted.js";
import { day, named, t } from "../shared/i18n.js";
import { may } from "../shared/person.js";
import { html, nothing } from "../shared/view.js";
import { UNITS } from "../core/codes.js";
import { faultWord } from "./faults.js";
import { sent } from "./foreign.js";

/** @typedef {import('./main.js').State} State @typedef {import('./actions.js').Actions} Actions */

/** @param {State} state @param {Actions} actions */
export function operationsView(state, actions) {
  const { operations } = state.patterns;
  return html`
    <h1 tabindex="-1">${t("Breeding operations")}</h1>
    <p>${t("What a breeding operation can produce in a year is compared with the permits that name it. While none is registered, nothing is compared.")}</p>
    <section class="sheet">
      ${
        operations === null
          ? html`<p role="status">${t("Loading …")}</p>`
          : operations.length
            ? html`<table class="queue">
                <thead><tr><th scope="col">${t("Number")}</th><th scope="col">${t("Species")}</th><th scope="col">${t("Source")}</th><th scope="col">${t("A year")}</th><th scope="col">${t("From")}</th><th scope="col">${t("Set by")}</th></tr></thead>
                <tbody>${operations.map(row)}</tbody>
              </table>`
            : html`<p>${t("There is nothing here.")}</p>`
      }
    </section>
    ${may(state.me, "set_operation") && (operations || state.trouble) ? entryForm(state, actions) : nothing}
  `;
}

/** @param {import('./pattern-service.js').Operation} each */
const row = (each) => html`<tr class="row">
  <th scope="row"><span class="mono" translate="no">${each.number}</span><br /><span translate="no">${each.holder}</span></th>
  <td class="taxon" translate="no">${each.scientific_name}</td>
  <td data-label=${t("Source")}>${each.sources.join(", ")}</td>
  <td data-label=${t("A year")}>${counted(each.a_year, each.unit)}</td>
  <td data-label=${t("From")}>${day(each.since)}${each.until ? html` – ${day(each.until)}` : nothing}</td>
  <td data-label=${t("Set by")}><span translate="no">${each.source}</span><br /><small translate="no">${each.set_by_name}</small></td>
</tr>`;

/** @param {State} state @param {Actions} actions */
const entryForm = (state, actions) => html`<form class="sheet rows" aria-labelledby="enter" @submit=${sent(actions.enterOperation)}>
  <h2 id="enter">${t("Enter an operation, or change one")}</h2>
  <div class="pair">
    ${field(state, "number", t("Number, as block 12b names it"))} ${field(state, "holder", t("Holder, as block 4 names it"))}
    ${field(state, "scientific_name", t("Scientific name"))} ${field(state, "sources", t("Source codes: C, D, F, A"))}
    ${field(state, "a_year", t("How many a year"))}
    <div><label for="unit">${t("Unit")}</label><select id="unit" name="unit"><option value="">${t("specimens")}</option>${[...UNITS.keys()].filter((code) => code !== "NAR").map((code) => html`<option value=${code}>${named("units", code)}</option>`)}</select></div>
    ${field(state, "since", t("From"), "date")} ${field(state, "until", t("Until (empty while it runs)"), "date", false)}
    ${field(state, "source", t("Which paper says so"))} ${field(state, "reason", t("For a change: why"), "text", false)}
  </div>
  <div><button type="submit" class="main" ?disabled=${state.busy}>${t("Enter")}</button></div>
</form>`;

/** @param {State} state @param {string} name @param {string} words @param {string} [type] @param {boolean} [required] */
function field(state, name, words, type = "text", required = true) {
  const fault = state.faults.find((each) => each.field === name);
  return html`<div>
    <label for="op-${name}">${words}</label>
    <input type=${type} id="op-${name}" name=${name} ?required=${required} maxlength="200" autocomplete="off" aria-describedby="op-${name}-wrong" />
    <p class="wrong" id="op-${name}-wrong">${fault ? faultWord(fault) : ""}</p>
  </div>`;
}
