/**
 * Countries that a taxon lives in, as chalicelib/species/model/native_range.py has them.
 *
 * @typedef {{origins: readonly string[], open: readonly string[]}} Split
 */

/** True if the range of the taxon, or its split by country of origin, names this country. @param {string} country @param {{population?: Split | null, range_states?: readonly string[]}} taxon */
export const livesIn = (country, { population, range_states: range = [] }) =>
  [...(population?.origins ?? []), ...(population?.open ?? []), ...range].includes(country);
