// Convert a vector's JSON to the input of web/core, as tests/vectors/read.py does, and a verdict to plain JSON.

import { fromHex, toHex } from "../../web/core/bytes.js";
import { openStatusList } from "../../web/core/status_list.js";
import { Trust } from "../../web/core/trust.js";
import { openTrustList } from "../../web/core/trust_list.js";
import { judge as judgeText } from "../../web/core/verdict.js";

const kept = new Map();

/** Cache of opened lists: the vectors share a few, and opening one takes longer than a verdict. */
function once(kind, asked, make) {
  const name = kind + JSON.stringify(asked);
  if (!kept.has(name)) kept.set(name, make());
  return kept.get(name);
}

export function pins(data) {
  return data.map((pin) => ({ ...pin, thumbprints: pin.thumbprints.map(fromHex) }));
}

export function trust(data) {
  return once("trust", data, async () => {
    const known = pins(data.pins);
    const lists = await Promise.all(data.lists.map((each) => openTrustList(fromHex(each), known)));
    const fetchedAt = new Map(Object.entries(data.fetched_at ?? {}));
    return new Trust({ lists, pins: known, fetchedAt, newestSigned: data.newest_signed ?? 0 });
  });
}

function status(data, under) {
  return once("status", [data, under], async () => openStatusList(fromHex(data), await trust(under)));
}

export function use(data) {
  return {
    eventId: data.event_id,
    kind: data.kind,
    post: data.post,
    at: data.at,
    lines: data.lines.map(({ line, quantity }) => ({ line, quantity })),
    transportDocument: data.transport_document,
    result: data.result,
    late: data.late,
    withdrawnAt: data.withdrawn_at,
    foreignDocument: data.foreign_document ?? null,
  };
}

function register(data) {
  if (typeof data === "string") return data;
  return {
    state: data.state,
    kind: data.kind,
    payloads: new Map(Object.entries(data.payloads).map(([page, payload]) => [Number(page), fromHex(payload)])),
    allowed: new Map(Object.entries(data.allowed)),
    uses: data.uses.map(use),
    forCause: data.for_cause,
    missing: data.missing,
    replacedBy: data.replaced_by,
    retrospective: data.retrospective,
    quotaPassed: data.quota_passed,
    loweredAt: data.lowered_at ?? null,
    legacy: data.legacy,
    reports: (data.reports ?? []).map(({ country, at, lines, with_code: withCode, set_aside: aside }) => ({
      country, at, lines, withCode, counts: !aside,
    })),
    cleared: data.cleared,
  };
}

function context(data) {
  const posts = Object.entries(data.posts).map(([name, { links, at: [latitude, longitude] = [null, null] }]) => [
    name, { links: new Set(links), latitude, longitude },
  ]);
  return {
    place: { direction: data.direction, country: data.country, post: data.post, sameGoods: data.same_goods },
    posts: new Map(posts),
    otherPages: data.other_pages,
    ownScans: data.own_scans,
    unsent: data.unsent.map(use),
    offlineLimits: new Map(Object.entries(data.offline_limits)),
    seenAt: data.seen_at ?? null,
  };
}

/** Return the verdict on a vector's input. */
export async function judge(given) {
  const lists = await Promise.all(given.status.map((each) => status(each, given.trust)));
  return judgeText(given.text, {
    trust: await trust(given.trust),
    status: new Map(lists.map((each) => [each.uri, each])),
    register: register(given.register),
    now: given.now,
    context: context(given.context),
    ownUses: given.own_uses.map(use),
  });
}

/** Return all members of a verdict in the form of `plain` of asking.py. */
export function plain(verdict) {
  return {
    outcome: verdict.outcome,
    check_results: verdict.checkResults.map((result) => ({ ...result })),
    checks: Object.fromEntries(verdict.checks),
    permit: verdict.permit && snake(verdict.permit),
    pages: verdict.pages.map(snake),
    register: verdict.register !== null,
    uses: verdict.uses.map((each) => each.eventId),
    checked_at: verdict.checkedAt,
    data_as_of: verdict.dataAsOf,
    zone: verdict.zone,
  };
}

/** Convert names to Python's and bytes to hex. */
export function snake(value) {
  if (value instanceof Uint8Array) return toHex(value);
  if (Array.isArray(value)) return value.map(snake);
  if (value === null || typeof value !== "object") return value;
  const name = (each) => each.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return Object.fromEntries(Object.entries(value).map(([each, held]) => [name(each), snake(held)]));
}
