/**
 * Checks 1-6 of FORMAT.md 5: verify the code of each page and read its permit.
 *
 * This module returns only permits that passed all six checks. Otherwise it gives one `CheckResult` to show instead.
 *
 * @typedef {import("./bytes.js").Bytes} Bytes
 * @typedef {import("./permit.js").Permit} Permit
 * @typedef {import("./single_use.js").PermittedAmount} PermittedAmount
 * @typedef {import("./trust.js").Trust} Trust
 * @typedef {import("./trust_list.js").TrustKey} TrustKey
 * @typedef {import("./trust_list.js").TrustList} TrustList
 *
 * A token that passed checks 1-6.
 * @typedef {object} ReadToken
 * @property {Permit} permit
 * @property {Bytes} payload
 * @property {TrustList} trustList
 * @property {TrustKey} key
 */

import { equalBytes, toHex } from "./bytes.js";
import { CheckResult } from "./check_results.js";
import { decodeClaims } from "./claims.js";
import * as cose from "./cose.js";
import { DecodeError } from "./errors.js";
import { lineLetter } from "./permit.js";
import { hostOf, tokenOf } from "./qr_text.js";

const FRESH = 24 * 3600; // seconds; an unknown key or host counts as forgery only if the trust list is no older
export const TOKEN_CAP = 2048; // bytes, before decoding

/** Thrown when a check among 1-6 fails, which ends the judging. `result`: the reason. */
export class CheckFailed extends Error {
  /** @param {CheckResult} result */
  constructor(result) {
    super(result.code);
    this.result = result;
  }
}

/**
 * Run checks 1-6 on one token. Throws `CheckFailed` with the only result that may be shown.
 *
 * @param {string} text
 * @param {Trust} trust
 * @param {number} now
 * @returns {Promise<ReadToken>}
 */
export async function readCode(text, trust, now) {
  try {
    return await read(text, trust, now);
  } catch (error) {
    throw error instanceof DecodeError ? new CheckFailed(new CheckResult(error.code, "cannot_tell")) : error;
  }
}

/** @param {string} text @param {Trust} trust @param {number} now @returns {Promise<ReadToken>} */
async function read(text, trust, now) {
  const host = hostOf(text); // 1
  const lists = trust.listsForHost(host);
  if (lists.length === 0) throw new CheckFailed(unknownHost(host, trust, now));
  const sign1 = cose.decodeSign1(tokenOf(text), { cap: TOKEN_CAP }); // 2
  const named = lists.map((each) => trust.findKey(sign1.kid, each.issuer)).filter((found) => found !== null); // 3
  const expired = named.length > 0 ? named.every(([each]) => now >= each.expiresAt) : now >= lists[0].expiresAt;
  if (expired) throw new CheckFailed(new CheckResult("T1", "cannot_tell"));
  if (named.length === 0 && trust.findKey(sign1.kid) === null && !fresh(trust, lists[0].issuer, now)) {
    throw new CheckFailed(new CheckResult("T1", "cannot_tell"));
  }
  const able = named.filter(([each, key]) => key.purpose === "permit" && now < each.expiresAt);
  if (able.length === 0) throw new CheckFailed(new CheckResult("F2", "hold"));
  const signed = await Promise.all(able.map(([, key]) => cose.verify(sign1, key.publicKey))); // 4
  const signers = able.filter((_, at) => signed[at]);
  if (signers.length === 0) throw new CheckFailed(new CheckResult("F1", "hold"));
  const permit = decodeClaims(sign1.payload).claims; // 5
  // Mostly there is one signer. A Party that lists another's host and key takes nothing from it.
  const [trustList, key] = signers.find(([each]) => each.issuer === permit.issuer) ?? signers[0];
  if (!speaksFor(trustList, key, host, permit)) throw new CheckFailed(new CheckResult("F2", "hold", { at: 6 })); // 6
  return { permit, payload: sign1.payload, trustList, key };
}

/** @param {string} host @param {Trust} trust @param {number} now @returns {CheckResult} */
function unknownHost(host, trust, now) {
  if (trust.pins.some((pin) => pin.practice_host === host)) return new CheckResult("T7", "cannot_tell");
  return complete(trust, now) ? new CheckResult("F6", "hold") : new CheckResult("T1", "cannot_tell", { at: 1 });
}

/**
 * Check 6: the key may sign these claims. A key belongs to the Party of its list.
 *
 * @param {TrustList} trustList
 * @param {TrustKey} key
 * @param {string} host
 * @param {Permit} permit
 * @returns {boolean}
 */
