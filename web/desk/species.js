// <desk-species>: the field of block 7, with what the list knows of the name while one types: accepted name and Appendix.

import { day, t } from "../shared/i18n.js";
import { TaxonSearch, appendixWord, commonName } from "../shared/taxa.js";
import { Living, html, nothing } from "../shared/view.js";

class DeskSpecies extends Living {
  field = { id: "", described: "", invalid: "false" };
  #value = "";
  /** @type {import('../shared/taxa.js').Taxon[]} */
  #found = [];
  #search = new TaxonSearch();
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
    const { id, described, invalid } = this.field;
    const typed = this.#value.trim();
    const exact = this.#found.find((each) => each.scientific_name === typed) ?? this.#found.find((each) => each.synonyms.includes(typed));
    const meant = exact || this.#asked !== this.#value ? [] : this.#found.slice(0, 3);
    return html`<input
        type="text"
        id=${id}
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
        ${exact ? html`<b>${appendixWord(exact)}</b> ${commonName(exact)} <span lang="en">${exact.annotation}</span> <small>${t("Entry as of {day}.", { day: day(exact.as_of) })}</small>` : nothing}
        ${exact && exact.scientific_name !== typed ? html`<br />${t("Printed under its accepted name, {name}.", { name: exact.scientific_name })}` : nothing}
        ${this.#asked === this.#value && typed.length > 1 && !this.#found.length ? t("The list does not have this name.") : nothing}
      </p>
      ${meant.length ? html`<p class="meant">${t("Is it one of these?")} ${meant.map((each) => html`<button type="button" class="small" @click=${() => this.#say(each.scientific_name)}><i class="taxon" translate="no">${each.scientific_name}</i> ${each.found_by === each.scientific_name ? nothing : html`(${each.found_by})`}</button> `)}</p>` : nothing}`;
  }
}

customElements.define("desk-species", DeskSpecies);
