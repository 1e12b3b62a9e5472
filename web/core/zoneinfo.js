/**
 * Offsets of time zones from UTC, as Python's `zoneinfo` gives them, from tables of our own (local/web_zones.py).
 *
 * A browser's Intl has the tables of its build date. The day on which a permit ends must not depend on that.
 *
 * Seconds east of UTC in standard time and in summer time. `starts` and `ends`: the change to summer time and back.
 * @typedef {{readonly standard: number, readonly summer: number, readonly starts: Moment, readonly ends: Moment}} Rule
 *
 * The `week`-th `weekday` (0: Sunday; week 5: the last) of a month, `seconds` after its midnight; POSIX `Mm.w.d/time`.
 * @typedef {{readonly month: number, readonly week: number, readonly weekday: number, readonly seconds: number}} Moment
 */

import { ZONES } from "./generated/tzdata.js";

const DAY = 86_400;
const RULE = /^(?:<[^>]+>|[A-Za-z]+)([^A-Za-z<,]+)(?:(?:<[^>]+>|[A-Za-z]+)([^,]*),(.+),(.+))?$/;

/** A time zone: its rule, and its changes before that. */
export class Zone {
  /** @param {string} text a rule of generated/tzdata.js */
  constructor(text) {
    const [changes, rule] = text.includes(";") ? text.split(";") : ["", text];
    const [first, ...later] = changes.split(",");
    this.first = Number(first);
    this.changes = later.map((change) => change.split(":").map(Number));
    this.rule = readRule(rule);
  }

  /**
   * Seconds east of UTC.
   *
   * @param {number} at seconds since 1970
   * @returns {number}
   */
  offset(at) {
    const last = this.changes.at(-1);
    if (last === undefined || at >= last[0]) return byRule(this.rule, at);
    return this.changes.filter(([since]) => since <= at).at(-1)?.[1] ?? this.first;
  }

  /**
   * The first moment at which this zone's clocks show `wall`. For an hour that they skip, the offset before the change
   * applies.
   *
   * @param {number} wall seconds since 1970, as if the zone were UTC
   * @returns {number}
   */
  moment(wall) {
    const [before, after] = [this.offset(wall - DAY), this.offset(wall + DAY)];
    const found = [before, after].find((offset) => this.offset(wall - offset) === offset);
    return wall - (found ?? before);
  }
}

/** @type {Map<string, string>} */
const RULES = new Map();
let spoken = "";
for (const line of ZONES.trim().split("\n")) {
  const [rule, ...names] = line.split(" ");
  spoken = rule || spoken;
  for (const name of names) RULES.set(name, spoken);
}

/** @type {Map<string, Zone>} */
const known = new Map();

/**
 * The zone of this IANA name, or null if there is none.
 *
 * @param {string} name
 * @returns {Zone | null}
 */
export function zoneInfo(name) {
  const rule = RULES.get(name);
  if (rule === undefined) return null;
  const zone = known.get(rule) ?? new Zone(rule);
  known.set(rule, zone);
  return zone;
}

/**
 * @param {string} text `EET-2EEST,M3.5.0/3,M10.5.0/4`: POSIX counts west of Greenwich; summer time is 1 h by default
 * @returns {Rule}
 */
function readRule(text) {
  const [, standard, summer, starts, ends] = RULE.exec(text) ?? [];
  const east = -seconds(standard);
  const never = readMoment("M1.1.0");
  if (starts === undefined) return { standard: east, summer: east, starts: never, ends: never };
  const ahead = summer ? -seconds(summer) : east + 3600;
  return { standard: east, summer: ahead, starts: readMoment(starts), ends: readMoment(ends) };
}

/** @param {string} text @returns {Moment} */
function readMoment(text) {
  const [day, time = "2"] = text.split("/");
  const [month, week, weekday] = day.slice(1).split(".").map(Number);
  return { month, week, weekday, seconds: seconds(time) };
}

/** @param {string} text `[+-]h[:mm]` @returns {number} */
function seconds(text) {
  const [hours, minutes = "0"] = text.replace(/^[+-]/, "").split(":");
  return (text.startsWith("-") ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60);
}

/** @param {Rule} rule @param {number} at @returns {number} */
function byRule({ standard, summer, starts, ends }, at) {
  if (standard === summer) return standard;
  const year = new Date((at + standard) * 1000).getUTCFullYear();
  const [from, to] = [inYear(starts, year) - standard, inYear(ends, year) - summer];
  const isSummer = from < to ? from <= at && at < to : at < to || from <= at;
  return isSummer ? summer : standard;
}

/**
 * The moment in this year on the zone's own clocks, in seconds since 1970 as if the zone were UTC.
 *
 * @param {Moment} moment
 * @param {number} year
 * @returns {number}
 */
function inYear({ month, week, weekday, seconds: later }, year) {
  const first = new Date(Date.UTC(year, month - 1, 1)).getUTCDay();
  const length = new Date(Date.UTC(year, month, 0)).getUTCDate();
  let day = 1 + ((weekday - first + 7) % 7) + 7 * (week - 1);
  if (day > length) day -= 7;
  return Date.UTC(year, month - 1, day) / 1000 + later;
}
