// What can be done with the species list: open it, type, look at one. The list is this device's; for the rest the service is
// asked.

import { findWith } from "../shared/species-field.js";
import { TaxonSearch } from "../shared/taxa.js";
import { finder, joined, surely } from "./find-taxa.js";
import { part } from "./parts.js";

/** @typedef {import('./main.js').Desk} Desk @typedef {import('../shared/taxa.js').Taxon} Taxon */

const FEW = 12;

/** @param {Desk} desk */
export function speciesActions({ state, draw, show }) {
  /** @type {ReturnType<typeof finder<Taxon>>} */
  let search = () => [];
  let version = "";
  /** @type {Map<string, Taxon>} */
  let entries = new Map();
  const service = new TaxonSearch();

  /** This device's list and its names, read again where a newer one has come. */
  async function held() {
    const list = await part("species");
    if (list && list.body.version !== version) {
      version = list.body.version;
      search = finder(list.body.taxa);
      entries = new Map(list.body.taxa.map((/** @type {Taxon} */ each) => [each.scientific_name, each]));
    }
    return list;
  }

  /** By what is on this device. @param {string} text @returns {Taxon[]} */
  const here = (text) => search(text, FEW).map(({ taxon, name }) => ({ ...taxon, found_by: name }));

  /** What the service found, together with what this device found. @param {Taxon[]} found @param {Taxon[]} there */
  const together = (found, there) => {
    const names = new Map(there.map((each) => [each.scientific_name, each.found_by]));
    return joined(found, there, (name) => {
      const entry = entries.get(name);
      return entry && { ...entry, found_by: names.get(name) ?? name };
    }).slice(0, FEW);
  };

  findWith(() => {
    const asked = new TaxonSearch();
    return {
      /** In a form: this device's list, and the service where it has no name that begins so. @param {string} text */
      async find(text) {
        await held();
        const found = text.trim().length > 1 ? here(text) : [];
        const enough = surely(text, found);
        const elsewhere = asked.find(enough ? "" : text); // asked in any case, so that an older question is dropped
        if (enough) return found;
        const there = await elsewhere;
        return there ? together(found, there) : found.length ? found : null;
      },
    };
  });

  return {
    /** The list, by a name where one is asked for. @param {string} [text] */
    async species(text = "") {
      const [list, figures] = await Promise.all([held(), part("quotas")]);
      const dates = list ? { as_of: list.body.as_of, in_force: list.body.in_force, checked: list.body.checked } : null;
      state.species = { dates, text, found: here(text), shown: null, service: "not_asked", quotas: figures?.body.items ?? null };
      await show("species");
      if (text) void this.speciesType(text);
    },

    /** @param {string} text */
    async speciesType(text) {
      const found = here(text);
      Object.assign(state.species, { text, found, service: "not_asked" });
      draw();
      if (text.trim().length < 2) return service.stop();
      const there = await service.find(text);
      if (state.species.text !== text) return;
      Object.assign(state.species, there ? { found: together(found, there), service: "answered" } : { service: "silent" });
      draw();
    },

    /** @param {Taxon} taxon */
    speciesLook(taxon) {
      state.species.shown = taxon;
      void show("species");
    },

    speciesBack() {
      state.species.shown = null;
      void show("species");
    },
  };
}