function speaksFor(trustList, key, host, permit) {
  const { issuer, kind, issuedAt } = permit;
  const home = kind === "E" || kind === "R" ? permit.exporter : kind === "I" ? permit.importer : null;
  return (
    issuer === trustList.issuer &&
    key.kinds.includes(kind) &&
    key.notBefore <= issuedAt &&
    (key.retiredAt === null || issuedAt < key.retiredAt) &&
    permit.statusUri.startsWith(trustList.statusPrefix) &&
    (home === null || home.country === issuer) &&
    trustList.hosts.some(
      ({ name, since, until }) => name === host && since <= issuedAt && (until === null || issuedAt < until),
    )
  );
}

/**
 * Run checks 1-6 on the other pages. D2 names pages of this permit that were not seen. D3 means a page of another
 * permit, or two codes for one page.
 *
 * @param {ReadToken} main
 * @param {readonly string[]} texts
 * @param {Trust} trust
 * @param {number} now
 * @returns {Promise<{others: ReadToken[], results: CheckResult[]}>}
 */
export async function readOtherPages(main, texts, trust, now) {
  const own = main.permit;
  const seen = new Map([[pageNumber(own), main]]);
  /** @type {CheckResult[]} */
  const results = [];
  let strange = false;
  for (const text of texts) {
    try {
      const other = await readCode(text, trust, now);
      const number = pageNumber(other.permit);
      const same = sheet(other.permit) === sheet(own);
      if (same && !seen.has(number)) seen.set(number, other);
      if (!same || !equalBytes(seen.get(number)?.payload ?? new Uint8Array(0), other.payload)) strange = true;
    } catch (error) {
      if (!(error instanceof CheckFailed)) throw error;
      // T4: another kind of code, such as a waybill's, is ignored
      if (error.result.code !== "T4") results.push(error.result);
    }
  }
  if (strange) results.push(new CheckResult("D3", "check"));
  const of = own.page ? own.page[1] : 1;
  const missing = Array.from({ length: of }, (_, at) => at + 1).filter((number) => !seen.has(number));
  if (missing.length > 0) results.push(new CheckResult("D2", "check", { facts: { pages: missing, of } }));
  const others = [...seen].filter(([, token]) => token !== main).sort(([one], [other]) => one - other);
  return { others: others.map(([, token]) => token), results };
}

/** @param {Permit} permit @returns {number} */
export function pageNumber(permit) {
  return permit.page ? permit.page[0] : 1;
}

/** @param {Permit} page @returns {string} the fields that all pages of one permit share, in one spelling */
function sheet(page) {
  return JSON.stringify([
    page.issuer, page.number, page.kind, toHex(page.recordDigest), page.statusUri, page.statusIdx, page.expiresAt,
    page.page ? page.page[1] : null,
  ]);
}

/** @param {readonly Permit[]} pages of one permit @returns {boolean} true if these are all its pages */
export function allSeen(pages) {
  return pages.length >= (pages[0]?.page?.[1] ?? 1);
}

/**
 * Line letter -> quantity that the signed pages permit. Letters continue from page to page and are unknown after a gap.
 *
 * @param {readonly Permit[]} pages
 * @returns {Map<string, PermittedAmount>}
 */
export function tokenAllowance(pages) {
  /** @type {Map<string, PermittedAmount>} */
  const allowed = new Map();
  const inOrder = [...pages].sort((one, other) => pageNumber(one) - pageNumber(other));
  for (const [at, page] of inOrder.entries()) {
    if (pageNumber(page) !== at + 1) break;
    for (const { quantity, unit } of page.lines) allowed.set(lineLetter(allowed.size), { quantity, unit });
  }
  return allowed;
}

/**
 * True if every pinned Party's list is in force and fresh: an unknown host may belong to any of these Parties.
 *
 * @param {Trust} trust
 * @param {number} now
 * @returns {boolean}
 */
function complete(trust, now) {
  const lists = trust.pins.map((pin) => trust.listFor(pin.country));
  return lists.length > 0 && lists.every((each) => each && now < each.expiresAt && fresh(trust, each.issuer, now));
}

/** @param {Trust} trust @param {string} country @param {number} now @returns {boolean} */
function fresh(trust, country, now) {
  return now - (trust.fetchedAt.get(country) ?? -FRESH - 1) <= FRESH;
}
