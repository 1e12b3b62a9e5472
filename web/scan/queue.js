// What was done here, on its way to the service: written down first, sent when there is a way, kept until long after.
//
// One UUID an event, made when it was begun: the same event arrives once however often it is sent. While a request of its
// own asks the service (`alone`), no batch of any window carries it. Batches are signed by this device. An answer with `again` stays in the queue; 14 days after it was stored an event is dropped, for until
// then a restored register may ask for it again (`resend_since`). A photograph that the register refuses is told, and
// stays until as long after that was seen.

import { Problem, Unreachable } from "../shared/api.js";
import { SignedOut, askAs } from "../shared/session.js";
import { sign } from "./device.js";
import { dropEvent, dropPhoto, events, keep, keepEvent, keepPhoto, photos, read } from "./store.js";

/** @typedef {import('./store.js').Kept} Kept @typedef {import('./store.js').DeviceEvent} DeviceEvent */
/** @typedef {'sent' | 'unreachable' | 'signed_out' | 'refused' | 'busy'} Flushed */

const EVENTS_AT_ONCE = 100; // the service takes 500
const BYTES_AT_ONCE = 600_000; // and 1 MB
const KEPT_DAYS = 14;
const LOCK = "tamga-scan-queue";
const HEARD = "heard"; // when the service last heard of this device, where it is kept
const HEARD_EVERY = 15 * 60; // seconds

/** @typedef {{outcome?: string, issuer?: string, number?: string}} About */

/** @param {DeviceEvent} event @param {About} about @returns {Kept} */
const begun = (event, { outcome = "", issuer = "", number = "" }) => ({
  id: event.event_id,
  event,
  at: seconds(),
  state: "waiting",
  outcome,
  issuer,
  number,
  answer: null,
  sentAt: 0,
  retold: 0,
});

/** Writes an event down; it is safe once this answers. @param {DeviceEvent} event @param {About} about @returns {Promise<Kept>} */
export const add = (event, about) => keepEvent(begun(event, about));

/** @param {string} id */
const lockOf = (id) => `tamga-scan-event-${id}`;

/** Does what sends one event while no other channel or window sends it; a crash frees the lock. @template T @param {string} id @param {() => Promise<T>} work @returns {Promise<T>} */
export const alone = (id, work) => navigator.locks.request(lockOf(id), work);

/**
 * The same with those of several events that are free; their locks are held until the work is done.
 * @param {readonly string[]} ids @param {(free: string[]) => Promise<void>} work @param {string[]} [free] @returns {Promise<void>}
 */
const withFree = ([id, ...rest], work, free = []) =>
  id === undefined
    ? work(free)
    : navigator.locks.request(lockOf(id), { ifAvailable: true }, (lock) => withFree(rest, work, lock ? [...free, id] : free));

/** Writes down what the register has already, for only it could answer. @param {DeviceEvent} event @param {About} about */
export const addAnswered = (event, about) => keepEvent(answered(begun(event, about), { result: "stored", outcome: about.outcome }));

/** A scan of a number or a file has no code that could be told again. @param {Kept} kept */
const canBeSent = ({ event }) => event.kind !== "scan" || event.qr !== undefined;

/** @param {readonly Kept[]} all */
export const waiting = (all) => all.filter((each) => each.state === "waiting");

/** Photographs that the register does not take, and nobody has looked at it here. @param {readonly import('./store.js').Photo[]} all */
export const lostPhotos = (all) => all.filter(({ refused, seen }) => refused && !seen);

/** The list was opened. @param {readonly import('./store.js').Photo[]} all */
export async function markPhotosSeen(all) {
  for (const photo of lostPhotos(all)) await keepPhoto({ ...photo, seen: seconds() });
}

/** What the register did not take. @param {readonly Kept[]} all */
export const rejected = (all) => all.filter((each) => each.state === "rejected");

/** What it took, and it contradicts an earlier use. @param {readonly Kept[]} all */
export const contradicting = (all) => all.filter((each) => each.state === "conflict");

/**
 * Sends everything that waits, oldest first, then the photographs. One flush at a time, over all tabs.
 * @param {import('./device.js').Device} device @returns {Promise<Flushed>}
 */
export const flush = (device) =>
  navigator.locks.request(LOCK, { ifAvailable: true }, async (lock) => {
    if (!lock) return "busy";
    try {
      await sendEvents(device);
      await sendSignOfLife(device);
      await sendPhotos();
      await clear();
      return "sent";
    } catch (error) {
      if (error instanceof Unreachable) return "unreachable";
      if (error instanceof SignedOut) return "signed_out";
      if (error instanceof Problem) return error.status >= 500 || error.status === 429 ? "unreachable" : "refused";
      throw error;
    }
  });

/** @param {import('./device.js').Device} device */
async function sendEvents(device) {
  const left = waiting(await events());
  let skipped = false;
  while (left.length > 0) {
    const ids = taken(left).map((each) => each.id);
    await withFree(ids, (free) => {
      skipped ||= free.length < ids.length;
      return sendBatch(device, free, left.length > 0 || skipped);
    });
  }
}

