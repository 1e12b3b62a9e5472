// Remarks of the service on an application. They refuse nothing (chalicelib/applications/rules/warnings.py).

import { t } from "./i18n.js";
import { unsaid } from "./own-words.js";
import { remark } from "./remark.js";
import { html, nothing } from "./view.js";

/** @typedef {{field: string, code: string, words: string, options: {value: string, words: string}[]}} Warning
 * `options`: values that the field may have instead. */

/** A warning in the reader's language. @param {Warning} warning */
export function warningWord({ code, words: english }) {
  const words = {
    name_choice: t("This name is split by country. Choose the taxon that lives where the goods come from. The Scientific Authority confirms it."),
    confirm_taxon: t("The Scientific Authority confirms with its finding that the goods are of this taxon."),
    range: t("The country of origin is outside the native range of this species. Ask where it was taken. The Scientific Authority looks at it."),
    source_d: t("Appendix I plants that are propagated for commerce have source D."),
    label_form: t("A label number of caviar has six parts: species/source/country/year/plant/lot."),
    operation: t("Our register has no breeding operation with this number for this taxon."),
    origin: t("Give the country of origin in block 12."),
    uncertain_annotation: t("Whether the annotation of the Appendices covers these goods depends on their state. Read the annotation."),
  };
  return words[/** @type {keyof typeof words} */ (code)] ?? unsaid({ detail: english });
}

/**
 * All warnings of an application, each with its place and the values to choose from.
 * @param {Warning[]} warnings @param {(field: string) => string} place @param {((field: string, value: string) => void) | null} take enters a value; null: read only
 */
export const warningsView = (warnings, place, take) =>
  warnings.length
    ? html`<section class="sheet note warn rows" aria-labelledby="warnings">
        <h2 id="warnings">${t("Look at this too: {count}", { count: warnings.length })}</h2>
        <ul class="plainlist">${warnings.map((each) => html`<li><b>${place(each.field)}</b>: ${warningWord(each)} ${each.options.length ? optionsOf(each, take) : nothing}</li>`)}</ul>
      </section>`
    : nothing;

/** @param {Warning} warning @param {((field: string, value: string) => void) | null} take */
const optionsOf = ({ field, options }, take) => html`<ul class="plainlist">
  ${options.map(
    ({ value, words }) => html`<li>
      ${take ? html`<button type="button" @click=${() => take(field, value)}>${t("Take “{value}”", { value })}</button>` : html`<b translate="no">${value}</b>`}
      ${words ? html`<br />${remark(words)}` : nothing}
    </li>`,
  )}
</ul>`;
