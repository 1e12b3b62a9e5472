/** Calendar days in a Party's time zone. */

import { Zone, zoneInfo } from "./zoneinfo.js";

export const CALENDAR_ENDS = 253_402_214_400; // 9999-12-31; another Party's token may have a later second
const UTC = new Zone("UTC0");

/**
 * The day of a time in an IANA zone, `YYYY-MM-DD`. If the zone (another Party's) is unknown here, UTC is used.
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
 * The zone of this name, or UTC if it is unknown here.
 *
 * @param {string} name
 * @returns {Zone}
 */
export function zoneNamed(name) {
  return zoneInfo(name) ?? UTC;
}
