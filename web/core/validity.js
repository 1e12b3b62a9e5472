/** Validity of documents: the last day allowed, the second at which validity ends, and calendar days. */

import { VALIDITY } from "./generated/codes.js"; // kind -> maximum validity in calendar months from the day of issue
import { zoneInfo } from "./zoneinfo.js";

const DAY = 86_400;

/**
 * Return a day `YYYY-MM-DD` unchanged; null if it is absent, in another form, or no day of the years 0001-9999.
 *
 * @param {string | null} text
 * @returns {string | null}
 */
export function day(text) {
  if (text === null || !/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text)) return null;
  const [year, month, number] = text.split("-").map(Number);
  return year >= 1 && month >= 1 && month <= 12 && number >= 1 && number <= daysOf(year, month) ? text : null;
}

/**
 * The last day on which a document of this kind, issued `today`, may be valid: the same day of a later month.
 *
 * If that month does not have the day, it is the month's last one (31 August + 6 months = 28 or 29 February).
 *
 * @param {string} kind
 * @param {string} today `YYYY-MM-DD`
 * @returns {string}
 */
export function latest(kind, today) {
  const months = VALIDITY.get(kind);
  if (months === undefined) throw new RangeError("no kind of document");
  const [year, month, number] = today.split("-").map(Number);
  const later = month - 1 + months;
  const then = { year: year + Math.floor(later / 12), month: (later % 12) + 1 };
  const last = Math.min(number, daysOf(then.year, then.month));
  return [String(then.year).padStart(4, "0"), two(then.month), two(last)].join("-");
}

/**
 * The second at which validity ends: 00:00:00 of the day after the last valid day in the Party's zone, in seconds since
 * 1970 UTC (FORMAT.md 1, `exp`).
 *
 * @param {string} validUntil `YYYY-MM-DD`
 * @param {string} zone an IANA name; throws a RangeError where it is not known
 * @returns {number}
 */
export function expiresAt(validUntil, zone) {
  const info = zoneInfo(zone);
  if (day(validUntil) === null || info === null) throw new RangeError("no such day or zone");
  return info.moment(Date.parse(`${validUntil}T00:00:00Z`) / 1000 + DAY);
}

/** @param {number} year @param {number} month 1..12 @returns {number} */
function daysOf(year, month) {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** @param {number} number @returns {string} */
function two(number) {
  return String(number).padStart(2, "0");
}
