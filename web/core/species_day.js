/**
 * An entry of the species list as it applied or will apply on a day, without the service. A permit is judged by the list
 * of its day of issue. chalicelib/species/model/listing.py (`Listing.states_of`) makes the states that are read here.
 *
 * `from`: the first day of the state, "" for the first state. The other members replace those of the entry.
 * @typedef {{from: string, appendix: string, may_be: string[], listed_by: string | null, listed_by_all: string[],
 *   population: import('./requirements.js').Population | null, symbol: string, in_force: string, open: string[]}} State
 */

/**
 * The entry on a day. An entry without states never changed since `knownFrom`, and is open before that day.
 * @template {{states?: readonly State[], open?: readonly string[]}} T
 * @param {T} entry @param {string} day @param {string} [knownFrom]  days as YYYY-MM-DD
 * @returns {T}
 */
export function onDay(entry, day, knownFrom = "") {
  const state = entry.states?.filter(({ from }) => from <= day).at(-1);
  if (!state) return day < knownFrom ? { ...entry, open: [...(entry.open ?? []), "past_unknown"] } : entry;
  const { from: _, ...values } = state;
  return { ...entry, ...values };
}
