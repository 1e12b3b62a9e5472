// The species list that this device holds, as of a day: the bundle's part has each entry with its states.

import { onDay } from "../core/species_day.js";
import { calendarDay } from "../core/stage.js";
import { part } from "./parts.js";

/**
 * @typedef {import('../shared/taxa.js').Taxon & import('../core/requirements.js').Entry & {restrictions: import('../shared/taxa.js').Restriction[],
 *   may_be: string[], listed_by: string | null, symbol?: string, excepts?: string[], open?: string[],
 *   states?: import('../core/species_day.js').State[]}} Entry
 * @typedef {import('../shared/listed.js').Dated & {version: string, known_from?: string, taxa: Entry[]}} HeldList
 */

/** The list as it is held; null: none yet. @returns {Promise<HeldList | null>} */
export const heldList = async () => (await part("species"))?.body ?? null;

/** Its entries on a day. @param {HeldList} list @param {string} day @returns {Entry[]} */
export const entriesOn = (list, day) => list.taxa.map((each) => onDay(each, day, list.known_from));

/** Today at the post. @param {import('../shared/frame.js').Stage} stage */
export const today = ({ zone }) => calendarDay(Math.floor(Date.now() / 1000), zone);
