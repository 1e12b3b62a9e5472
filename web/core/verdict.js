/**
 * The verdict on a code: `judge` runs the numbered checks of FORMAT.md 5 and returns one outcome with its reasons.
 *
 * 1 text: our form, host in some pinned Party's list    2 size, CBOR, COSE shape    3 key known, of purpose `permit`
 * 4 signature    5 claims    6 key against claims    7 time    8 status list    9 register of the issuing Party
 * 10 use, at this place    11, 12 a file: judged by the service (FORMAT.md 5), skipped here
 *
 * 1-6 are in `token_checks.js`; 7-10 in `register_checks.js` with `border_rules.js`, `offline_limit.js` and
 * `snapshot_checks.js`. A failure among 1-6 ends the judging and shows nothing of the token. 8 is skipped if the
 * register answered in 9. The code is pure except for WebCrypto. It judges as chalicelib/verdict/verdict.py does: each
 * file here gives the same results as the file of its name there (tests/web_core/).
 *
 * How a page judges a code without the service:
 *
 *     import { stripKeyboardSuffix } from "./core/qr_text.js";
 *     import { openStatusList } from "./core/status_list.js";
 *     import { Trust } from "./core/trust.js";
 *     import { openBundle } from "./core/trust_list.js";
 *     import { NO_CONTEXT, judge } from "./core/verdict.js";
 *
 *     // pins are configured, never fetched
 *     const pins = [{ country: "KG", thumbprints: [fromHex("7eb2...")], practice: false, practice_host: "" }];
 *     const lists = await openBundle(bytesOfTrustList, pins, { newestSeq, now });             // throws DecodeError T1
 *     const trust = new Trust({ lists, pins, fetchedAt: new Map([["KG", fetchedAt]]), newestSigned });
 *     const list = await openStatusList(bytesOfStatusList, trust, { issuer, newestIat });    // throws DecodeError T1
 *     const status = new Map([[list.uri, list]]);
 *     const place = { direction: "export", country: "KG", post: "osh-airport", sameGoods: null };    // a Place
 *     const context = { ...NO_CONTEXT, place, posts, offlineLimits };
 *     const known = { trust, status, register: "not_asked", now, context, ownUses };
 *     const verdict = await judge(stripKeyboardSuffix(text), known);
 *     verdict.outcome          // "accept_offline"; only "accept" and it are green
 *     verdict.checkResults     // code, check, outcome, facts, events, cleared: the reasons, by check and code
 *     verdict.permit           // the signed fields, or null: then there is nothing to show but the results
 *
 * `issuer`: the Party whose list it is, because another Party may claim the same address. Judge once with your own
 * Party's lists, then with those of `verdict.permit.issuer`. Times are whole seconds since 1970. Store for the next
 * time the highest `seq` of each country, the newest `issuedAt` of each Party's status list at a uri, and as
 * `newestSigned` the newest `seq` or `issuedAt` of your own Party. Any error except `DecodeError` is a fault; show
 * nothing green after a fault.
 *
 * @typedef {import("./border_rules.js").Place} Place
 * @typedef {import("./check_results.js").Outcome} Outcome
 * @typedef {import("./permit.js").Permit} Permit
 * @typedef {import("./register_checks.js").Context} Context
 * @typedef {import("./register_checks.js").Register} Register
 * @typedef {import("./register_checks.js").Snapshot} Snapshot
 * @typedef {import("./single_use.js").Use} Use
 * @typedef {import("./status_list.js").StatusList} StatusList
 * @typedef {import("./trust.js").Trust} Trust
 *
 * @typedef {"pass" | "fail" | "skipped"} CheckStatus
 *
 * `permit` and `register` are null unless checks 1-6 passed: unverified fields never leave this module. `pages`: every
 * verified page of the permit, `permit` first. `checks`: check number -> status. `zone`: the issuing Party's time
 * zone, in which its days are read.
 * @typedef {object} Verdict
 * @property {Outcome} outcome
 * @property {readonly CheckResult[]} checkResults
 * @property {ReadonlyMap<number, CheckStatus>} checks
 * @property {Permit | null} permit
 * @property {readonly Permit[]} pages
 * @property {Snapshot | null} register
 * @property {readonly Use[]} uses
 * @property {number} checkedAt
 * @property {number} dataAsOf
 * @property {string} zone
 */

