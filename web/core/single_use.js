/**
 * Single use of a permit: which endorsements count, what they moved, and if one more is allowed. The result depends on
 * the SET of uses, never on the order in which they were uploaded.
 *
 * A use counts unless it was withdrawn or still waits for a second officer. Export documents cover one consignment
 * (Art. VI(5)). Documents for many crossings are never used up. Only the register classifies uploads
 * (uses/single_use.py).
 *
 * @typedef {"export" | "import" | "transit" | "return"} UseKind
 *
 * One line of block 14: its letter, the quantity really moved, and how many of them were dead on arrival.
 * @typedef {{readonly line: string, readonly quantity: string, readonly deadOnArrival?: string | null}} UsedLine
 *
 * One endorsement, with the members that judging needs. `at`: time of the endorsement. `late`: uploaded outside its
 * time window (L2). `withdrawnAt`: time of its withdrawal, if any. `foreignDocument`: for an import permit, the foreign
 * document used with it, "KZ 26KZ000007/E".
 * @typedef {object} Use
 * @property {string} eventId
 * @property {UseKind} kind
 * @property {string} post
 * @property {number} at
 * @property {readonly UsedLine[]} lines
 * @property {string} transportDocument
 * @property {"accepted" | "conflict" | "duplicate" | "pending"} result
 * @property {boolean} late
 * @property {number | null} withdrawnAt
 * @property {string | null} foreignDocument
 *
 * The quantity that one line permits. `unit` null: a number of specimens.
 * @typedef {{readonly quantity: string, readonly unit: string | null}} PermittedAmount
 *
 * Line letter -> permitted quantity.
 * @typedef {ReadonlyMap<string, PermittedAmount>} Allowed
 *
 * A post, with the members that judging needs: the ids of linked posts, and coordinates in degrees if known.
 * @typedef {object} Post
 * @property {ReadonlySet<string>} links
 * @property {number | null} latitude
 * @property {number | null} longitude
 *
 * @typedef {ReadonlyMap<string, Post>} Posts
 */

import { NUMBER, UNITS, kindOf } from "./codes.js";
import { AlreadyUsed, Invalid, NotUsable } from "./errors.js";
import { compareText } from "./text.js";

export const HOUR = 3600;
export const DAY = 24 * HOUR;
const DUPLICATE_WINDOW = 12 * HOUR; // one use recorded by two officers, each offline
export const PARTS_WINDOW = 30 * DAY; // limit for parts of one consignment to arrive
const TOLERANCE = { weight: 105n, else: 100n }; // per cent: drying, packing, another scale
const WEIGHTS = ["KGM", "GRM", "MGM"];
export const QUANTITY = /^(0|[1-9][0-9]{0,8})(?:\.([0-9]{0,5}[1-9]))?$/;

/**
 * A quantity as a whole number of millionths, so that sums are exact. Throws `Invalid` for another spelling.
 *
 * @param {string} quantity
 * @returns {bigint}
 */
export function amount(quantity) {
  const found = QUANTITY.exec(quantity);
  if (found === null) throw new Invalid({ field: "quantity", code: "quantity", detail: "Must be a number such as 12 or 0.5." });
  return BigInt(found[1] + (found[2] ?? "").padEnd(6, "0"));
}

/**
 * The dimension of a quantity and its amount in millionths of millionths of that dimension's base unit.
 *
 * Without a unit the quantity is a number of specimens. A unit that is not in the table (another Party's token may have
 * one) is a dimension of its own.
 *
 * @param {string} quantity
 * @param {string | null} unit
 * @returns {[string, bigint]}
 */
export function toBaseUnit(quantity, unit) {
  const { base, millionths } = UNITS.get(unit || NUMBER) ?? { base: String(unit), millionths: 1_000_000n };
  return [base, amount(quantity) * millionths];
}

/**
 * True if a use counts: not withdrawn, not waiting for a second officer.
 *
 * @param {Use} use
 * @returns {boolean}
 */
export function counts(use) {
  return use.withdrawnAt === null && use.result !== "pending";
}

/**
 * True if a use waits for confirmation by a second officer.
 *
 * @param {Use} use
 * @returns {boolean}
 */
export function isUnconfirmed(use) {
  return use.withdrawnAt === null && use.result === "pending";
}

/**
 * Uses in these directions that wait for a second officer, in order of time. A repetition of a counted use is left out.
 *
 * @param {readonly Use[]} uses
 * @param {readonly UseKind[]} directions
 * @param {Posts} posts
 * @returns {Use[]}
 */
export function unconfirmed(uses, directions, posts) {
  return uses
    .filter((use) => isUnconfirmed(use) && directions.includes(use.kind))
    .filter((use) => !uses.some((other) => counts(other) && sameUse(other, use, posts)))
    .sort(byTime);
}

/**
 * Compare uses by (at, event id), an order that is the same on every machine.
 *
 * @param {Use} one
 * @param {Use} other
 * @returns {number}
 */
export function byTime(one, other) {
  return one.at - other.at || compareText(one.eventId, other.eventId);
}

