/**
 * Checks 7 to 10 of FORMAT.md 5 on a genuine permit: time, status list, register and use.
 *
 * Each returns a list of results. `verdict.judge` runs them and combines the results.
 *
 * @typedef {import("./border_rules.js").Place} Place
 * @typedef {import("./bytes.js").Bytes} Bytes
 * @typedef {import("./check_results.js").Outcome} Outcome
 * @typedef {import("./permit.js").Permit} Permit
 * @typedef {import("./single_use.js").Allowed} Allowed
 * @typedef {import("./single_use.js").Posts} Posts
 * @typedef {import("./single_use.js").Use} Use
 * @typedef {import("./status_list.js").StatusList} StatusList
 * @typedef {import("./token_checks.js").ReadToken} ReadToken
 *
 * The issuing Party's register on one permit. `payloads`: page -> the signed bytes. `missing`: reported lost or stolen,
 * also after it was replaced. `reports`: other Parties' reports of arrival. `cleared`: cleared codes, each for the uses
 * that it rested on. `loweredAt`: time of the last recorded withdrawal, reinstatement or correction.
 * @typedef {object} Snapshot
 * @property {string} state
 * @property {string} kind
 * @property {ReadonlyMap<number, Bytes>} payloads
 * @property {Allowed} allowed
 * @property {readonly Use[]} uses
 * @property {boolean} forCause
 * @property {boolean} missing
 * @property {string | null} replacedBy
 * @property {boolean} retrospective
 * @property {boolean} quotaPassed
 * @property {boolean} legacy
 * @property {readonly import("./snapshot_checks.js").ArrivalReport[]} reports
 * @property {readonly {readonly code: string, readonly events: readonly string[]}[]} cleared
 * @property {number | null} loweredAt
 *
 * @typedef {Snapshot | "unknown" | "not_asked" | "failed"} Register
 *
 * The reader's situation. `ownScans`: times of this officer's own scans of this permit. `unsent`: uses recorded offline
 * and not sent yet. `offlineLimits`: unit ("" for specimens) -> the total above which the register is needed (L1).
 * `seenAt`: time of a scan that is uploaded later; checks 7 and 10 are judged as of that time.
 * @typedef {object} Context
 * @property {Place} place
 * @property {Posts} posts
 * @property {readonly string[]} otherPages
 * @property {readonly number[]} ownScans
 * @property {readonly Use[]} unsent
 * @property {ReadonlyMap<string, string>} offlineLimits
 * @property {number | null} seenAt
 */

import { ANYWHERE, codesOfStatus, codesOfUses, mayBeSameGoods } from "./border_rules.js";
import { equalBytes } from "./bytes.js";
import { CheckResult } from "./check_results.js";
import { kindOf } from "./codes.js";
import { counts, firstUse } from "./single_use.js";
import { ENTRIES, FOR_CAUSE, IMPORTED, LOST, REPLACED, REVOKED, SUSPENDED, USED, VALID } from "./status_list.js";
import { compareText } from "./text.js";
import { allSeen, pageNumber, tokenAllowance } from "./token_checks.js";

export const SKEW = 600; // seconds; the clock error that is tolerated
const STATUS_FRESH = 6 * 3600;
const OWN_SCAN = 30 * 60;

/** @type {ReadonlyMap<number, readonly [string, Outcome]>} */
export const STATUS_RESULTS = new Map([
  [REVOKED, ["S2", "not_valid"]],
  [SUSPENDED, ["S3", "hold"]],
  [REPLACED, ["S4", "not_valid"]],
  [LOST, ["S6", "hold"]],
  [FOR_CAUSE, ["S7", "hold"]],
]);
const USE_VALUES = [VALID, USED, IMPORTED];
export const ISSUED = ["issued", "suspended", "revoked", "replaced", "lost"];

/** @type {Context} */
export const NO_CONTEXT = {
  place: ANYWHERE,
  posts: new Map(),
  otherPages: [],
  ownScans: [],
  unsent: [],
  offlineLimits: new Map(),
  seenAt: null,
};