import { CHECKS, CheckResult, FAILING, OUTCOMES, worst } from "./check_results.js";
import { offlineResults } from "./offline_limit.js";
import {
  ISSUED,
  NO_CONTEXT,
  SKEW,
  atScanTime,
  expiredResults,
  registerResults,
  statusListResults,
  timeResults,
  useResults,
} from "./register_checks.js";
import { CheckFailed, readCode, readOtherPages } from "./token_checks.js";

export { NO_CONTEXT };

const OF_FILES = [11, 12]; // checks that the service runs

/**
 * Judge a QR text. Shapes: FORMAT.md 5; `now` in whole seconds. No text makes it throw.
 *
 * `status`: uri -> verified list, of one Party; T8 compares it with a snapshot. `ownUses`: our own endorsements of this
 * (issuer, number), also for another Party's permit.
 *
 * @param {string} text
 * @param {object} known
 * @param {Trust} known.trust
 * @param {ReadonlyMap<string, StatusList>} known.status
 * @param {Register} known.register
 * @param {number} known.now
 * @param {Context} [known.context]
 * @param {readonly Use[]} [known.ownUses]
 * @returns {Promise<Verdict>}
 */
export async function judge(text, { trust, status, register, now, context = NO_CONTEXT, ownUses = [] }) {
  const own = trust.pins[0]?.country ?? null;
  const ownLists = [...status.values()].filter((each) => each.issuer === own);
  const newest = Math.max(trust.newestSigned, ...ownLists.map((each) => each.issuedAt));
  if (now < newest - SKEW) return concludeEarly(new CheckResult("T2", "cannot_tell"), now, newest);
  const read = await readCode(text, trust, now).catch(refusal);
  if (read instanceof CheckResult) return concludeEarly(read, now, newest);
  const { permit, trustList } = read;
  const found = status.get(permit.statusUri) ?? null;
  const listed = found !== null && found.issuer === permit.issuer ? found : null;
  const newer = Math.max(newest, trustList.seq, listed?.issuedAt ?? 0);
  if (now < newer - SKEW) return concludeEarly(new CheckResult("T2", "cannot_tell"), now, newer);
  const { others, results } = await readOtherPages(read, context.otherPages, trust, now);
  const pages = [permit, ...others.map((other) => other.permit)];
  const snapshot = typeof register === "string" ? null : register;
  const { uses, seen } = atScanTime(context, merge(snapshot?.uses ?? [], ownUses, context.unsent), now);
  results.push(...timeResults(permit, trustList.zone, seen)); // 7
  const answered = register !== "not_asked" && register !== "failed";
  const listing = answered ? { value: null, results: [] } : statusListResults(permit, listed, now); // 8
  results.push(...listing.results, ...(answered ? [] : offlineResults(pages, context)));
  results.push(...registerResults([read, ...others], register)); // 9
  const issued = snapshot !== null && ISSUED.includes(snapshot.state);
  const snapshotChecks = snapshot ? await import("./snapshot_checks.js") : null; // loaded only if there is a snapshot
  const more = snapshotChecks && snapshot && issued
    ? snapshotChecks.unexplainedValueResults(permit, snapshot, listed)
    : { value: null, results: [] };
  results.push(...more.results);
  const counted = answered ? more.value : listing.value;
  results.push(...useResults(permit, pages, snapshot, counted, uses, context, seen)); // 10
  if (snapshotChecks && snapshot) results.push(...snapshotChecks.arrivalResults(permit, snapshot, context, seen));
  return conclude(expiredResults(results, permit, uses, listing.value, context, seen), pages, snapshot, uses, {
    zone: trustList.zone,
    skipped: [...(answered ? [8] : []), ...(register === "not_asked" ? [9] : []), ...OF_FILES],
    now,
    asOf: answered ? now : listed && listing.value !== null ? listed.issuedAt : newer,
  });
}

