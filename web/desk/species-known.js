// What the service knows of a form's species, beside the form: Appendix, annotation, suspensions, zero quotas, and what is left
// of each quota that bounds it.

import { country, t } from "../shared/i18n.js";
import { entryDays, listDays, listedBy, notesView } from "../shared/listed.js";
import { annotation, citation } from "../shared/remark.js";
import { reasonWords, restrictionTitle, scopeWords } from "../shared/taxa.js";
import { html, nothing } from "../shared/view.js";
import { scopeWord } from "./quotas.js";

/** @typedef {import('../shared/taxa.js').Entry} Species */

/** @typedef {{year: number, items: import('./service.js').Quota[]}} Bounds */

/**
 * @param {Map<string, Species | null> | null} known name -> entry; null: the list lacks it
 * @param {Map<string, Bounds> | null} bounds name -> its quotas
 * @param {(import("../shared/listed.js").Dated & {version: string}) | null} [list] which one filled in block 10, at submission
 */
export const speciesKnown = (known, bounds, list = null) =>
  known?.size
    ? html`<section class="sheet" aria-labelledby="known">
        <h2 id="known">${t("Species and quota")}</h2>
        <ul class="plainlist">${[...known].map(([name, entry]) => one(name, entry, bounds?.get(name)))}</ul>
        ${list ? html`<p><small>${t("Block 10, as at submission:")} ${listDays(list)} <span class="mono">${list.version}</span></small></p>` : nothing}
      </section>`
    : nothing;

/** @param {string} name @param {Species | null} entry @param {Bounds | undefined} bounds */
const one = (name, entry, bounds) => html`<li>
  <b class="taxon" translate="no">${name}</b>
  ${entry
    ? html`${entry.appendix === "0" ? t("Not listed") : t("Appendix {appendix}", { appendix: entry.appendix })}
        ${entry.scientific_name.toLowerCase() === name.trim().toLowerCase() ? nothing : html`<br />${t("Printed under its accepted name, {name}.", { name: entry.scientific_name })}`}
        ${listedBy(entry) ? html`<br />${t("listed by {country}", { country: listedBy(entry) })}` : nothing}
        ${entry.annotation ? html`<br />${annotation(entry)}` : nothing}
        ${notesView(entry)}
        ${entry.restrictions.length
          ? entry.restrictions.map(
              (each) => html`<p class="note"><b>${restrictionTitle(each)}</b><br />${reasonWords(each)} <small>${citation(each.source)}</small>${scope(each)}</p>`,
            )
          : bounds?.items.some(({ quantity }) => quantity === "0")
            ? nothing
            : html`<br />${t("No suspension and no zero quota is on record.")}`}
        ${entry.range_states.length ? html`<br />${t("Range States")}: ${entry.range_states.map(country).join(", ")}` : nothing}
        <br /><small>${entryDays(entry)} ${citation(entry.source)}</small>`
    : html`<br />${t("The list does not have this name.")}`}
  ${bounds ? (bounds.items.length ? bounds.items.map(left) : html`<br />${t("No quota of {year} is on record.", { year: bounds.year })}`) : nothing}
</li>`;

/** What is left of a quota. @param {import('./service.js').Quota} quota */
const left = (quota) => html`<p class="note"><b>${quota.quantity === "0" ? t("Zero quota of {year}", { year: quota.year }) : t("Quota of {year}: {left} of {quantity} left", { year: quota.year, left: quota.left, quantity: quota.quantity })}</b>
  <br /><a href="#/quotas/${quota.id}">${scopeWord(quota)}</a> <small translate="no">${quota.source}</small></p>`;

/** @param {Species['restrictions'][number]} each */
const scope = (each) => (scopeWords(each) ? html`<br /><small>${scopeWords(each)}</small>` : nothing);
