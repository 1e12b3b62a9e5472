// This device's own verdict on a code, from what it knows: lists, uses that it was told of, and what it did itself.

import { edgeStrip } from "../core/qr_text.js";
import { NOWHERE, judge } from "../core/verdict.js";
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
  const base = { ...NOWHERE, place, posts: known.posts, otherPages: pages, offlineLimits: known.limits };
  /** @param {string} party @param {import('../core/verdict_hits.js').Context} context @param {import('../core/ledger.js').Use[]} ownUses */
  const judged = (party, context, ownUses) =>
    judge(edgeStrip(text), { trust: known.trust, status: known.status.get(party) ?? new Map(), register: "not_asked", now, context, ownUses });
  let found = await judged(stage.issuer, base, []);
  let ahead = false;
  if (found.permit) {
    const { issuer, number } = found.permit;
    const mine = done.filter((each) => each.issuer === issuer && each.number === number);
    ahead = mine.some(({ event, state }) => event.kind === "endorsement" && state === "waiting");
    const context = { ...base, ownScans: scansOf(mine, officer), unsent: usesOf(mine) };
    found = await judged(issuer, context, known.uses.get(`${issuer} ${number}`) ?? []);
  }
  const reader = { zone: stage.zone, duty: known.duty, officer: true };
  return { shown: shownVerdict(found, reader, direction), judged: found, ahead };
}

/** @param {import('./store.js').Kept[]} mine @param {string} officer */
const scansOf = (mine, officer) =>
  mine.filter(({ event }) => event.kind === "scan" && event.officer === officer).map((each) => each.at);

/** Endorsements made here, but those that the service did not take. @param {import('./store.js').Kept[]} mine */
export const usesOf = (mine) =>
  mine
    .filter(({ event, state }) => event.kind === "endorsement" && state !== "rejected")
    .map(({ event, answer }) =>
      useOf({ ...event, kind: answer?.receipt?.kind ?? event.direction, at: event.endorsed_at, result: "accepted" }),
    );

const seconds = () => Math.floor(Date.now() / 1000);