/** Those that wait still: another window may have sent some. @param {import('./device.js').Device} device @param {string[]} ids @param {boolean} more events of the same time follow, here or by a request of their own */
async function sendBatch(device, ids, more) {
  const batch = waiting(await events()).filter((each) => ids.includes(each.id));
  if (batch.length === 0) return;
  const { body } = await sync(device, batch.map((each) => each.event), more ? { more } : {});
  for (const answer of body.results) {
    const kept = batch.find((each) => each.id === answer.event_id);
    if (kept) await keepEvent(answered(kept, answer));
  }
}

/** One batch. @param {import('./device.js').Device} device @param {DeviceEvent[]} batch @param {{more?: true, alive?: true}} besides */
async function sync(device, batch, besides) {
  const answer = await askAs("/v1/sync", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ device_id: device.id, events: batch, signature: await sign(device, batch), ...besides }),
  });
  await keep(HEARD, seconds());
  return answer;
}

/** What is scanned with a network goes to the service by itself and is no sign of this device's life: now and then one is
 * sent, while nothing waits: what came later than it said so would be late. @param {import('./device.js').Device} device */
async function sendSignOfLife(device) {
  if (seconds() - ((await read(HEARD)) ?? 0) < HEARD_EVERY || waiting(await events()).length > 0) return;
  try {
    await sync(device, [], { alive: true });
  } catch (error) {
    if (!(error instanceof Problem)) throw error; // it holds up nobody’s work
  }
}

/** The first events of `left` that fit one batch, taken out of it. @param {Kept[]} left */
function taken(left) {
  let bytes = 0;
  let count = 0;
  while (count < left.length && count < EVENTS_AT_ONCE) {
    bytes += JSON.stringify(left[count].event).length * 3; // UTF-8 at most
    if (count > 0 && bytes > BYTES_AT_ONCE) break;
    count += 1;
  }
  return left.splice(0, count);
}

/** @param {Kept} kept @param {any} answer @returns {Kept} */
export function answered(kept, answer) {
  if (answer.again) return { ...kept, answer };
  const conflict = answer.refused || answer.receipt?.result === "conflict";
  const state = conflict ? "conflict" : answer.result === "duplicate" ? "stored" : answer.result;
  const { unheard: _, ...event } = kept.event; // it is answered now
  return { ...kept, event: /** @type {DeviceEvent} */ (event), state, answer, sentAt: seconds() };
}

async function sendPhotos() {
  const told = new Map((await events()).filter((each) => each.state !== "waiting").map((each) => [each.id, each]));
  for (const photo of await photos()) {
    const kept = told.get(photo.eventId);
    if (photo.sent || !kept) continue;
    let [refused, problem] = ["", ""];
    try {
      await askAs(photosAt(kept.id, kept.event.kind), {
        method: "POST",
        headers: { "Content-Type": photo.data.type },
        body: photo.data,
      });
    } catch (error) {
      const final = error instanceof Problem && error.status < 500 && error.status !== 429;
      if (!final) throw error;
      if (kept.state !== "rejected") [refused, problem] = [error.message, error.slug]; // a rejected event is trouble enough
    }
    await keepPhoto({ ...photo, sent: true, refused, problem });
  }
}

/** @param {string} id @param {DeviceEvent['kind']} kind */
function photosAt(id, kind) {
  if (kind === "expert_question") return `/v1/expert-questions/${id}/photos`;
  if (kind === "case") return `/v1/cases/${id}/photos`;
  return kind === "foreign_permit" ? `/v1/foreign-permits/${id}/photos` : `/v1/endorsements/${id}/photo`;
}

/** Drops what was stored long ago, and photographs of what was never written down; what a person has to look at stays as long. */
async function clear() {
  const oldest = seconds() - KEPT_DAYS * 86400;
  const all = await photos();
  const refused = new Set(all.filter(({ refused, seen = Infinity }) => refused && seen >= oldest).map((each) => each.eventId));
  const old = new Set();
  const done = await events();
  for (const each of done) {
    if (each.state === "waiting" || refused.has(each.id) || Math.max(each.at, each.sentAt) >= oldest) continue;
    old.add(each.id);
    await dropEvent(each.id);
  }
  const written = new Set(done.map((each) => each.id));
  const left = (/** @type {import('./store.js').Photo} */ { eventId, at = 0 }) => !written.has(eventId) && at < oldest;
  for (const photo of all) if (old.has(photo.eventId) || left(photo)) await dropPhoto(photo.id);
}

/** After a restore: what was recorded since then is told again, once for each restore. @param {number} since */
export async function tellAgain(since) {
  if (!since) return;
  for (const each of await events()) {
    if (each.at >= since && each.state === "stored" && each.retold !== since && canBeSent(each)) {
      await keepEvent({ ...each, state: "waiting", retold: since });
    }
  }
}

const seconds = () => Math.floor(Date.now() / 1000);
