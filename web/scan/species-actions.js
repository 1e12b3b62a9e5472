// What can be done with the species list: open it, type, look at one. The list is this device's; for the rest the service is
// asked.

import { onDay } from "../core/species_day.js";
import { calendarDay } from "../core/stage.js";
import { findWith } from "../shared/species-field.js";
import { TaxonSearch } from "../shared/taxa.js";
import { finder, joined, surely } from "./find-taxa.js";
import { part } from "./parts.js";
import { entriesOn, heldList, today } from "./species-list.js";
import { currentVerdict } from "./state.js";

/** @typedef {import('./main.js').Desk} Desk @typedef {import('../shared/taxa.js').Taxon} Taxon @typedef {import('./species-list.js').HeldList} HeldList */

const FEW = 12;

/** @param {Desk} desk */
export function speciesActions({ state, draw, show }) {
  /** @type {ReturnType<typeof finder<Taxon>>} */
  let search = () => [];
  /** @type {HeldList | null} */
  let list = null;
  let known = ""; // version and day of the names
  /** @type {Map<string, Taxon>} */
  let entries = new Map();
  const service = new TaxonSearch();

  /** This device's list and its names, read again where a newer one has come, or another day. */
  async function held() {
    list = await heldList();
    const now = today(state.stage);
    if (list && `${list.version} ${now}` !== known) {
      known = `${list.version} ${now}`;
      const taxa = entriesOn(list, now);
      search = finder(taxa);
      entries = new Map(taxa.map((each) => [each.scientific_name, each]));
    }
    return list;
  }

  /** The entry on the day of issue of the permit in hand, where that has another Appendix. @param {Taxon} taxon @returns {{day: string, taxon: Taxon} | null} */
  function issued({ scientific_name: name, appendix }) {
    const permit = state.subject && currentVerdict(state.subject)?.permit;
    const entry = list?.taxa.find((each) => each.scientific_name === name);
    if (!permit || !entry) return null;
    const day = calendarDay(Math.floor(Date.parse(permit.issued_at) / 1000), state.stage.zone);
    const then = onDay(entry, day, list?.known_from);
    return then.appendix === appendix ? null : { day, taxon: then };
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
      const [found, figures] = await Promise.all([held(), part("quotas")]);
      state.species = { dates: found, text, found: here(text), shown: null, issued: null, service: "not_asked", quotas: figures?.body.items ?? null };
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
      Object.assign(state.species, { shown: taxon, issued: issued(taxon) });
      void show("species");
    },

    speciesBack() {
      Object.assign(state.species, { shown: null, issued: null });
      void show("species");
    },
  };
}
