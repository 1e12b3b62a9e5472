// The species list in the scanner, without a network: a name in any language and script, then what holds for the taxon.

import { ofTaxon } from "../core/quotas.js";
import { country, day, t } from "../shared/i18n.js";
import { icon } from "../shared/icons.js";
import { dataOrigin, entryDays, listDays, listedBy, notesView } from "../shared/listed.js";
import { annotation, citation, remark } from "../shared/remark.js";
import { appendixWord, commonName, reasonWords, restrictionTitle, scopeWords } from "../shared/taxa.js";
import { html, nothing } from "../shared/view.js";
import { quotasView } from "./quota-view.js";

/**
 * @typedef {import('./state.js').State} State @typedef {import('./main.js').Actions} Actions
 * @typedef {import('../shared/taxa.js').Taxon} Taxon @typedef {import('../shared/taxa.js').Restriction} Restriction
 */

/** @param {State} state @param {Actions} actions */
export const speciesView = ({ species, subject }, actions) => html`
  ${species.shown ? taxonView(species.shown, species.issued, species.quotas && ofTaxon(species.shown, species.quotas)) : searchView(species, actions)}
  <div class="choices">
    ${species.shown ? html`<button type="button" class="main" id="species-which" @click=${() => void actions.which({ taxon: species.shown?.scientific_name })}>${icon("file")}<span>${t("Which document should I see?")}</span></button>` : nothing}
    ${species.shown ? html`<button type="button" id="species-back" @click=${actions.speciesBack}>${icon("again")}<span>${t("Another species")}</span></button>` : nothing}
    ${subject ? html`<button type="button" @click=${() => actions.go("verdict")}>${icon("again")}<span>${t("Back to the verdict")}</span></button>` : nothing}
    <button type="button" @click=${() => actions.go("find")}>${icon("close")}<span>${t("Back to scanning")}</span></button>
  </div>
`;

/** @param {State['species']} species @param {Actions} actions */
const searchView = ({ text, found, dates, service }, actions) => html`
  <h1 tabindex="-1">${t("Species list")}</h1>
  <div>
    <label for="species">${t("Name of the animal or plant")}</label>
    <input
      type="search"
      id="species"
      autocomplete="off"
      autocapitalize="none"
      spellcheck="false"
      maxlength="100"
      aria-describedby="species-hint"
      .value=${text}
      @input=${(/** @type {Event} */ event) => void actions.speciesType(/** @type {HTMLInputElement} */ (event.target).value)}
    />
    <p class="hint" id="species-hint">${t("Latin, English, French, Russian or Kyrgyz, in either script. Typing errors are allowed.")}</p>
    <p><small>${dates ? html`${t("This device has the species that live here, look like them or are traded most. For other names it asks the service.")} ${listDays(dates)}` : t("The list is not on this device yet: the service is asked, where there is a network.")}</small></p>
  </div>
  <ul class="plainlist found-species" role="list">
    ${found.map(
      (taxon) => html`<li>
        <button type="button" class="taxon-row" data-species=${taxon.id} @click=${() => actions.speciesLook(taxon)}>
          <span><i class="taxon" lang="la" translate="no">${taxon.scientific_name}</i>${otherName(taxon)}</span><b>${appendixWord(taxon)}</b>
        </button>
      </li>`,
    )}
  </ul>
  <p role="status">${text.trim().length > 1 && !found.length ? missing(service) : ""}</p>
  <p><small>${dataOrigin()}</small></p>
`;

/** What it means that no name was found. @param {State['species']['service']} service */
const missing = (service) =>
  ({
    not_asked: "",
    answered: t("Neither this device nor the service has this name. It may not be listed, or be spelled otherwise: telephone before you let it pass."),
    silent: t("This device does not have this name, and the service cannot be asked now. Telephone before you let it pass."),
  })[service];

/** By which name it was found, where it is not the one that stands there already. @param {Taxon} taxon */
const otherName = (taxon) => {
  const shown = [taxon.found_by, commonName(taxon)].filter((name) => name && name !== taxon.scientific_name);
  return html`<small>${[...new Set(shown)].join(" · ")}</small>`;
};