/**
 * The time of the scan, and the uses up to it.
 *
 * @param {Context} context
 * @param {readonly Use[]} uses
 * @param {number} now
 * @returns {{uses: readonly Use[], seen: number}}
 */
export function atScanTime({ seenAt }, uses, now) {
  if (seenAt === null || seenAt >= now) return { uses, seen: now };
  return { uses: uses.filter((use) => use.at <= seenAt), seen: seenAt };
}

/**
 * Check 7: day of signing and last day of validity.
 *
 * @param {Permit} permit
 * @param {string} zone
 * @param {number} now
 * @returns {CheckResult[]}
 */
export function timeResults(permit, zone, now) {
  const results = [];
  const { issuedAt, expiresAt } = permit;
  if (issuedAt > now + SKEW) results.push(new CheckResult("S5", "not_valid", { facts: { at: issuedAt } }));
  if (now >= expiresAt) results.push(new CheckResult("S1", "not_valid", { facts: { at: expiresAt, zone } }));
  return results;
}

/**
 * Check 8: the status list, and the permit's value in it.
 *
 * @param {Permit} permit
 * @param {StatusList | null} listed
 * @param {number} now
 * @returns {{value: number | null, results: CheckResult[]}}
 */
export function statusListResults(permit, listed, now) {
  const silent = listed === null || listed.uri !== permit.statusUri;
  if (silent) return { value: null, results: [new CheckResult("T1", "check", { at: 8 })] };
  if (permit.statusIdx >= ENTRIES) return { value: null, results: [new CheckResult("T6", "cannot_tell", { at: 8 })] };
  const value = listed.value(permit.statusIdx);
  const results = [];
  const facts = { at: listed.issuedAt };
  if (now >= listed.expiresAt) results.push(new CheckResult("T1", "check", { facts, at: 8 }));
  else if (now - listed.issuedAt > STATUS_FRESH) {
    results.push(new CheckResult("T1", "accept_offline", { facts, at: 8 }));
  }
  const [code, asks] = STATUS_RESULTS.get(value) ?? [];
  if (code !== undefined && asks !== undefined) results.push(new CheckResult(code, asks, { at: 8 }));
  else if (!USE_VALUES.includes(value)) results.push(new CheckResult("T6", "cannot_tell", { at: 8 }));
  return { value, results };
}

/**
 * Check 9: the register. For a token of a compromised key, only the register can confirm it.
 *
 * @param {readonly ReadToken[]} reads
 * @param {Register} register
 * @returns {CheckResult[]}
 */
export function registerResults(reads, register) {
  const compromised = reads.some((read) => read.key.compromised);
  if (register === "unknown") return [new CheckResult("F3", "hold")];
  if (register === "not_asked" || register === "failed") {
    const results = compromised ? [new CheckResult("F2", "cannot_tell", { at: 9 })] : [];
    return register === "failed" ? [...results, new CheckResult("T5", "cannot_tell")] : results;
  }
  if (!ISSUED.includes(register.state)) return [new CheckResult("F3", "hold")];
  const others = reads
    .filter(({ permit, payload }) => {
      const held = register.payloads.get(pageNumber(permit));
      return held === undefined || !equalBytes(held, payload);
    })
    .map(({ permit }) => new CheckResult("F4", "hold", { facts: { page: pageNumber(permit) } }));
  const vouched = compromised && others.length === 0 ? [new CheckResult("F2", "check", { at: 9 })] : [];
  return [...others, ...vouched, ...stateResults(register)];
}

/**
 * Codes for the state of an issued permit in its Party's register.
 *
 * @param {Snapshot} register
 * @returns {CheckResult[]}
 */
function stateResults(register) {
  const results = [];
  if (register.state === "suspended") results.push(new CheckResult("S3", "hold"));
  if (register.state === "revoked") {
    results.push(register.forCause ? new CheckResult("S7", "hold") : new CheckResult("S2", "not_valid"));
  }
  if (register.state === "replaced") {
    results.push(new CheckResult("S4", "not_valid", { facts: { number: register.replacedBy } }));
  }
  if (register.state === "lost" || register.missing) results.push(new CheckResult("S6", "hold"));
  if (register.quotaPassed) results.push(new CheckResult("P2", "check"));
  if (register.legacy) results.push(new CheckResult("D4", "check"));
  return results;
}

