/**
 * Rules for a permit that was used before, by direction and place: the tables of FORMAT.md 6, one function a row.
 *
 * A use has different consequences at different borders: after export a permit is in order on arrival, and a sign of
 * double use at a second exit. Each rule returns verdict codes with facts. No rule raises an alert. A scan is no use.
 *
 * @typedef {import("./single_use.js").Allowed} Allowed
 * @typedef {import("./single_use.js").Post} Post
 * @typedef {import("./single_use.js").Posts} Posts
 * @typedef {import("./single_use.js").Use} Use
 * @typedef {import("./single_use.js").UseKind | "none"} Direction
 *
 * Where and how the document is presented. `post` null: unknown (public check). `sameGoods`: the officer's answer.
 * @typedef {object} Place
 * @property {Direction} direction
 * @property {string | null} country
 * @property {string | null} post
 * @property {boolean | null} sameGoods
 */

import { CheckResult } from "./check_results.js";
import { kindOf } from "./codes.js";
import {
  DAY,
  HOUR,
  PARTS_WINDOW,
  amount,
  areLinked,
  byTime,
  consignmentParts,
  counts,
  distinctUses,
  exceeds,
  firstUse,
  linesAboveExport,
  openConsignment,
  unconfirmed,
} from "./single_use.js";
import { IMPORTED, USED, VALID } from "./status_list.js";
import { compareText } from "./text.js";

const SAME_POST_WINDOW = 72 * HOUR;
const LINKED_POST_WINDOW = 14 * DAY; // from inland clearance to the exit
const LONG_JOURNEY = 30 * DAY;
const WITHDRAWN_SHOWN = 180 * DAY;
const AIRCRAFT_KMH = 900;
const DISTANCE_SLACK_KM = 30;
const EARTH_KM = 6371;
const ANYWHERE_WITHIN = 23 * HOUR; // an aircraft can be anywhere after this time: half the globe at that speed

/** @type {Place} */
export const ANYWHERE = { direction: "none", country: null, post: null, sameGoods: null };

/**
 * Find the U codes of these uses at this place.
 *
 * 1 U7 withdrawn   2 U3 impossible journey   3 U4 two different uses   4 the table of the kind   5 U2 more arrived
 * 6 U9 not confirmed by a second officer
 *
 * @param {string} kind
 * @param {Place} place
 * @param {readonly Use[]} uses
 * @param {Allowed} allowed
 * @param {Posts} posts
 * @param {number} now
 * @param {{retrospective?: boolean}} [permit]
 * @returns {CheckResult[]}
 */
export function codesOfUses(kind, place, uses, allowed, posts, now, { retrospective = false } = {}) {
  if (uses.length === 0) return codesWithoutUses(kind, place, retrospective);
  const before = [...withdrawnResults(uses, now), ...impossibleJourneys(uses, posts)]; // 1, 2
  if (kindOf(kind).manyCrossings) return [...before, ...manyCrossings(uses, posts), ...broughtMore(uses, allowed)]; // 4, 5
  const clashes = [kind === "I" ? [] : distinctUses(uses, "export", posts), clashingImports(uses, posts)]; // 3
  const twice = clashes
    .filter((found) => found.length > 1)
    .map(([one, ...more]) => useResult("U4", "hold", one, ...more));
  const here = kind === "I" // 4
    ? importPermit(place, uses, posts, now)
    : consignment(place, uses, allowed, posts, now, retrospective);
  const waiting = unconfirmed(uses, u9Directions(kind, place, uses, retrospective), posts); // 6
  const asked = waiting.length > 0 ? [useResult("U9", "check", waiting[0], ...waiting.slice(1))] : [];
  return [...before, ...twice, ...here, ...moreArrivedResults(uses, allowed, posts), ...asked]; // 5, 6
}

/** @param {readonly Use[]} uses @param {number} now @returns {CheckResult[]} */
function withdrawnResults(uses, now) {
  return uses
    .filter((use) => use.withdrawnAt !== null && now - use.withdrawnAt <= WITHDRAWN_SHOWN)
    .map(({ withdrawnAt, post, eventId }) => {
      return new CheckResult("U7", "check", { facts: { at: withdrawnAt, post }, events: [eventId] });
    });
}

/** @param {readonly Use[]} uses @param {Allowed} allowed @param {Posts} posts @returns {CheckResult[]} */
function moreArrivedResults(uses, allowed, posts) {
  const letters = linesAboveExport(uses, allowed, posts);
  const events = uses.filter((use) => use.kind === "import").map((use) => use.eventId).sort(compareText);
  return letters.length > 0 ? [new CheckResult("U2", "check", { facts: { lines: letters }, events })] : [];
}

/**
 * Rules of the column "not endorsed": a shortcut for `consignment` without uses, the most common case.
 *
 * @param {string} kind
 * @param {Place} place
 * @param {boolean} retrospective
 * @returns {CheckResult[]}
 */