/** @param {unknown} error @returns {CheckResult} the only result that may be shown of a refused token */
function refusal(error) {
  if (error instanceof CheckFailed) return error.result;
  throw error;
}

/**
 * Merge uses by event id. Earlier sources win: the register's entry replaces what a device has stored.
 *
 * @param {...readonly Use[]} sources
 * @returns {readonly Use[]}
 */
function merge(...sources) {
  /** @type {Map<string, Use>} */
  const uses = new Map();
  for (const use of sources.flat()) if (!uses.has(use.eventId)) uses.set(use.eventId, use);
  return [...uses.values()];
}

/**
 * The heaviest result of each code, sorted by check and code. Of equally heavy ones, one that is not cleared.
 *
 * @param {readonly CheckResult[]} results
 * @returns {CheckResult[]}
 */
function oneEach(results) {
  const weight = (/** @type {CheckResult} */ { outcome }) => (outcome ? OUTCOMES.indexOf(outcome) : OUTCOMES.length);
  const byCode = (/** @type {string} */ one, /** @type {string} */ other) => (one < other ? -1 : one > other ? 1 : 0);
  const byCheck = (/** @type {CheckResult} */ one, /** @type {CheckResult} */ other) =>
    one.check - other.check ||
    byCode(one.code, other.code) ||
    weight(one) - weight(other) ||
    Number(one.cleared) - Number(other.cleared);
  const sorted = [...results].sort(byCheck);
  return sorted.filter((result, at) => sorted.findIndex((each) => each.code === result.code) === at);
}

/** @param {CheckResult} result @param {number} now @param {number} asOf @returns {Verdict} */
function concludeEarly(result, now, asOf) {
  const checks = checksOf((check) => {
    if (check === result.check) return "fail";
    return check < result.check && result.code !== "T2" ? "pass" : "skipped";
  });
  const outcome = /** @type {Outcome} */ (result.outcome);
  const nothing = { permit: null, pages: [], register: null, uses: [], zone: "" };
  return { outcome, checkResults: [result], checks, ...nothing, checkedAt: now, dataAsOf: asOf };
}

/**
 * Make the verdict on `pages` from these results. The first page is the one that was scanned. Cleared codes ask for
 * `check`. `asOf`: the time of the register's or the lists' data (`dataAsOf`).
 *
 * @param {readonly CheckResult[]} results
 * @param {readonly Permit[]} pages
 * @param {Snapshot | null} snapshot
 * @param {readonly Use[]} uses
 * @param {{zone: string, skipped: readonly number[], now: number, asOf: number}} judged
 * @returns {Verdict}
 */
function conclude(results, pages, snapshot, uses, { zone, skipped, now, asOf }) {
  const weighed = results.map((result) =>
    isCleared(result, snapshot) ? result.replace({ outcome: "check", cleared: true }) : result,
  );
  const asked = weighed.flatMap((result) => (result.outcome ? [result.outcome] : []));
  const outcome = worst([snapshot ? "accept" : "accept_offline", ...asked]);
  const failed = weighed.filter((result) => FAILING.includes(result.outcome)).map((result) => result.check);
  const passed = (/** @type {number} */ check) => (skipped.includes(check) ? "skipped" : "pass");
  const checks = checksOf((check) => (failed.includes(check) ? "fail" : passed(check)));
  const shown = { permit: pages[0], pages, register: snapshot, uses, zone };
  return { outcome, checkResults: oneEach(weighed), checks, ...shown, checkedAt: now, dataAsOf: asOf };
}

/** @param {CheckResult} result @param {Snapshot | null} snapshot @returns {boolean} */
function isCleared(result, snapshot) {
  if (snapshot === null || result.events.length === 0) return false;
  const rests = JSON.stringify(result.events);
  return snapshot.cleared.some(({ code, events }) => code === result.code && JSON.stringify(events) === rests);
}

/** @param {(check: number) => CheckStatus} result @returns {ReadonlyMap<number, CheckStatus>} */
function checksOf(result) {
  return new Map([...CHECKS.keys()].map((check) => [check, result(check)]));
}
