// What another Party’s service answered: its permit block by block, what no block shows, and who asked for it before.

import { t } from "../shared/i18n.js";
import { html, nothing } from "../shared/view.js";
import { outcomeWord, rightWord } from "./exchange-words.js";
import { formView } from "./form-view.js";
import { when } from "./history.js";

/** @typedef {import('./main.js').State} State @typedef {import('./service.js').Application} Application */

const PIECES = ["NAR", "PCS", "C62", "H87", "PCE", "NMB", "?", ""]; // chalicelib/exchange/model/exchanged_permit.py

/** @param {State} state */
export function heardView(state) {
  const { heard, before } = state.parties;
  if (!heard) return nothing;
  const { call, permit } = heard;
  const other = permit?.other ?? [];
  return html`<section class="sheet rows" aria-labelledby="heard">
      <h2 id="heard">${t("Their answer")}</h2>
      <p><b>${outcomeWord(call)}</b><br /><small>${when(call.at, state)}${call.digest ? html` · SHA-256 <span class="mono" translate="no">${call.digest}</span>` : nothing}</small></p>
      <p class="hint">${permit ? t("It is the other Party’s word, and changes no verdict here. Compare it with the paper.") : t("Where a Party does not answer, a letter does: record the paper at the post, and ask its issuer.")}</p>
      ${other.length ? html`<details><summary>${t("What no block below shows: {count}", { count: other.length })}</summary><ul class="plainlist" translate="no">${other.map((/** @type {{path: string, value: string}} */ each) => html`<li><span class="mono">${each.path}</span><br />${each.value}</li>`)}</ul></details>` : nothing}
      ${before.length ? html`<h3>${t("Asked before")}</h3><ul class="plainlist">${before.map((each) => html`<li>${rightWord(each.operation)}: ${outcomeWord(each)}<br /><small>${when(each.at, state)} · <span translate="no">${each.by_name}</span></small></li>`)}</ul>` : nothing}
    </section>
    ${permit ? formView(asForm(permit), permit.number ?? null) : nothing}`;
}

/** Their permit as our form names its fields. @param {Record<string, any>} permit @returns {Application} */
const asForm = (permit) => ({
  document_type: "EIR".includes(permit.type_code ?? "-") ? permit.type_code : permit.name,
  valid_until: dayOf(permit.valid_until),
  exporter: party(permit.exporter),
  importer: party(permit.importer),
  special_conditions: permit.conditions,
  purpose: permit.purpose,
  stamp_number: permit.first?.number,
  transport_document: permit.transport?.number,
  lines: (permit.lines ?? []).map((/** @type {Record<string, any>} */ line) => ({
    ...line,
    unit: PIECES.includes(line.unit ?? "") ? undefined : line.unit,
    origin: line.origin_country && { country: line.origin_country, permit: line.origin_document?.number, date: dayOf(line.origin_document?.issued_at) },
    last_reexport: line.export_country && { country: line.export_country, certificate: line.export_document?.number, date: dayOf(line.export_document?.issued_at) },
    operation_or_acquisition: line.operation?.number ?? line.operation?.name ?? line.acquired_at,
  })),
});

/** In its own offset; undefined where it is no day. @param {string | undefined} text */
const dayOf = (text) => /^\d{4}-\d\d-\d\d/.exec(text ?? "")?.[0];

/** @param {Record<string, string> | undefined} who */
const party = (who) => who && { name: who.name, country: who.country ?? "", address: [who.street, who.po_box, who.city, who.postcode, who.subdivision].filter(Boolean).join(", ") };
