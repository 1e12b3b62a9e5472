// What this device knows without the network: the bundle as it was fetched, its lists verified here, and how old they are.
// Everything in it that judges is signed by the ministry's keys; posts and uses are as good as the service that sent them.

import { fromHex } from "../core/bytes.js";
import { DecodeError } from "../core/errors.js";
import { openStatusList } from "../core/status_list.js";
import { Trust } from "../core/trust.js";
import { openBundle } from "../core/trust_list.js";
import { Unreachable } from "../shared/api.js";
import { PATIENCE, language } from "../shared/i18n.js";
import { SignedOut, askAs, bearer } from "../shared/session.js";
import { LOST, naming, noteLost, thisDevice } from "./device.js";
import { refreshParts } from "./parts.js";
import { fetchPractice } from "./practice.js";
import { change, keep, read } from "./store.js";

/**
 * @typedef {import('../core/single_use.js').Use} Use
 * @typedef {import('../core/status_list.js').StatusList} StatusList
 * @typedef {{id: string, name: string, kind: string, bodies: string[], links: string[], latitude: string | null,
 *   longitude: string | null}} PostTold
 * @typedef {{etag: string, fetchedAt: number, ahead?: number, body: any}} Held  `ahead`: seconds by which this device's clock was before the service's
 * @typedef {{seq: [string, number][], iat: [string, [string, number][]][], signed: number}} Seen  against an old list sent
 *   again; `iat`: of each Party, so that none makes another's look old
 * @typedef {{trust: Trust, status: Map<string, Map<string, StatusList>>, posts: Map<string, import('../core/single_use.js').Post>,
 *   told: PostTold[], uses: Map<string, Use[]>, limits: Map<string, string>, asOf: number, ahead: number, resendSince: number,
 *   duty: string}} Known  `status`: Party -> uri -> list; `uses`: "KG 26KG000001/E" -> our endorsements; `asOf`: seconds, 0: nothing was ever fetched
 */

/** This device was reported lost: it gets no lists. */
export class Lost extends Error {}

const PRACTICE_EVERY = 3600; // seconds

/** What is known from the last fetch, verified again. @param {import('../shared/frame.js').Stage} stage @returns {Promise<Known>} */
export async function known(stage) {
  /** @type {Held | undefined} */
  const held = await read("bundle");
  const pins = stage.pins.map((pin) => ({ ...pin, thumbprints: pin.thumbprints.map(fromHex) }));
  /** @type {Seen} */
  const seen = (await read("seen")) ?? { seq: [], iat: [], signed: 0 };
  const body = held?.body ?? {};
  const now = seconds();
  const newestSeq = new Map(seen.seq);
  const lists = body.trust_list ? await believed(() => openBundle(bytes(body.trust_list), pins, { newestSeq, now }), []) : [];
  const fetchedAt = new Map(lists.map((each) => [each.issuer, held?.fetchedAt ?? 0]));
  const trust = new Trust({ lists, pins, fetchedAt, newestSigned: seen.signed });
  const newestIat = new Map(seen.iat);
  const status = new Map();
  for (const [issuer, sent] of Object.entries(body.party_status_lists ?? {})) {
    const known = { issuer, newestIat: new Map(newestIat.get(issuer)) };
    const opened = Object.values(sent).map((data) => believed(() => openStatusList(bytes(data), trust, known), null));
    status.set(issuer, new Map((await Promise.all(opened)).flatMap((list) => (list ? [[list.uri, list]] : []))));
  }
  return {
    trust,
    status,
    posts: new Map((body.posts ?? []).map(post)),
    told: body.posts ?? [],
    uses: usesOf(body.uses ?? []),
    limits: new Map(Object.entries(body.offline_limits ?? stage.offline_limits)),
    asOf: held?.fetchedAt ?? 0,
    ahead: held?.ahead ?? 0,
    resendSince: body.resend_since ? Date.parse(body.resend_since) / 1000 : 0,
    duty: body.duty_number || stage.duty_number,
  };
}

/**
 * Fetches what is new, verifies it, and keeps it. Throws `Unreachable`, `SignedOut`, `Lost`.
 * @param {import('../shared/frame.js').Stage} stage @returns {Promise<Known>}
 */
export async function refresh(stage) {
  const token = bearer();
  if (!token) throw new SignedOut();
  /** @type {Held | undefined} */
  const held = await read("bundle");
  let asked = seconds(); // an answer may come late: the register is no newer than the question
  let answer = await fetchBundle(token, held?.etag);
  if (answer.status === 401) {
    await askAs("/v1/me"); // renews the token, or says that it cannot
    asked = seconds();
    answer = await fetchBundle(bearer() ?? "", held?.etag);
  }
  if (answer.status === 403 && (await isLost(answer))) throw new Lost();
  if (answer.status === 401 || answer.status === 403) throw new SignedOut(String(answer.status));
  const ahead = clockAhead(answer);
  if (answer.status === 304 && held) {
    await keep("bundle", { ...held, fetchedAt: asked, ahead });
  } else {
    if (!answer.ok) throw new Unreachable(`bundle: ${answer.status}`);
    const body = await answer.json().catch(() => {
      throw new Unreachable("bundle: cut off");
    });
    await keep("bundle", { etag: answer.headers.get("etag") ?? "", fetchedAt: asked, ahead, body });
  }
  const fresh = await known(stage);
  await remember(fresh);
  await refreshParts((await read("bundle")).body.parts ?? {});
  return fresh;
}