/**
 * Check 10: the use at this place.
 *
 * @param {Permit} permit
 * @param {readonly Permit[]} pages
 * @param {Snapshot | null} snapshot
 * @param {number | null} value
 * @param {readonly Use[]} uses
 * @param {Context} context
 * @param {number} now
 * @returns {CheckResult[]}
 */
export function useResults(permit, pages, snapshot, value, uses, context, now) {
  const { results, place } = checkPlace(permit, context.place);
  const allowed = snapshot ? snapshot.allowed : tokenAllowance(pages);
  const permitted = { retrospective: snapshot?.retrospective ?? false };
  const found = codesOfUses(permit.kind, place, uses, allowed, context.posts, now, permitted);
  if (snapshot) {
    results.push(...found);
    // T8: the Party's own list counts too
    if (value !== null) results.push(...codesOfStatus(permit.kind, place, value));
  } else {
    const told = value === null ? [] : codesOfStatus(permit.kind, place, value);
    const left = firstUse(uses, "export", "import") !== null;
    const silent = allSeen(pages) ? ["U6"] : ["U2", "U6"]; // a line on an unseen page may permit the quantity
    // only register or list can prove that nothing left
    results.push(...found.filter((result) => !silent.includes(result.code)));
    results.push(...told.filter((result) => result.code !== "U6" || !left));
  }
  const late = uses.filter((use) => use.late && counts(use)).map((use) => use.eventId);
  if (late.length > 0) results.push(new CheckResult("L2", "check", { events: late.sort(compareText) }));
  const recent = context.ownScans.filter((at) => now - at >= 0 && now - at <= OWN_SCAN);
  if (recent.length > 0) results.push(new CheckResult("U0", "", { facts: { at: Math.max(...recent) } }));
  return results;
}

/**
 * P1: places where the document may not be presented. At import, the issuer's own export document means a return (P4).
 *
 * @param {Permit} permit
 * @param {Place} place
 * @returns {{results: CheckResult[], place: Place}}
 */
export function checkPlace(permit, place) {
  const { direction, country } = place;
  if (kindOf(permit.kind).manyCrossings || country === null) return { results: [], place };
  const [home, destination] = [permit.exporter.country, permit.importer.country];
  if (permit.kind !== "I" && direction === "import" && country === home && country === permit.issuer) {
    return { results: [], place: { ...place, direction: "return" } };
  }
  const wrong =
    (direction === "export" && permit.kind !== "I" && country !== home) ||
    (direction === "import" && country !== destination) ||
    (direction === "transit" && (country === home || country === destination)) ||
    (direction === "return" && permit.kind !== "I" && !(country === home && country === permit.issuer));
  return { results: wrong ? [new CheckResult("P1", "not_valid")] : [], place };
}

/**
 * Soften S1 for goods that left in time: the importing country's law decides how long the document may be presented.
 *
 * @param {readonly CheckResult[]} results
 * @param {Permit} permit
 * @param {readonly Use[]} uses
 * @param {number | null} value
 * @param {Context} context
 * @param {number} now
 * @returns {readonly CheckResult[]}
 */
export function expiredResults(results, permit, uses, value, { place, posts }, now) {
  if (kindOf(permit.kind).manyCrossings || permit.kind === "I" || now < permit.expiresAt) return results;
  const left = firstUse(uses, "export");
  let inTime = left ? left.at < permit.expiresAt : value === USED || value === IMPORTED;
  if (left && place.direction === "export") {
    inTime &&= mayBeSameGoods(place, uses, posts, now); // a status value has no post and time: there U5 asks for a call
  }
  if (!inTime) return results;
  return results.map((result) =>
    result.code === "S1" ? result.replace({ outcome: "check", facts: { ...result.facts, left: true } }) : result,
  );
}