function codesWithoutUses(kind, place, retrospective) {
  if (kindOf(kind).manyCrossings || kind === "I") return [];
  if (place.direction === "return") return [new CheckResult("P4", "check")];
  const arriving = place.direction === "import" || place.direction === "transit";
  return arriving && !retrospective ? [new CheckResult("U6", "check")] : [];
}

/**
 * The same tables when only the value of a status list is known, without post and time.
 *
 * @param {string} kind
 * @param {Place} place
 * @param {number} value
 * @returns {CheckResult[]}
 */
export function codesOfStatus(kind, { direction }, value) {
  const [left, arrived] = [value === USED || value === IMPORTED, value === IMPORTED];
  const telephone = [new CheckResult("U5", "check", { facts: { telephone: true } })];
  if (kindOf(kind).manyCrossings) return [];
  if (kind === "I") return left ? telephone : [];
  if (direction === "return") return [new CheckResult("P4", "check")];
  if (direction === "export" && arrived) return [new CheckResult("U1", "hold")];
  if ((direction === "import" || direction === "transit") && value === VALID) return [new CheckResult("U6", "check")];
  return ((direction === "export" || direction === "none") && left) || arrived ? telephone : [];
}

/**
 * @param {Place} place
 * @param {readonly Use[]} uses
 * @param {Allowed} allowed
 * @param {Posts} posts
 * @param {number} now
 * @param {boolean} retrospective
 * @returns {CheckResult[]}
 */
function consignment(place, uses, allowed, posts, now, retrospective) {
  const [left, arrived] = [firstUse(uses, "export"), firstUse(uses, "import")];
  switch (place.direction) {
    case "return":
      return [new CheckResult("P4", "check")];
    case "export":
      if (arrived) return [useResult("U1", "hold", left ?? arrived)];
      return left ? [u5OrU1(left, sameGoods(place, left, posts, now))] : [];
    case "import":
      if (arrived) {
        const seen = consignmentParts(uses, posts).some((part) => near(place, part, posts, now));
        const known = seen || openConsignment(uses, allowed, posts, now) !== null;
        return [u5OrU1(arrived, known && place.sameGoods !== false)];
      }
      if (left) return now - left.at > LONG_JOURNEY ? [useResult("U5", "check", left)] : [];
      return retrospective ? [] : [new CheckResult("U6", "check")];
    case "transit":
      if (arrived) return [useResult("U5", "check", arrived)];
      return left || retrospective ? [] : [new CheckResult("U6", "check")];
    default:
      return arrived || left ? [useResult("U5", "check", arrived ?? /** @type {Use} */ (left))] : [];
  }
}

/**
 * Directions in which unconfirmed endorsements count here (U9). On arrival, an unconfirmed export counts only with U6.
 *
 * @param {string} kind
 * @param {Place} place
 * @param {readonly Use[]} uses
 * @param {boolean} retrospective
 * @returns {import("./single_use.js").UseKind[]}
 */
function u9Directions(kind, { direction }, uses, retrospective) {
  if (kind === "I") return ["import"];
  const left = firstUse(uses, "export", "import") !== null;
  const arriving = !retrospective && !left ? /** @type {const} */ (["export"]) : [];
  switch (direction) {
    case "export":
      return ["export"];
    case "import":
      return ["import", ...arriving];
    case "transit":
      return [...arriving];
    case "none":
      return ["export", "import"];
    default:
      return [];
  }
}

/** @param {Place} place @param {readonly Use[]} uses @param {Posts} posts @param {number} now @returns {CheckResult[]} */
function importPermit(place, uses, posts, now) {
  const arrived = firstUse(uses, "import");
  if (arrived === null) return [];
  if (place.direction !== "import") return [useResult("U5", "check", arrived)];
  const parts = consignmentParts(uses, posts);
  const seen = parts.some((part) => near(place, part, posts, now));
  const beside = parts.some((part) => part.foreignDocument && Math.abs(now - part.at) <= PARTS_WINDOW);
  return [u5OrU1(arrived, beside || ((place.post === null || seen) && place.sameGoods !== false))];
}

/**
 * U8: two exports without a return between. It asks for `check` only: the way back may lead through the EAEU.
 *
 * @param {readonly Use[]} uses
 * @param {Posts} posts
 * @returns {CheckResult[]}
 */
function manyCrossings(uses, posts) {
  const back = uses.filter((use) => counts(use) && (use.kind === "import" || use.kind === "return"));
  const crossings = [...distinctUses(uses, "export", posts), ...back].sort(byTime);
  const at = crossings.findIndex((use, n) => n > 0 && use.kind === "export" && crossings[n - 1].kind === "export");
  return at < 0 ? [] : [useResult("U8", "check", crossings[at], crossings[at - 1])];
}

/**
 * U2 for documents for many crossings. Each crossing is compared with the permit, not with the last export: that may
 * have been only a part of the goods.
 *
 * @param {readonly Use[]} uses
 * @param {Allowed} allowed
 * @returns {CheckResult[]}
 */
