// This device's own verdict on a code, from what it knows: lists, uses that it was told of, and what it did itself.

import { Invalid } from "../core/errors.js";
import { identity } from "../core/numbers.js";
import { stripKeyboardSuffix } from "../core/qr_text.js";
import { NO_CONTEXT, judge } from "../core/verdict.js";
import { whole } from "../shared/i18n.js";
import { shownVerdict } from "../shared/show.js";
import { useOf } from "./lists.js";

/**
 * @typedef {'export' | 'import' | 'transit' | 'return'} Direction
 * @typedef {{text: string, pages: string[], direction: Direction, sameGoods: boolean | null}} Question
 * @typedef {{stage: import('../shared/frame.js').Stage, known: import('./lists.js').Known, post: string,
 *   done: readonly import('./store.js').Kept[], officer: string, now?: number}} Here
 * `ahead`: an endorsement of this permit was made here that the register has not been sent.
 * @typedef {{shown: import('../shared/show.js').Verdict, judged: import('../core/verdict.js').Verdict, ahead: boolean}} Found
 */

/**
 * `done`: this device's events; those of the same permit count as uses before the service knows them.
 * As on the service the code is judged twice: whose permit it is, is known only when checks 1-6 have passed; then
 * that Party's lists count.
 * @param {Question} question @param {Here} here @returns {Promise<Found>}
 */
export async function judgeHere({ text, pages, direction, sameGoods }, { stage, known, post, done, officer, now = seconds() }) {
  const place = { direction, country: stage.issuer, post, sameGoods };
  const base = { ...NO_CONTEXT, place, posts: known.posts, otherPages: pages, offlineLimits: known.limits };
  /** @param {string} party @param {import('../core/register_checks.js').Context} context @param {import('../core/single_use.js').Use[]} ownUses */
  const judged = (party, context, ownUses) =>
    judge(stripKeyboardSuffix(text), { trust: known.trust, status: known.status.get(party) ?? new Map(), register: "not_asked", now, context, ownUses });
  let found = await judged(stage.issuer, base, []);
  let ahead = false;
  if (found.permit) {
    const { issuer, number } = found.permit;
    const mine = ofPermit(done, issuer, number);
    ahead = mine.some(({ event, state }) => useIn(event) && state === "waiting");
    const context = { ...base, ownScans: scansOf(mine, officer), unsent: usesOf(mine) };
    found = await judged(issuer, context, known.uses.get(`${issuer} ${number}`) ?? []);
  }
  const reader = { zone: stage.zone, duty: whole(known.duty), officer: true };
  return { shown: shownVerdict(found, reader, direction), judged: found, ahead };
}

/** @param {import('./store.js').Kept[]} mine @param {string} officer */
const scansOf = (mine, officer) =>
  mine.filter(({ event }) => event.kind === "scan" && event.officer === officer).map((each) => each.at);

/**
 * What was done here with a permit: by its code, or as a paper that was written down by hand, in whatever spelling.
 * @param {readonly import('./store.js').Kept[]} done @param {string} issuer @param {string} number
 */
export const ofPermit = (done, issuer, number) =>
  done.filter((each) => each.issuer === issuer && (each.number === number || (each.event.kind === "foreign_permit" && meant(each.number) === meant(number))));

/** @param {string} number */
function meant(number) {
  try {
    return identity(number);
  } catch (error) {
    if (error instanceof Invalid) return number;
    throw error;
  }
}

/** What was endorsed here, by a code or on paper, but what the service did not take; and what it took back. @param {import('./store.js').Kept[]} mine */
export function usesOf(mine) {
  const takenBack = new Map(mine.filter(({ event, state }) => event.kind === "undo" && state === "stored").map(({ event, at }) => [event.endorsement, { at }]));
  return mine.flatMap(({ event, state, answer }) => {
    const use = state === "rejected" ? null : useIn(event);
    const result = answer?.receipt?.result === "pending" ? "pending" : "accepted"; // what another one is called, the bundle says
    return use ? [useOf({ ...use, kind: answer?.receipt?.kind ?? use.kind, result, withdrawn: takenBack.get(event.event_id) })] : [];
  });
}

/** @param {import('./store.js').DeviceEvent} event */
function useIn({ kind, event_id, post, direction, endorsed_at, recorded_at, lines, transport_document, endorsed }) {
  if (kind === "endorsement") return { event_id, post, kind: direction, at: endorsed_at, lines, transport_document };
  return kind === "foreign_permit" && endorsed ? { event_id, post, kind: direction, at: recorded_at, ...endorsed } : null;
}

const seconds = () => Math.floor(Date.now() / 1000);
