// Our import permit that another country's document names: its lines as the register has them, and which of them the
// goods use where the register cannot match them.

import { moment, named, t } from "./i18n.js";
import { needsChoice } from "./permit-lines.js";
import { amount } from "./permit-view.js";
import { html, nothing } from "./view.js";

/** @typedef {import('./permit-lines.js').ImportPermit} ImportPermit @typedef {import('./permit-lines.js').PermitLine} PermitLine @typedef {import('./permit-lines.js').Goods} Goods @typedef {import('./permit-lines.js').Choice} Choice */

/** @param {ImportPermit} permit @param {readonly Goods[]} goods @param {Choice} choice @param {string} zone */
export function importPermitView(permit, goods, choice, zone) {
  if (permit.state === "unknown") return html`<p class="sheet alarm" role="alert">${t("No import permit of ours has this number: compare it.")}</p>`;
  const ask = needsChoice(permit, goods);
  return html`<fieldset class="sheet rows">
    <legend>${t("Import permit {number}", { number: permit.number ?? "" })}</legend>
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
