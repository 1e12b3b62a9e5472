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
 *     import { edgeStrip } from "./core/qr_text.js";
 *     import { openStatusList } from "./core/status_list.js";
 *     import { Trust } from "./core/trust.js";
 *     import { openBundle } from "./core/trust_list.js";
 *     import { NOWHERE, judge } from "./core/verdict.js";
 *
 *     // pins are configured, never fetched
 *     const pins = [{ country: "KG", thumbprints: [fromHex("7eb2...")], practice: false, practice_host: "" }];
 *     const lists = await openBundle(bytesOfTrustList, pins, { newestSeq, now });             // throws DecodeError T1
 *     const trust = new Trust({ lists, pins, fetchedAt: new Map([["KG", fetchedAt]]), newestSigned });
 *     const list = await openStatusList(bytesOfStatusList, trust, { issuer, newestIat });    // throws DecodeError T1
 *     const status = new Map([[list.uri, list]]);
 *     const place = { direction: "export", country: "KG", post: "osh-airport", sameGoods: null };    // a Place
 *     const context = { ...NOWHERE, place, posts, offlineLimits };
 *     const verdict = await judge(edgeStrip(text), { trust, status, register: "not_asked", now, context, ownUses });
 *     verdict.outcome          // "accept_offline"; only "accept" and it are green
 *     verdict.hits             // code, check, asks, facts, events, cleared: the reasons, by check and code
 *     verdict.permit           // the signed fields, or null: then there is nothing to show but the hits
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
 * @typedef {"pass" | "fail" | "skipped"} Result
 *
 * `permit` and `register` are null unless checks 1-6 passed: unverified fields never leave this module. `pages`: every
 * verified page of the permit, `permit` first. `results`: check number -> result. `zone`: the issuing Party's time
 * zone, in which its days are read.
 * @typedef {object} Verdict
 * @property {Outcome} outcome
 * @property {readonly Hit[]} hits
 * @property {ReadonlyMap<number, Result>} results
 * @property {Permit | null} permit
 * @property {readonly Permit[]} pages
 * @property {Snapshot | null} register
 * @property {readonly Use[]} uses
 * @property {number} checkedAt
 * @property {number} dataAsOf
 * @property {string} zone
 */

import { CHECKS, FAILING, Hit, OUTCOMES, worst } from "./check_results.js";
import { offlineHits } from "./offline_limit.js";
import {
  ISSUED_STATES,
  NOWHERE,
  SKEW,
  asSeen,
  expiredHits,
  listedHits,
  registerHits,
  timeHits,
  useHits,
} from "./register_checks.js";
import { Refused, readOthers, readToken } from "./token_checks.js";

export { NOWHERE };

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
export async function judge(text, { trust, status, register, now, context = NOWHERE, ownUses = [] }) {
  const own = trust.pins[0]?.country ?? null;
  const ownLists = [...status.values()].filter((each) => each.issuer === own);
  const newest = Math.max(trust.newestSigned, ...ownLists.map((each) => each.issuedAt));
  if (now < newest - SKEW) return ended(new Hit("T2", "cannot_tell"), now, newest);
  const read = await readToken(text, trust, now).catch(refusal);
  if (read instanceof Hit) return ended(read, now, newest);
  const { permit, trustList } = read;
  const found = status.get(permit.statusUri) ?? null;
  const listed = found !== null && found.issuer === permit.issuer ? found : null;
  const newer = Math.max(newest, trustList.seq, listed?.issuedAt ?? 0);
  if (now < newer - SKEW) return ended(new Hit("T2", "cannot_tell"), now, newer);
  const { others, hits } = await readOthers(read, context.otherPages, trust, now);
  const pages = [permit, ...others.map((other) => other.permit)];
  const snapshot = typeof register === "string" ? null : register;
  const { uses, seen } = asSeen(context, merged(snapshot?.uses ?? [], ownUses, context.unsent), now);
  hits.push(...timeHits(permit, trustList.zone, seen)); // 7
  const answered = register !== "not_asked" && register !== "failed";
  const listing = answered ? { value: null, hits: [] } : listedHits(permit, listed, now); // 8
  hits.push(...listing.hits, ...(answered ? [] : offlineHits(pages, context)));
  hits.push(...registerHits([read, ...others], register)); // 9
  const issued = snapshot !== null && ISSUED_STATES.includes(snapshot.state);
  const beside = snapshot ? await import("./snapshot_checks.js") : null; // loaded only if there is a snapshot
  const more = beside && snapshot && issued ? beside.listedMoreHits(permit, snapshot, listed) : { value: null, hits: [] };
  hits.push(...more.hits);
  const counted = answered ? more.value : listing.value;
  hits.push(...useHits(permit, pages, snapshot, counted, uses, context, seen)); // 10
  if (beside && snapshot) hits.push(...beside.arrivalHits(permit, snapshot, context, seen));
  return concluded(expiredHits(hits, permit, uses, listing.value, context, seen), pages, snapshot, uses, {
    zone: trustList.zone,
    skipped: [...(answered ? [8] : []), ...(register === "not_asked" ? [9] : []), ...OF_FILES],
    now,
    asOf: answered ? now : listed && listing.value !== null ? listed.issuedAt : newer,
  });
}

