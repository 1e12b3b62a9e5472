// "The importing country also asks": rules of the country of destination beyond CITES, each with its source, its day and
// how sure it is. They are advice; the importing country confirms them.

import { country, day, language, t } from "./i18n.js";
import { tongue } from "./ident.js";
import { citation } from "./remark.js";
import { html, nothing } from "./view.js";

/** `text`: in one of the table's three languages. @typedef {{country: string, annex: string, needs: string, text: string, source: string, confidence: string, as_of: string}} ImporterAsk */

/** @param {readonly ImporterAsk[] | undefined} asks */
export const importerView = (asks) =>
  asks?.length
    ? html`<div class="rows importer">
        <p><b>${t("The importing country also asks ({country}):", { country: country(asks[0].country) })}</b></p>
        <ul>${asks.map((each) => html`<li lang=${tongue() === language() ? nothing : tongue()}>${each.text} <small lang=${language()}>${citation(each.source)}. ${sureness(each)}</small></li>`)}</ul>
        <p>${t("Confirm it with that country before the goods leave.")}</p>
      </div>`
    : nothing;

/** @param {ImporterAsk} ask */
function sureness({ confidence, as_of: written }) {
  if (confidence === "seen") return t("Read in the law, {day}.", { day: day(written) });
  return confidence === "known" ? t("Commonly known, {day}.", { day: day(written) }) : t("Not certain, {day}.", { day: day(written) });
}
