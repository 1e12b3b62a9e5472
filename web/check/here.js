// This device's own verdict on a code: the lists that are published, fetched once and verified here, and the core's `judge`.
// As on the service the code is judged twice: which status list it needs is known only when it has passed checks 1-6.

import { Unreachable, fetchBytes } from "../shared/api.js";
import { fromHex } from "../core/bytes.js";
import { DecodeError } from "../core/errors.js";
import { stripKeyboardSuffix } from "../core/qr_text.js";
import { openStatusList } from "../core/status_list.js";
import { Trust } from "../core/trust.js";
import { openBundle } from "../core/trust_list.js";
import { NO_CONTEXT, judge } from "../core/verdict.js";
import { whole } from "../shared/i18n.js";
import { shownVerdict } from "../shared/show.js";

/** @typedef {import("../core/status_list.js").StatusList} StatusList */

const QUARTER = /^\d{2}q[1-4]$/;

/** The published lists, as far as they could be fetched and believed. */
export class Lists {
  /** @type {Promise<Trust> | null} */
  #trust = null;

  /** @param {import("../shared/frame.js").Stage} stage */
  constructor(stage) {
    this.pins = stage.pins.map((pin) => ({ ...pin, thumbprints: pin.thumbprints.map(fromHex) }));
  }

  /** What this device knows of who may speak: nothing, where no list can be had or believed. @returns {Promise<Trust>} */
  trust() {
    return (this.#trust ??= this.#fetch().catch((error) => {
      this.#trust = null; // ask again with the next code
      if (error instanceof Unreachable || error instanceof DecodeError) return new Trust({ pins: this.pins });
      throw error;
    }));
  }

  async #fetch() {
    const now = seconds();
    const lists = await openBundle((await fetchBytes("/trust-list")) ?? new Uint8Array(), this.pins, { now });
    return new Trust({
      lists,
      pins: this.pins,
      fetchedAt: new Map(lists.map((each) => [each.issuer, now])),
      newestSigned: Math.max(
        0,
        ...lists.filter((each) => each.issuer === this.pins[0]?.country).map((each) => each.seq),
      ),
    });
  }

  /**
   * The status list of a permit that passed checks 1-6: our own Party's, or another's as our service keeps it. It is
   * fetched from our own origin: no address out of a code is ever followed.
   * @param {import("../core/permit.js").Permit} permit
   * @returns {Promise<Map<string, StatusList>>}
   */
  async status({ issuer, statusUri }) {
    const trust = await this.trust();
    const quarter = statusUri.slice(trust.listFor(issuer)?.statusPrefix.length);
    const party = issuer === this.pins[0]?.country ? "" : `${issuer}/`;
    try {
      const data = QUARTER.test(quarter) && (await fetchBytes(`/s/${party}${quarter}`));
      return new Map(data ? [[statusUri, await openStatusList(data, trust, { issuer })]] : []);
    } catch (error) {
      if (error instanceof Unreachable || error instanceof DecodeError) return new Map();
      throw error;
    }
  }
}

const seconds = () => Math.floor(Date.now() / 1000);

/**
 * @param {{text: string, pages: string[]}} subject
 * @param {{lists: Lists, stage: import("../shared/frame.js").Stage, direction: import("./main.js").Direction, sameGoods: boolean | null}} known
 */
export async function judgeHere({ text, pages }, { lists, stage, direction, sameGoods }) {
  const trust = await lists.trust();
  const place = { direction, country: null, post: null, sameGoods };
  const context = {
    ...NO_CONTEXT,
    place,
    otherPages: pages,
    offlineLimits: new Map(Object.entries(stage.offline_limits)),
  };
  /** @param {Map<string, StatusList>} status */
  const judged = (status) => judge(stripKeyboardSuffix(text), { trust, status, register: "not_asked", now: seconds(), context });
  let found = await judged(new Map());
  if (found.permit) found = await judged(await lists.status(found.permit));
  return shownVerdict(found, { zone: stage.zone, duty: whole(stage.duty_number), officer: false }, direction);
}