/** @param {unknown} error @returns {Hit} the only hit that may be shown of a refused token */
function refusal(error) {
  if (error instanceof Refused) return error.hit;
  throw error;
}

/**
 * Merge uses by event id. Earlier sources win: the register's entry replaces what a device has stored.
 *
 * @param {...readonly Use[]} sources
 * @returns {readonly Use[]}
 */
function merged(...sources) {
  /** @type {Map<string, Use>} */
  const uses = new Map();
  for (const use of sources.flat()) if (!uses.has(use.eventId)) uses.set(use.eventId, use);
  return [...uses.values()];
}

/**
 * The gravest hit of each code, sorted by check and code.
 *
 * @param {readonly Hit[]} hits
 * @returns {Hit[]}
 */
function oneEach(hits) {
  const weight = (/** @type {Hit} */ { asks }) => (asks ? OUTCOMES.indexOf(asks) : OUTCOMES.length);
  const byCheck = (/** @type {Hit} */ one, /** @type {Hit} */ other) =>
    one.check - other.check || (one.code < other.code ? -1 : one.code > other.code ? 1 : weight(one) - weight(other));
  const sorted = [...hits].sort(byCheck);
  return sorted.filter((hit, at) => sorted.findIndex((each) => each.code === hit.code) === at);
}

/** @param {Hit} hit @param {number} now @param {number} asOf @returns {Verdict} */
function ended(hit, now, asOf) {
  const results = resultsOf((check) => {
    if (check === hit.check) return "fail";
    return check < hit.check && hit.code !== "T2" ? "pass" : "skipped";
  });
  const outcome = /** @type {Outcome} */ (hit.asks);
  const nothing = { permit: null, pages: [], register: null, uses: [], zone: "" };
  return { outcome, hits: [hit], results, ...nothing, checkedAt: now, dataAsOf: asOf };
}

/**
 * Make the verdict on `pages` from these hits. The first page is the one that was scanned.
 *
 * @param {readonly Hit[]} hits
 * @param {readonly Permit[]} pages
 * @param {Snapshot | null} snapshot
 * @param {readonly Use[]} uses
 * @param {{zone: string, skipped: readonly number[], now: number, asOf: number}} judged
 * @returns {Verdict}
 */
function concluded(hits, pages, snapshot, uses, { zone, skipped, now, asOf }) {
  const weighed = hits.map((hit) => (isCleared(hit, snapshot) ? hit.but({ asks: "check", cleared: true }) : hit));
  const asked = weighed.flatMap((hit) => (hit.asks ? [hit.asks] : []));
  const outcome = worst([snapshot ? "accept" : "accept_offline", ...asked]);
  const failed = weighed.filter((hit) => FAILING.includes(hit.asks)).map((hit) => hit.check);
  const passed = (/** @type {number} */ check) => (skipped.includes(check) ? "skipped" : "pass");
  const results = resultsOf((check) => (failed.includes(check) ? "fail" : passed(check)));
  const shown = { permit: pages[0], pages, register: snapshot, uses, zone };
  return { outcome, hits: oneEach(weighed), results, ...shown, checkedAt: now, dataAsOf: asOf };
}

/** @param {Hit} hit @param {Snapshot | null} snapshot @returns {boolean} */
function isCleared(hit, snapshot) {
  if (snapshot === null || hit.events.length === 0) return false;
  const rests = JSON.stringify(hit.events);
  return snapshot.cleared.some(({ code, events }) => code === hit.code && JSON.stringify(events) === rests);
}

/** @param {(check: number) => Result} result @returns {ReadonlyMap<number, Result>} */
function resultsOf(result) {
  return new Map([...CHECKS.keys()].map((check) => [check, result(check)]));
}
