// An application in the order of the form's blocks, to be read.

import { lineLetter } from "../core/permit.js";
import { home } from "../shared/frame.js";
import { amount } from "../shared/permit-view.js";
import { country, day, named, t } from "../shared/i18n.js";
import { filledIn } from "../shared/origin.js";
import { listedName } from "../shared/taxa.js";
import { apart, html, nothing } from "../shared/view.js";

/** @typedef {import('./service.js').Application} Application */

/**
 * Block 5 is what the print says there, as far as it was saved; of a form that never was, what was entered.
 * @param {Application} record @param {string | null} number
 * @param {Map<string, import('../shared/taxa.js').Taxon | null> | null} [known] what the list has of the species of a form that is not sent
 */
export const formView = (record, number, known = null) => html`<section class="sheet" aria-labelledby="form-title">
  <h2 id="form-title">${t("The form, block by block")}</h2>
  <dl class="facts">
    ${fact("1", t("Document"), html`${number ? html`<span class="mono">${number}</span> · ` : nothing}${record.document_type ? named("kinds", record.document_type) : "–"}${record.form === "electronic" ? html`, ${t("electronic")}` : nothing}`)}
    ${fact("2", t("Valid until"), record.valid_until ? day(record.valid_until) : "–")}
    ${fact("3", t("Importer"), party(record.importer))} ${fact("4", t("Exporter"), party(record.exporter))}
    ${fact("5", t("Special conditions"), html`<span class="lines" translate="no">${record.block_5 || record.special_conditions || "–"}</span>`)}
    ${fact("5a", t("Purpose"), record.purpose ? `${record.purpose} · ${named("purposes", record.purpose)}` : "–")}
    ${fact("5b", t("Security stamp"), record.stamp_number || (record.stamp_by_hand ? t("{number}, put on by hand", { number: record.stamp_by_hand }) : "–"))}
  </dl>
  ${(record.lines ?? []).map((/** @type {Application} */ line, /** @type {number} */ index) => lineView(line, index, line.common_name || listedName(known?.get(line.scientific_name)), (record.quotas ?? []).filter((/** @type {{line: string}} */ each) => each.line === lineLetter(index)), !number && filledIn(record.document_type, line)))}
  <dl class="facts">
    ${record.import_permit ? fact("", t("Import permit"), paper(record.import_permit.country, record.import_permit.number, record.import_permit.date)) : nothing}
    ${record.transport_document ? fact("", t("Transport document"), record.transport_document) : nothing}
    ${record.ata_carnet ? fact("5", t("ATA carnet"), record.ata_carnet) : nothing}
    ${record.retrospective ? fact("", t("Issued afterwards because"), record.retrospective.reason) : nothing}
  </dl>
</section>`;

/** @param {Application} line @param {number} index @param {string} common its common name @param {{quota: string, year: number, total: string, limit: string}[]} quotas that it draws on @param {boolean} fromHere submission fills in this country */
const lineView = (line, index, common, quotas, fromHere) => html`<div class="line">
  <h3><span class="block">${lineLetter(index)}</span><span class="taxon" translate="no">${line.scientific_name || "–"}</span></h3>
  <dl class="facts">
    ${fact("7-8", t("Names"), html`<span translate="no">${common || "–"}</span>`)} ${fact("9", t("Specimen"), html`${line.term ? named("terms", line.term) : "–"}${line.description ? html`; <span translate="no">${line.description}</span>` : nothing}`)}
    ${fact("9", t("Marks"), html`<b translate="no">${line.marks || "–"}</b>`)}
    ${fact("10", t("Appendix and source"), `${line.appendix || t("by the list")} · ${line.kingdom ? `${kingdom(line.kingdom)} · ` : ""}${line.source ? `${line.source} ${named("sources", line.source)}` : "–"}`)}
    ${fact("11", t("Quantity"), html`<b>${line.quantity ? amount(line.quantity, line.unit) : "–"}</b>`)}
    ${quotas.length || line.quota_year ? fact("11a", t("Total and quota"), quotas.length ? quotas.map((each) => html`<a href="#/quotas/${each.quota}">${each.total} / ${each.limit} (${each.year})</a> `) : t("of {year}", { year: line.quota_year })) : nothing}
    ${fact("12", t("Country of origin"), fromHere ? t("{country} (filled in)", { country: country(home()) }) : line.origin ? paper(line.origin.country, line.origin.permit, line.origin.date) : "–")}
    ${line.last_reexport ? fact("12a", t("Last re-export"), paper(line.last_reexport.country, line.last_reexport.certificate, line.last_reexport.date)) : nothing}
    ${line.operation_or_acquisition ? fact("12b", t("Operation or acquisition"), line.operation_or_acquisition) : nothing}
  </dl>
</div>`;

/** @param {string} name */
const kingdom = (name) => ({ Animalia: t("Animal"), Plantae: t("Plant") })[name] ?? name;

/** @param {string} block @param {unknown} name @param {unknown} value */
const fact = (block, name, value) => html`<div><dt>${block ? html`<span class="block">${block}</span>` : nothing}${name}</dt><dd>${value}</dd></div>`;

/** @param {Application | undefined} who */
const party = (who) =>
  who
    ? html`<span translate="no">${apart([who.name, who.address])}</span>${who.country ? `${who.name || who.address ? ", " : ""}${country(who.country)}` : nothing}
        ${who.name_local || who.address_local ? html`<br /><span class="soft" translate="no">${apart([who.name_local, who.address_local])}</span>` : nothing}`
    : "–";

/** @param {string} [from] @param {string} [number] @param {string} [date] */
const paper = (from, number, date) => (from || number || date ? apart([from && country(from), number, date && day(date)]) : "–");
