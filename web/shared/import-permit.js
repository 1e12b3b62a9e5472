// Our import permit that another country's document names: its importer and lines as the register has them, and which
// lines the goods use where the register cannot match them.

import { moment, named, t } from "./i18n.js";
import { needsChoice } from "./permit-lines.js";
import { amount } from "./permit-view.js";
import { html, nothing } from "./view.js";

/** @typedef {import('./permit-lines.js').ImportPermit} ImportPermit @typedef {import('./permit-lines.js').PermitLine} PermitLine @typedef {import('./permit-lines.js').Goods} Goods @typedef {import('./permit-lines.js').Choice} Choice @typedef {import('./permit-lines.js').Importer} Importer */
/** @typedef {{importer?: {name?: string}, lines: readonly Goods[]}} ForeignDocument */

/** The importer of a foreign document beside the importer of our import permit. @param {ForeignDocument | null | undefined} document @param {Importer | null | undefined} importer */
export const importersView = (document, importer) =>
  importer
    ? html`<dl class="facts">
        <div><dt>${t("Importer on this document (block 3)")}</dt><dd translate="no">${document?.importer?.name || "–"}</dd></div>
        <div><dt>${t("Importer of the import permit")}</dt><dd translate="no">${importer.name}</dd></div>
      </dl>`
    : nothing;

/** @param {ImportPermit} permit @param {ForeignDocument} document @param {Choice} choice @param {string} zone */
export function importPermitView(permit, document, choice, zone) {
  if (permit.state === "unknown") return html`<p class="sheet alarm" role="alert">${t("No import permit of ours has this number: compare it.")}</p>`;
  const ask = needsChoice(permit, document.lines);
  return html`<fieldset class="sheet rows">
    <legend>${t("Import permit {number}", { number: permit.number ?? "" })}</legend>
    ${importersView(document, permit.importer)}
    ${permit.used ? html`<p><b>${t("Used already: {post}, {when}, {waybill}. Another waybill, or more than is left, only the duty desk endorses: telephone.", { post: named("posts", permit.used.post), when: moment(Date.parse(permit.used.at) / 1000, zone), waybill: permit.used.transport_document })}</b></p>` : nothing}
    ${ask ? html`<p>${t("Say what is used of each line: the goods match no single one by species and unit.")}</p>` : nothing}
    ${permit.lines.map((line) => lineOf(line, ask, choice))}
  </fieldset>`;
}

/** @param {PermitLine} line @param {boolean} ask @param {Choice} choice */
function lineOf(line, ask, choice) {
  const left = html`<span class="letter">${line.line}</span> <span class="taxon" translate="no">${line.scientific_name}</span>: ${t("{left} left of {quantity}", { left: amount(line.left, line.unit), quantity: amount(line.quantity, line.unit) })}`;
  if (!ask) return html`<p>${left}</p>`;
  const id = `import-permit-${line.line}`;
  return html`<div>
    <label for=${id}>${left}</label>
    <input type="text" inputmode="decimal" class="mono quantity" id=${id} name=${id} maxlength="16" autocomplete="off" .value=${choice[line.line] ?? ""} @input=${(/** @type {InputEvent} */ event) => (choice[line.line] = /** @type {HTMLInputElement} */ (event.target).value)} />
  </div>`;
}