/** @param {Taxon} taxon @param {State['species']['issued']} issued @param {State['species']['quotas']} bounds  its own */
const taxonView = (taxon, issued, bounds) => html`
  <h1 tabindex="-1"><i class="taxon" lang="la" translate="no">${taxon.scientific_name}</i></h1>
  <p>${commonName(taxon)}${taxon.rank === "genus" ? html` · ${t("any species of the genus")}` : nothing}</p>
  <p class="big"><b>${appendixWord(taxon)}</b>${listedBy(taxon) ? html` · ${t("listed by {country}", { country: listedBy(taxon) })}` : nothing}</p>
  ${issued ? html`<p class="note">${t("On {day}, the day of issue of the permit: {appendix}.", { day: day(issued.day), appendix: appendixWord(issued.taxon) })}</p>` : nothing}
  ${notesView(taxon)}
  ${taxon.found_by !== taxon.scientific_name && taxon.synonyms.includes(taxon.found_by) ? html`<p class="note">${t("{synonym} is an older name: a permit prints {accepted}.", { synonym: taxon.found_by, accepted: taxon.scientific_name })}</p>` : nothing}
  ${taxon.may_be.length ? html`<p class="note">${t("Some populations or subspecies stand elsewhere: {appendices}.", { appendices: taxon.may_be.map((each) => (each === "0" ? t("not listed") : each)).join(", ") })}</p>` : nothing}
  <section class="sheet rows" aria-labelledby="stops">
    <h2 id="stops">${t("Suspensions and zero quotas")}</h2>
    ${taxon.restrictions.length ? taxon.restrictions.map(restriction) : html`<p>${bounds?.some(({ quantity }) => quantity === "0") ? t("A zero quota is on record: see below.") : t("No suspension and no zero quota is on record.")}</p>`}
  </section>
  ${quotasView(bounds)}
  <section class="sheet rows" aria-labelledby="names">
    <h2 id="names">${t("Names")}</h2>
    <dl class="facts">
      ${Object.entries(LANGUAGE_NAMES).map(([code, name]) => (taxon.names[code] ? html`<div><dt>${name}</dt><dd lang=${code}>${taxon.names[code]}</dd></div>` : nothing))}
      ${taxon.synonyms.length ? html`<div><dt>${t("Older names")}</dt><dd lang="la" translate="no">${taxon.synonyms.join(", ")}</dd></div>` : nothing}
      ${taxon.range_states?.length ? html`<div><dt>${t("Range States")}</dt><dd>${taxon.range_states.map(country).join(", ")}<br /><small>${citation(taxon.range_source ?? "")}</small></dd></div>` : nothing}
      <div><dt>${t("Family")}</dt><dd lang="la" translate="no">${[taxon.class, taxon.order, taxon.family].filter(Boolean).join(" › ")}</dd></div>
    </dl>
  </section>
  ${
    taxon.annotation || taxon.decided || taxon.history.length
      ? html`<section class="sheet rows" aria-labelledby="notes">
          <h2 id="notes">${t("Notes of the list")}</h2>
          ${taxon.annotation ? html`<p>${annotation(taxon)}</p>` : nothing} ${taxon.decided ? html`<p>${remark(taxon.decided)}</p>` : nothing}
          ${taxon.history.length ? html`<ul>${taxon.history.map((each) => html`<li>${day(each.day)} ${remark(each.what)} <small>${citation(each.source)}</small></li>`)}</ul>` : nothing}
        </section>`
      : nothing
  }
  <p><small>${entryDays(taxon)}. ${citation(taxon.source)} · <span class="mono">${taxon.list_version}</span></small></p>
`;

/** @param {Restriction} each */
const restriction = (each) => html`<div class="note">
  <p><b>${restrictionTitle(each)}</b></p>
  <p>${reasonWords(each)}</p>
  <p><small>${scopeWords(each)}</small></p>
</div>`;

/** @type {Record<string, string>} each in itself */
const LANGUAGE_NAMES = { ky: "Кыргызча", ru: "Русский", en: "English", fr: "Français" };