/** @param {Response} answer */
async function isLost(answer) {
  const { type = "" } = await answer.json().catch(() => ({}));
  if (!type.endsWith(`/${LOST}`)) return false;
  await noteLost();
  return true;
}

/** Seconds by which this device's clock is before the service's; 0: it did not say. @param {Response} answer */
function clockAhead(answer) {
  const there = Date.parse(answer.headers.get("date") ?? "") / 1000;
  return Number.isFinite(there) ? seconds() - there : 0;
}

/** Fetches what practice needs, now and then, for who practises without a network. @param {import('../shared/frame.js').Stage} stage */
export async function keepPractice(stage) {
  /** @type {import('./practice.js').PracticeLists | undefined} */
  const held = await read("practice");
  if (!stage.rehearsal || seconds() - (held?.fetchedAt ?? 0) < PRACTICE_EVERY) return;
  const lists = await fetchPractice(stage.issuer);
  if (lists) await keep("practice", lists);
}

/** The same in practice, where they stand for the bundle. @param {import('./practice.js').Practice} practice @param {import('../shared/frame.js').Stage} stage */
export async function refreshPractice({ lists, told }, stage) {
  /** @type {Held | undefined} */
  const held = await read("bundle");
  const due = seconds() - (held?.fetchedAt ?? lists.fetchedAt) >= PRACTICE_EVERY;
  const found = (due && (await fetchPractice(stage.issuer))) || (held ? null : lists);
  if (found) await keep("bundle", { etag: "", fetchedAt: found.fetchedAt, body: { ...found, posts: told } });
}

/** @param {string} token @param {string} [etag] */
async function fetchBundle(token, etag) {
  try {
    return await fetch("/v1/bundle", {
      headers: { Authorization: `Bearer ${token}`, "Accept-Language": language(), ...naming(await thisDevice()), ...(etag && { "If-None-Match": etag }) },
      credentials: "omit",
      cache: "no-store",
      redirect: "error",
      signal: AbortSignal.timeout(PATIENCE),
    });
  } catch (error) {
    throw new Unreachable(`bundle: ${error}`);
  }
}

/** The newest seen of each list, never an older one; of our own Party's lists also the newest signed time. @param {Known} fresh */
const remember = ({ trust, status }) =>
  change("seen", (/** @type {Seen} */ before = { seq: [], iat: [], signed: 0 }) => {
    const own = trust.pins[0]?.country;
    const seq = new Map(before.seq);
    for (const each of trust.lists) seq.set(each.issuer, Math.max(each.seq, seq.get(each.issuer) ?? 0));
    const iat = new Map(before.iat);
    for (const [issuer, lists] of status) {
      const newest = new Map(iat.get(issuer));
      for (const { uri, issuedAt } of lists.values()) newest.set(uri, Math.max(issuedAt, newest.get(uri) ?? 0));
      iat.set(issuer, [...newest]);
    }
    const ours = [...(status.get(own)?.values() ?? [])].map((each) => each.issuedAt);
    return { seq: [...seq], iat: [...iat], signed: Math.max(before.signed, trust.listFor(own)?.seq ?? 0, ...ours) };
  });

/** @template T, N @param {() => Promise<T>} open @param {N} none @returns {Promise<T | N>} */
const believed = (open, none) =>
  open().catch((error) => {
    if (error instanceof DecodeError) return none;
    throw error;
  });

/** @param {PostTold} told @returns {[string, import('../core/single_use.js').Post]} */
const post = ({ id, links, latitude, longitude }) => [
  id,
  {
    links: new Set(links),
    latitude: latitude === null ? null : Number(latitude),
    longitude: longitude === null ? null : Number(longitude),
  },
];

/** @param {[string, string, any][]} told @returns {Map<string, Use[]>} */
function usesOf(told) {
  /** @type {Map<string, Use[]>} */
  const found = new Map();
  for (const [issuer, number, use] of told) {
    const name = `${issuer} ${number}`;
    found.set(name, [...(found.get(name) ?? []), useOf(use)]);
  }
  return found;
}

/** A use as the bundle and this device's own events write it. @param {any} told @returns {Use} */
export const useOf = (told) => ({
  eventId: told.event_id,
  kind: told.kind,
  post: told.post,
  at: time(told.at),
  lines: told.lines.map((/** @type {any} */ line) => ({
    line: line.line,
    quantity: line.quantity,
    deadOnArrival: line.dead_on_arrival ?? null,
  })),
  transportDocument: told.transport_document ?? "",
  result: told.result ?? "accepted",
  late: told.late ?? false,
  withdrawnAt: told.withdrawn ? time(told.withdrawn.at) : null,
  foreignDocument: told.foreign_document ?? null,
});

/** Seconds, from RFC 3339 or as they are. @param {string | number} told */
const time = (told) => (typeof told === "number" ? told : Date.parse(told) / 1000);

/** @param {string} base64 @returns {Uint8Array<ArrayBuffer>} */
const bytes = (base64) => Uint8Array.from(atob(base64), (each) => each.charCodeAt(0));

const seconds = () => Math.floor(Date.now() / 1000);