/**
 * True if two posts are on one journey (an inland clearance and its exit). The relation is symmetric, not transitive.
 *
 * @param {Posts} posts
 * @param {string} one
 * @param {string} other
 * @returns {boolean}
 */
export function areLinked(posts, one, other) {
  return Boolean(posts.get(one)?.links.has(other) || posts.get(other)?.links.has(one));
}

/**
 * The key to compare transport documents by: letters and digits in upper case; "" for no document.
 *
 * @param {string} transportDocument
 * @returns {string}
 */
export function documentKey(transportDocument) {
  return transportDocument.normalize("NFKC").toUpperCase().replace(/[^\p{L}\p{N}]/gu, "");
}

/**
 * True if both uses name one transport document. Two uses without a document are not the same.
 *
 * @param {Use} one
 * @param {Use} other
 * @returns {boolean}
 */
export function sameDocument(one, other) {
  const key = documentKey(one.transportDocument);
  return key !== "" && key === documentKey(other.transportDocument);
}

/**
 * The different uses in one direction, in order of time; a repetition of an earlier use is left out.
 *
 * @param {readonly Use[]} uses
 * @param {UseKind} direction
 * @param {Posts} posts
 * @returns {Use[]}
 */
export function distinctUses(uses, direction, posts) {
  /** @type {Use[]} */
  const kept = [];
  for (const use of uses.filter((each) => each.kind === direction && counts(each)).sort(byTime)) {
    if (!kept.some((earlier) => sameUse(earlier, use, posts))) kept.push(use);
  }
  return kept;
}

/**
 * True for one crossing recorded by two officers: same or linked post, same lines and transport document, within 12 h.
 *
 * An import permit's own endorsement and its uses with each foreign document are different uses.
 *
 * @param {Use} one
 * @param {Use} other
 * @param {Posts} posts
 * @returns {boolean}
 */
export function sameUse(one, other, posts) {
  return (
    one.kind === other.kind &&
    one.foreignDocument === other.foreignDocument &&
    (one.post === other.post || areLinked(posts, one.post, other.post)) &&
    Math.abs(one.at - other.at) <= DUPLICATE_WINDOW &&
    sameDocument(one, other) &&
    goods(one) === goods(other)
  );
}

/** @param {Use} use @returns {string} its lines in one spelling, independent of their order */
function goods(use) {
  return JSON.stringify(use.lines.map((line) => JSON.stringify([line.line, line.quantity])).sort());
}

/**
 * The first use, by (at, event id), of those that count in these directions; null if there is none.
 *
 * @param {readonly Use[]} uses
 * @param {...UseKind} directions
 * @returns {Use | null}
 */
export function firstUse(uses, ...directions) {
  return uses.filter((use) => counts(use) && directions.includes(use.kind)).sort(byTime)[0] ?? null;
}

/**
 * Line letter -> total quantity of these uses, in millionths.
 *
 * @param {readonly Use[]} uses
 * @returns {Map<string, bigint>}
 */
export function movedAmounts(uses) {
  /** @type {Map<string, bigint>} */
  const totals = new Map();
  for (const { line, quantity } of uses.flatMap((use) => use.lines)) {
    totals.set(line, (totals.get(line) ?? 0n) + amount(quantity));
  }
  return totals;
}

/**
 * Line letter -> quantity that these imports brought, in millionths.
 *
 * An import permit's own endorsement and its uses with foreign documents are for the same goods: the larger one counts.
 *
 * @param {readonly Use[]} uses
 * @returns {Map<string, bigint>}
 */
function arrivedAmounts(uses) {
  const own = movedAmounts(uses.filter((use) => use.foreignDocument === null));
  for (const [letter, beside] of movedAmounts(uses.filter((use) => use.foreignDocument !== null))) {
    if (beside > (own.get(letter) ?? -1n)) own.set(letter, beside);
  }
  return own;
}

/**
 * The first import and the others of its consignment: under the same transport document, within 30 days of the first.
 *
 * @param {readonly Use[]} uses
 * @param {Posts} posts
 * @returns {Use[]}
 */
export function consignmentParts(uses, posts) {
  return distinctUses(uses, "import", posts).filter((use, at, [start]) => {
    return at === 0 || (sameDocument(use, start) && use.at - start.at <= PARTS_WINDOW);
  });
}

/**
 * The first part of a consignment that is still arriving under one transport document, or null.
 *
 * It is still arriving if less has arrived than left, and the first part arrived at most 30 days ago. Without a
 * recorded export, the permitted quantities count as those that left.
 *
 * @param {readonly Use[]} uses
 * @param {Allowed} allowed
 * @param {Posts} posts
 * @param {number} now
 * @returns {Use | null}
 */
export function openConsignment(uses, allowed, posts, now) {
  const arrived = distinctUses(uses, "import", posts);
  if (arrived.length === 0 || now - arrived[0].at > PARTS_WINDOW) return null;
  const left = distinctUses(uses, "export", posts).slice(0, 1);
  if (![...arrived, ...left].every((use) => sameDocument(use, arrived[0]))) return null;
  const sent = exportedAmounts(left, allowed);
  const come = arrivedAmounts(arrived);
  return [...sent].some(([letter, quantity]) => (come.get(letter) ?? 0n) < quantity) ? arrived[0] : null;
}

