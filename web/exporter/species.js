// <tamga-species>: a field that finds animals and plants by scientific or common name while one types. What is typed counts even
// if nothing is chosen: the list is a help, and the service has the last word.

import { t } from "../shared/i18n.js";
import { entryDays, entryNotes } from "../shared/listed.js";
import { TaxonSearch, appendixWord, commonName } from "../shared/taxa.js";
import { Living, html, nothing } from "../shared/view.js";

/** @typedef {import('../shared/taxa.js').Taxon} Taxon */

class Species extends Living {
  field = { id: "", path: "", described: "", invalid: "false", most: /** @type {number | undefined} */ (200) };
  #value = "";
  /** @type {Taxon[]} */
  #found = [];
  #at = -1;
  #open = false;
  #search = new TaxonSearch();
  #none = false;

  get value() {
    return this.#value;
  }

  set value(text) {
    if (text === this.#value) return;
    this.#value = text;
    this.changed();
  }

  /** @param {string} text */
  async #type(text) {
    this.#value = text;
    this.#none = false;
    const found = await this.#search.find(text);
    if (!found) return;
    this.#found = found;
    this.#none = text.trim().length > 1 && found.length === 0;
    this.#open = found.length > 0;
    this.#at = -1;
    this.changed();
  }

  /** @param {Taxon} taxon */
  #choose(taxon) {
    this.#search.stop();
    this.#value = taxon.rank === "genus" ? `${taxon.scientific_name} ` : taxon.scientific_name;
    this.#open = false;
    this.#none = false;
    this.changed();
    this.querySelector("input")?.focus();
    queueMicrotask(() => this.dispatchEvent(new Event("change", { bubbles: true }))); // drawn by then: the form says it
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.#found.length) {
      this.#open = true;
      this.#at = (this.#at + step + this.#found.length) % this.#found.length;
    } else if (this.#open && event.key === "Enter" && this.#at >= 0) {
      this.#choose(this.#found[this.#at]);
    } else if (this.#open && event.key === "Escape") {
      this.#open = false;
    } else return;
    event.preventDefault();
    this.changed();
  }

  view() {
    const { id, path, described, invalid, most } = this.field;
    return html`<input
        type="text"
        role="combobox"
        id=${id}
        name=${path}
        maxlength=${most ?? nothing}
        autocomplete="off"
        autocapitalize="none"
        spellcheck="false"
        aria-autocomplete="list"
        aria-expanded=${this.#open ? "true" : "false"}
        aria-controls="${id}-list"
        aria-activedescendant=${this.#open && this.#at >= 0 ? `${id}-${this.#at}` : nothing}
        aria-invalid=${invalid}
        aria-describedby=${described}
        .value=${this.#value}
        @input=${(/** @type {InputEvent} */ event) => void this.#type(/** @type {HTMLInputElement} */ (event.target).value)}
        @keydown=${(/** @type {KeyboardEvent} */ event) => this.#key(event)}
        @blur=${() => setTimeout(() => this.#shut(), 150)}
      />
      <ul class="found" role="listbox" id="${id}-list" aria-label=${t("Found in the list")} ?hidden=${!this.#open}>
        ${this.#found.map(
          (taxon, index) => html`<li
            role="option"
            id="${id}-${index}"
            aria-selected=${index === this.#at ? "true" : "false"}
            @pointerdown=${(/** @type {Event} */ event) => event.preventDefault()}
            @click=${() => this.#choose(taxon)}
          >
            <span class="taxon" translate="no">${taxon.scientific_name}</span>${taxon.rank === "genus" ? html` <small>${t("any species of the genus")}</small>` : nothing}
            <small>${[...new Set([taxon.found_by, commonName(taxon), appendixWord(taxon)])].filter((each) => each && each !== taxon.scientific_name).join(" · ")}</small>
          </li>`,
        )}
      </ul>
      <p class="hint" role="status">${this.#none ? t("Our list does not have this name. Is it spelled as in the list?") : this.#listed()}</p>`;
  }

  /** What the list says of the name that is written. */
  #listed() {
    const typed = this.#value.trim().toLowerCase();
    const exact = this.#found.find(({ scientific_name: name }) => name.toLowerCase() === typed);
    return exact ? html`<b>${appendixWord(exact)}</b> ${entryNotes(exact).map((words) => html`${words} `)}<small>${entryDays(exact)}</small>` : nothing;
  }

  #shut() {
    if (!this.#open) return;
    this.#open = false;
    this.changed();
  }
}

customElements.define("tamga-species", Species);
