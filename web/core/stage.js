/** Which calendar day it is in a Party's zone. */

import { Zone, zoneInfo } from "./zoneinfo.js";

export const CALENDAR_ENDS = 253_402_214_400; // 9999-12-31; a foreign token may name a later second
const UTC = new Zone("UTC0");

/**
 * The day of a time in an IANA zone, `YYYY-MM-DD`; in UTC where another Party's zone is not known here.
 *
 * @param {number} at seconds since 1970
 * @param {string} zone
 * @returns {string}
 */
export function calendarDay(at, zone) {
  const second = Math.min(at, CALENDAR_ENDS);
  return new Date((second + zoneNamed(zone).offset(second)) * 1000).toISOString().slice(0, 10);
}

/**
 * The zone, or UTC if it is not known here.
 *
 * @param {string} name
 * @returns {Zone}
 */
export function zoneNamed(name) {
  return zoneInfo(name) ?? UTC;
}
