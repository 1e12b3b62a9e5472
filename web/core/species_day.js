/**
 * An entry of the species list as it applied or will apply on a day, without the service. A permit is judged by the list
 * of its day of issue. chalicelib/species/schemas.py makes the states that are read here, of entries and of names.
 *
 * `from`: the first day of the state, "" for the first state. The other members replace those of the entry. The states of
 * a name (`covers`) have some of them only.
 * @typedef {{from: string, appendix: string, may_be: string[], listed_by: string | null, listed_by_all: string[],
 *   population: import('./requirements.js').Population | null, symbol: string, in_force: string, open: string[]}} State
 */

/**
 * The entry on a day, with the rules of its name (`covers`). An entry without states never changed since `knownFrom`, and is
 * open before that day. A coming change has come on its day.
 * @template {{states?: readonly object[], open?: readonly string[], unlisted?: {reason: string} | null, coming?: {day: string} | null, covers?: object}} T
 * @param {T} entry @param {string} day @param {string} [knownFrom]  days as YYYY-MM-DD
 * @returns {T}
 */
export function onDay(entry, day, knownFrom = "") {
  const { covers, coming } = entry;
  return {
    ...stateOn(entry, day, knownFrom),
    ...(covers && { covers: stateOn(covers, day, knownFrom) }),
    ...(coming && coming.day <= day && { coming: null }),
  };
}

/** @template {{states?: readonly any[], open?: readonly string[], unlisted?: {reason: string} | null}} T @param {T} rules @param {string} day @param {string} knownFrom @returns {T} */
function stateOn(rules, day, knownFrom) {
  const { states, open = [], unlisted } = rules;
  const state = states?.filter(({ from }) => from <= day).at(-1);
  const never = unlisted && unlisted.reason !== "withdrawn"; // a kind that was never listed is known on every day
  if (!state) return day < knownFrom && !never ? { ...rules, open: [...open, "past_unknown"] } : rules;
  const { from: _, ...values } = state;
  return { ...rules, ...values };
}
