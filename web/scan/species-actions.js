// What can be done with the species list: open it, type, look at one. The list is this device's; where it has none, or not
// the name, the service is asked.

import { findWith } from "../shared/species-field.js";
import { TaxonSearch } from "../shared/taxa.js";
import { finder } from "./find-taxa.js";
import { part } from "./parts.js";

/** @typedef {import('./main.js').Desk} Desk @typedef {import('../shared/taxa.js').Taxon} Taxon */

const FEW = 12;

/** @param {Desk} desk */
export function speciesActions({ state, draw, show }) {
  /** @type {ReturnType<typeof finder<Taxon>>} */
  let search = () => [];
  let version = "";
  const service = new TaxonSearch();

  /** This device's list and its names, read again where a newer one has come. */
  async function held() {
    const list = await part("species");
    if (list && list.body.version !== version) {
      version = list.body.version;
      search = finder(list.body.taxa);
    }
    return list;
  }

  /** By what is on this device. @param {string} text @returns {Taxon[]} */
  const here = (text) => search(text, FEW).map(({ taxon, name }) => ({ ...taxon, found_by: name }));

  findWith(() => {
    const asked = new TaxonSearch();
    return {
      /** In a form: this device's list, and the service where it lacks the name. @param {string} text */
      async find(text) {
        await held();
        const found = text.trim().length > 1 ? here(text) : [];
        const elsewhere = asked.find(found.length ? "" : text); // asked in any case, so that an older question is dropped
        return found.length ? found : elsewhere;
      },
    };
  });

  return {
    /** The list, by a name where one is asked for. @param {string} [text] */
    async species(text = "") {
      const [list, figures] = await Promise.all([held(), part("quotas")]);
      state.species = { asOf: list?.body.as_of ?? "", text, found: here(text), shown: null, asked: false, quotas: figures?.body.items ?? null };
      await show("species");
      if (text) void this.speciesType(text);
    },

    /** @param {string} text */
    async speciesType(text) {
      Object.assign(state.species, { text, found: here(text), asked: false });
      draw();
      if (state.species.found.length || text.trim().length < 2) return service.stop();
      const found = await service.find(text);
      if (state.species.text !== text) return;
      Object.assign(state.species, { found: found ?? [], asked: found !== null });
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
