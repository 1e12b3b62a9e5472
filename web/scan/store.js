// What this device keeps, in IndexedDB: `kept` (one value a name), `events` (what was done here), `photos` (by event).
// A note of it stands in localStorage too, so that a device whose storage was wiped says so, and how much was not sent.

import { practising } from "./practice.js";

const REHEARSED = "tamga-scan-practice";
const NAME = practising ? REHEARSED : "tamga-scan";
const VERSION = 1;
const NOTE = "tamga.scan.note";

/**
 * @typedef {'waiting' | 'stored' | 'conflict' | 'rejected'} EventState
 * @typedef {Record<string, any> & {event_id: string, kind: 'scan' | 'endorsement' | 'undo' | 'foreign_permit' | 'case' | 'expert_question', officer: string, qr?: string}} DeviceEvent
 *   what `POST /v1/sync` takes, byte for byte as it was signed
 * @typedef {{id: string, event: DeviceEvent, at: number, state: EventState, outcome: string, issuer: string, number: string,
 *   answer: any, sentAt: number, retold: number}} Kept  `at`: seconds; `retold`: the restore it was sent again for
 * @typedef {{id: string, eventId: string, data: Blob, sent: boolean, at?: number, refused?: string, problem?: string, seen?: number}} Photo
 *   `sent`: not to be sent again; `at`: when it was taken, in seconds; `refused`: why the register does not take it; `seen`: when
 *   the list was opened then
 */

/** The device has no room, or its storage is shut: what was to be written down is not. */
export class NotKept extends Error {}

/** @type {Promise<IDBDatabase> | null} */
let opened = null;

function database() {
  return (opened ??= new Promise((done, fail) => {
    const asked = indexedDB.open(NAME, VERSION);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("kept");
      asked.result.createObjectStore("events", { keyPath: "id" });
      asked.result.createObjectStore("photos", { keyPath: "id" });
    };
    asked.onsuccess = () => {
      asked.result.onclose = () => (opened = null);
      done(asked.result);
    };
    asked.onerror = () => {
      opened = null; // the next one tries again
      fail(asked.error);
    };
  }));
}

/**
 * One transaction; durable before it answers. Throws `NotKept`.
 * @template T
 * @param {'kept' | 'events' | 'photos'} table @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest<T>} ask @returns {Promise<T>}
 */
async function transact(table, mode, ask) {
  try {
    const open = await database();
    return await new Promise((done, fail) => {
      const transaction = open.transaction(table, mode, { durability: "strict" });
      const asked = ask(transaction.objectStore(table));
      transaction.oncomplete = () => done(asked.result);
      transaction.onabort = () => fail(transaction.error); // also where the question failed: it has no error before
    });
  } catch (error) {
    throw new NotKept(`${table}: ${error}`);
  }
}

/** @param {string} name @returns {Promise<any>} undefined: nothing of that name is kept */
export const read = (name) => transact("kept", "readonly", (store) => store.get(name));

/** @param {string} name @param {unknown} value */
export const keep = (name, value) => transact("kept", "readwrite", (store) => store.put(value, name));

/**
 * What is kept under a name, made anew in one transaction: no other window writes in between. What was there before.
 * @param {string} name @param {(held: any) => unknown} made undefined: it stays as it is @returns {Promise<any>}
 */
export const change = (name, made) =>
  transact("kept", "readwrite", (store) => {
    const asked = store.get(name);
    asked.onsuccess = () => {
      const value = made(asked.result);
      if (value !== undefined) store.put(value, name);
    };
    return asked;
  });

/** @param {string} name */
export const forget = (name) => transact("kept", "readwrite", (store) => store.delete(name));

/** Everything done here that is still kept, in the order of time. @returns {Promise<Kept[]>} */
export async function events() {
  const found = await transact("events", "readonly", (store) => store.getAll());
  return found.sort((/** @type {Kept} */ one, /** @type {Kept} */ other) => one.at - other.at);
}

const ORDER = ["waiting", "rejected", "stored", "conflict"];

/** An event's state is ordered by (retold, state) and never goes back, whichever channel or window answers last. @param {Kept} next @param {Kept | undefined} before */
const follows = (next, before) =>
  !before || next.retold > before.retold || (next.retold === before.retold && ORDER.indexOf(next.state) >= ORDER.indexOf(before.state));

/** Writes an event, unless a later state of it is kept. @param {Kept} kept @returns {Promise<Kept>} what is kept then */
export async function keepEvent(kept) {
  let standing = kept;
  await transact("events", "readwrite", (store) => {
    const asked = store.get(kept.id);
    asked.onsuccess = () => {
      if (follows(kept, asked.result)) store.put(kept);
      else standing = asked.result;
    };
    return asked;
  });
  await note();
  return standing;
}

/** @param {string} id */
export const dropEvent = (id) => transact("events", "readwrite", (store) => store.delete(id));

/** @returns {Promise<Photo[]>} */
export const photos = () => transact("photos", "readonly", (store) => store.getAll());

/** @param {Photo} photo */
export const keepPhoto = (photo) =>
  transact("photos", "readwrite", (store) => store.put({ at: Math.floor(Date.now() / 1000), ...photo }));

/** @param {string} id */
export const dropPhoto = (id) => transact("photos", "readwrite", (store) => store.delete(id));

/** Writes beside the database that there is a device, and how many of its events wait. */
export async function note() {
  if (practising) return;
  const device = await read("device");
  if (!device) return;
  const waiting = (await events()).filter((each) => each.state === "waiting").length;
  localStorage.setItem(NOTE, JSON.stringify({ device: device.id, waiting }));
}

/**
 * What was lost: the note names a device that the database does not know. Null when nothing was.
 * @returns {Promise<{device: string, waiting: number} | null>}
 */
export async function lost() {
  const text = localStorage.getItem(NOTE);
  return text && !(await read("device")) ? JSON.parse(text) : null;
}

/** Nothing that was practised stays: the real page does away with it. */
export function forgetPractice() {
  if (!practising) indexedDB.deleteDatabase(REHEARSED);
}

export const forgetLoss = () => localStorage.removeItem(NOTE);

/** Asks the browser not to clear this away when the disk is full. @returns {Promise<boolean>} whether it promised */
export const persist = async () =>
  (await navigator.storage?.persisted?.()) || (await navigator.storage?.persist?.()) || false;