/**
 * Letters of lines with more arrived than left, or than permitted if no export is recorded.
 *
 * For weights, up to 5 % more is tolerated.
 *
 * @param {readonly Use[]} uses
 * @param {Allowed} allowed
 * @param {Posts} posts
 * @returns {string[]}
 */
export function linesAboveExport(uses, allowed, posts) {
  const left = distinctUses(uses, "export", posts).slice(0, 1);
  const sent = exportedAmounts(left, allowed);
  const come = [...arrivedAmounts(distinctUses(uses, "import", posts))].sort(([one], [other]) => compareText(one, other));
  return come
    .filter(([letter, quantity]) => exceeds(quantity, sent.get(letter) ?? 0n, letter, allowed))
    .map(([letter]) => letter);
}

/** @param {bigint} quantity @param {bigint} bound @param {string} letter @param {Allowed} allowed @returns {boolean} */
export function exceeds(quantity, bound, letter, allowed) {
  const isWeight = WEIGHTS.includes(allowed.get(letter)?.unit ?? "");
  return quantity * 100n > bound * (isWeight ? TOLERANCE.weight : TOLERANCE.else);
}

/**
 * Check that one more use is allowed. Throws `AlreadyUsed` (`extra.first_use`) or `NotUsable`.
 *
 * 1 documents for many crossings: always   2 an import permit: only at import   3 export: only while unused
 * 4 import: once, or the missing rest under one transport document; an import permit's uses with foreign documents of
 * the same consignment do not count against it   5 transit and return: always, because they use nothing
 *
 * @param {string} kind
 * @param {readonly Use[]} uses
 * @param {Use} added
 * @param {Allowed} allowed
 * @param {Posts} posts
 * @param {number} now
 */
export function checkUse(kind, uses, added, allowed, posts, now) {
  if (kindOf(kind).manyCrossings) return; // 1
  if (kind === "I" && added.kind !== "import") { // 2
    throw new NotUsable("An import permit can be endorsed at import only. Endorse the export document instead.");
  }
  let earlier = null;
  if (added.kind === "export") { // 3
    earlier = firstUse(uses, "export", "import");
  } else if (added.kind === "import") { // 4
    const own = uses.filter((use) => use.foreignDocument === null);
    const partOf = openConsignment(own, allowed, posts, now);
    const part = partOf !== null && sameDocument(partOf, added) && missing(own, added, allowed, posts);
    if (!part) earlier = firstUse(own, "import");
    earlier ??= otherConsignment(uses.filter((use) => use.foreignDocument !== null), added);
  }
  if (earlier !== null) throw new AlreadyUsed("This permit has been used.", { first_use: earlier }); // 5 falls through
}

/**
 * The first import that counts, if any import has another transport document or is more than 30 days apart; else null.
 *
 * @param {readonly Use[]} uses
 * @param {Use} added
 * @returns {Use | null}
 */
function otherConsignment(uses, added) {
  const imports = uses.filter((use) => counts(use) && use.kind === "import");
  const one = imports.every((use) => sameDocument(use, added) && Math.abs(added.at - use.at) <= PARTS_WINDOW);
  return one ? null : firstUse(imports, "import");
}

/**
 * True if of every line in this use less has arrived than left.
 *
 * @param {readonly Use[]} uses
 * @param {Use} added
 * @param {Allowed} allowed
 * @param {Posts} posts
 */
function missing(uses, added, allowed, posts) {
  const sent = exportedAmounts(distinctUses(uses, "export", posts).slice(0, 1), allowed);
  const come = arrivedAmounts(separateImports(uses, posts));
  const moving = added.lines.filter(({ quantity }) => amount(quantity) > 0n);
  return moving.every(({ line }) => (come.get(line) ?? 0n) < (sent.get(line) ?? 0n));
}

/**
 * Imports without repetitions at a linked post, which are the same goods. Equal imports at one post stay separate:
 * `distinctUses` takes them for one use, and then any number of equal parts would be let in.
 *
 * @param {readonly Use[]} uses
 * @param {Posts} posts
 */
function separateImports(uses, posts) {
  /** @type {{ use: Use, at: Set<string> }[]} */
  const kept = [];
  const came = uses.filter((use) => use.kind === "import" && counts(use) && use.result !== "duplicate");
  for (const use of came.sort(byTime)) {
    const seen = kept.find((one) => !one.at.has(use.post) && sameUse(one.use, use, posts));
    if (seen) seen.at.add(use.post);
    else kept.push({ use, at: new Set([use.post]) });
  }
  return kept.map(({ use }) => use);
}

/** Quantities of the recorded export; without one, the permitted quantities. @param {readonly Use[]} left @param {Allowed} allowed */
const exportedAmounts = (left, allowed) => (left.length > 0 ? movedAmounts(left) : permitted(allowed));

/** @param {Allowed} allowed @returns {Map<string, bigint>} */
function permitted(allowed) {
  return new Map([...allowed].map(([letter, allowance]) => [letter, amount(allowance.quantity)]));
}