function broughtMore(uses, allowed) {
  /** @param {Use} use */
  const excess = ({ lines }) =>
    lines.filter(({ line, quantity }) => {
      const permitted = allowed.get(line);
      return permitted !== undefined && exceeds(amount(quantity), amount(permitted.quantity), line, allowed);
    });
  const back = uses.filter((use) => counts(use) && (use.kind === "import" || use.kind === "return"));
  const found = back.map((use) => ({ eventId: use.eventId, letters: excess(use).map(({ line }) => line) }));
  const lines = [...new Set(found.flatMap(({ letters }) => letters))].sort(compareText);
  const events = found.filter(({ letters }) => letters.length > 0).map(({ eventId }) => eventId);
  return lines.length > 0 ? [new CheckResult("U2", "check", { facts: { lines }, events: events.sort(compareText) })] : [];
}

/**
 * The export row: same post within 72 h, a linked post within 14 days, or no post given. False if the officer said that
 * these are other goods.
 *
 * The time difference is absolute, so that a wrong clock in the future gains nothing.
 *
 * @param {Place} place
 * @param {Use} use
 * @param {Posts} posts
 * @param {number} now
 * @returns {boolean}
 */
function sameGoods(place, use, posts, now) {
  if (place.sameGoods === false) return false;
  if (place.post === null) return true;
  const away = Math.abs(now - use.at);
  if (place.post === use.post) return away <= SAME_POST_WINDOW;
  return areLinked(posts, place.post, use.post) && away <= LINKED_POST_WINDOW;
}

/**
 * True if the export endorsement still covers the goods at this exit (for S1 at export).
 *
 * @param {Place} place
 * @param {readonly Use[]} uses
 * @param {Posts} posts
 * @param {number} now
 * @returns {boolean}
 */
export function mayBeSameGoods(place, uses, posts, now) {
  const left = firstUse(uses, "export");
  return left !== null && firstUse(uses, "import") === null && sameGoods(place, left, posts, now);
}

/** @param {Place} place @param {Use} use @param {Posts} posts @param {number} now @returns {boolean} */
function near(place, use, posts, now) {
  if (place.post === null) return false;
  const here = place.post === use.post || areLinked(posts, place.post, use.post);
  return here && Math.abs(now - use.at) <= SAME_POST_WINDOW;
}

/**
 * Imports that cannot be parts of one consignment: other transport documents, or more than 30 days apart.
 *
 * @param {readonly Use[]} uses
 * @param {Posts} posts
 * @returns {Use[]}
 */
function clashingImports(uses, posts) {
  const [arrived, one] = [distinctUses(uses, "import", posts), consignmentParts(uses, posts)];
  const others = arrived.filter((use) => !one.includes(use));
  return others.length > 0 ? [arrived[0], ...others] : [];
}

/** @param {readonly Use[]} uses @param {Posts} posts @returns {CheckResult[]} */
function impossibleJourneys(uses, posts) {
  const counted = uses.filter(counts).sort(byTime);
  return counted.flatMap((one, at) =>
    counted
      .slice(at + 1)
      .filter((other) => other.at - one.at <= ANYWHERE_WITHIN && tooFar(one, other, posts))
      .map((other) => useResult("U3", "hold", one, other)),
  );
}

/** @param {Use} one @param {Use} other @param {Posts} posts @returns {boolean} */
function tooFar(one, other, posts) {
  const distance = kilometres(posts.get(one.post), posts.get(other.post));
  return distance !== null && distance - DISTANCE_SLACK_KM > (AIRCRAFT_KMH * (other.at - one.at)) / HOUR;
}

/**
 * Great-circle distance in km; null where a post has no coordinates.
 *
 * @param {Post} [one]
 * @param {Post} [other]
 * @returns {number | null}
 */
function kilometres(one, other) {
  const places = [one, other].map((post) => [post?.latitude ?? null, post?.longitude ?? null]);
  if (places.flat().includes(null)) return null;
  const [lat1, lon1, lat2, lon2] = places.flat().map((degrees) => ((degrees ?? 0) * Math.PI) / 180);
  const a =
    Math.sin((lat2 - lat1) / 2) ** 2 + Math.cos(lat1) * Math.cos(lat2) * Math.sin((lon2 - lon1) / 2) ** 2;
  return 2 * EARTH_KM * Math.asin(Math.min(1, Math.sqrt(a)));
}

/** @param {Use} use @param {boolean} same @returns {CheckResult} */
function u5OrU1(use, same) {
  return same ? useResult("U5", "check", use) : useResult("U1", "hold", use);
}

/**
 * @param {string} code
 * @param {"hold" | "check"} outcome
 * @param {Use} use
 * @param {...Use} others
 * @returns {CheckResult}
 */
function useResult(code, outcome, use, ...others) {
  const facts = {
    at: use.at,
    post: use.post,
    kind: use.kind,
    lines: use.lines.map((line) => [line.line, line.quantity]),
    transport_document: use.transportDocument,
  };
  const events = [use, ...others].map((each) => each.eventId).sort(compareText);
  return new CheckResult(code, outcome, { facts, events });
}
