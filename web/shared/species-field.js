// <species-field>: a species, with what the list knows of the name while one types: accepted name and Appendix. Whatever is
// written counts: a name that the list lacks may stand.

import { t } from "./i18n.js";
import { entryDays, entryNotes } from "./listed.js";
import { annotation } from "./remark.js";
import { TaxonSearch, appendixWord, commonName } from "./taxa.js";
import { Living, html, nothing } from "./view.js";

/** @typedef {{find(text: string): Promise<import('./taxa.js').Taxon[] | null>}} Finder */

/** @type {() => Finder} */
let finder = () => new TaxonSearch();

/** Another list than the service's: an officer's device has one of its own. @param {() => Finder} made one for each field */
export const findWith = (made) => (finder = made);

class SpeciesField extends Living {
  field = { id: "", described: "", invalid: "false", most: 200 };
  #value = "";
  /** @type {import('./taxa.js').Taxon[]} */
  #found = [];
  #search = finder();
  #asked = ""; // what the list has answered about

  get value() {
    return this.#value;
  }

  set value(text) {
    if (text !== this.#value) void this.#look(text);
    this.#value = text;
    this.changed();
  }

  /** @param {string} text */
  async #look(text) {
    const found = await this.#search.find(text);
    if (!found) return;
    this.#found = found;
    this.#asked = text;
    this.changed();
  }

  /** @param {string} name */
  #say(name) {
    this.value = name;
    this.dispatchEvent(new Event("change", { bubbles: true }));
  }

  view() {
    const { id, described, invalid, most } = this.field;
    const typed = this.#value.trim();
    const same = (/** @type {string} */ name) => name.toLowerCase() === typed.toLowerCase();
    const exact = this.#found.find((each) => same(each.scientific_name)) ?? this.#found.find((each) => each.synonyms.some(same));
    const meant = exact || this.#asked !== this.#value ? [] : this.#found.slice(0, 3);
    return html`<input
        type="text"
        id=${id}
        maxlength=${most}
        autocomplete="off"
        autocapitalize="none"
        spellcheck="false"
        list="${id}-list"
        aria-invalid=${invalid}
        aria-describedby=${described}
        .value=${this.#value}
        @input=${(/** @type {Event} */ event) => {
          event.stopPropagation();
          this.#say(/** @type {HTMLInputElement} */ (event.target).value);
        }}
        @change=${(/** @type {Event} */ event) => event.stopPropagation()}
      />
      <datalist id="${id}-list">
        ${this.#found.map((each) => html`<option value=${each.scientific_name}>${[commonName(each), each.appendix].filter(Boolean).join(" · ")}</option>`)}
      </datalist>
      <p class="hint" role="status">
        ${exact ? html`<b>${appendixWord(exact)}</b> ${commonName(exact)} ${exact.annotation ? html`${annotation(exact)}` : nothing} ${entryNotes(exact).map((words) => html`${words} `)}<small>${entryDays(exact)}</small>` : nothing}
        ${exact && !same(exact.scientific_name) ? html`<br />${t("Accepted name: {name}", { name: exact.scientific_name })}` : nothing}
        ${this.#asked === this.#value && typed.length > 1 && !this.#found.length ? t("The list does not have this name.") : nothing}
      </p>
      ${meant.length ? html`<p class="meant">${t("Is it one of these?")} ${meant.map((each) => html`<button type="button" class="small" @click=${() => this.#say(each.scientific_name)}><i class="taxon" translate="no">${each.scientific_name}</i> ${each.found_by === each.scientific_name ? nothing : html`(${each.found_by})`}</button> `)}</p>` : nothing}`;
  }
}

customElements.define("species-field", SpeciesField);
