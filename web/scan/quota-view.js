// What the ministry decided may leave of a taxon in a year, beside the species and in the answer to "which document?".

import { counted } from "../shared/counted.js";
import { day, named, t } from "../shared/i18n.js";
import { html, nothing } from "../shared/view.js";

/** @typedef {import('../core/quotas.js').Quota} Quota */

/** @param {readonly Quota[] | null} quotas  null: this device was never told of any */
export const quotasView = (quotas) => html`<section class="sheet rows" aria-labelledby="quotas">
  <h2 id="quotas">${t("Export quotas")}</h2>
  ${quotas === null ? html`<p>${t("The quotas are not on this device yet.")}</p>` : quotas.length ? quotas.map(line) : html`<p>${t("No export quota is on record.")}</p>`}
  ${quotas?.length ? html`<p><small>${t("How much of a quota is taken, this permit included, stands in block 11a of the permit.")}</small></p>` : nothing}
</section>`;

/** @param {Quota} quota */
const line = (quota) => html`<div class="quota" data-quota=${quota.id}>
  <p><b>${t("{year}: {quantity}", { year: quota.year, quantity: counted(quota.quantity, quota.unit) })}</b> <i class="taxon" lang="la" translate="no">${quota.scientific_name}</i></p>
  ${quota.quantity === "0" ? html`<p class="note">${t("Zero quota: nothing is exported.")}</p>` : nothing}
  <p><small>${[...quota.terms.map((code) => named("terms", code)), ...quota.sources.map((code) => named("sources", code))].join(" · ") || t("Any kind and origin")}</small></p>
  <p><small>${quota.source}, ${day(quota.as_of)}</small></p>
</div>`;
