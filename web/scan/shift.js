// An officer's shift on this device: what an online sign-in gave, sealed under a PIN until the shift ends.
//
// The PIN opens nothing anywhere else: it decrypts, on this device, the tokens of the sign-in. Five wrong tries forget
// them. It stops who picks the phone up, not who can read its storage with tools (docs/SECURITY.md): a lost device is
// revoked, and its officer's sessions are ended, by the ministry.

import { utf8 } from "../core/bytes.js";
import { change, forget, keep, read } from "./store.js";

/**
 * @typedef {{id: string, name: string, roles: string[], posts: string[]}} Officer
 * @typedef {{access: string, refresh: string | null}} Tokens  of the user pool
 * @typedef {{officer: Officer, since: number, until: number, tries: number, salt: Uint8Array<ArrayBuffer>,
 *   iv: Uint8Array<ArrayBuffer>, sealed: ArrayBuffer}} Shift  times in seconds
 */

export const HOURS = 12; // a shift; the refresh token of the user pool lives as long
export const TRIES = 5;
export const PIN = /^[0-9]{4,8}$/;
const ROUNDS = 200_000; // PBKDF2; a fifth of a second on a phone of 2020

/** The shift that was begun here and has not ended. @returns {Promise<Shift | null>} */
export async function current() {
  /** @type {Shift | undefined} */
  const shift = await read("shift");
  if (!shift) return null;
  if (seconds() < shift.until) return shift;
  await end();
  return null;
}

/** @param {Officer} officer @param {Tokens} tokens @param {string} pin @returns {Promise<Shift>} */
export async function begin(officer, tokens, pin) {
  const since = seconds();
  const shift = await sealed({ officer, since, until: since + HOURS * 3600 }, tokens, pin);
  await keep("shift", shift);
  return shift;
}

/**
 * The tokens, or how many tries are left; with none left the shift is over. A try is counted before it is made, so that
 * closing the page does not save it.
 * @param {string} pin @returns {Promise<{tokens: Tokens} | {left: number}>}
 */
export async function unlock(pin) {
  const shift = await current();
  if (!shift) return { left: 0 };
  const tries = 1 + ((await change("shift", (held) => held && { ...held, tries: held.tries + 1 }))?.tries ?? TRIES);
  if (tries > TRIES) {
    await end();
    return { left: 0 };
  }
  try {
    const opened = await crypto.subtle.decrypt({ name: "AES-GCM", iv: shift.iv }, await keyOf(pin, shift.salt), shift.sealed);
    await change("shift", (held) => (held?.since === shift.since ? { ...held, tries: 0 } : undefined)); // another window may have ended it
    return { tokens: JSON.parse(new TextDecoder().decode(opened)) };
  } catch (error) {
    if (!(error instanceof DOMException && error.name === "OperationError")) throw error; // a wrong key
    if (tries >= TRIES) await end();
    return { left: TRIES - tries };
  }
}

/** @param {Pick<Shift, 'officer' | 'since'> | null} one @param {Pick<Shift, 'officer' | 'since'> | null} other */
export const same = (one, other) => one?.since === other?.since && one?.officer.id === other?.officer.id;

/** What was done stays, whoever did it; only the way in is forgotten. */
export const end = () => forget("shift");

/** @param {{officer: Officer, since: number, until: number}} about @param {Tokens} tokens @param {string} pin */
async function sealed(about, tokens, pin) {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const data = utf8(JSON.stringify(tokens));
  const box = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await keyOf(pin, salt), data);
  return { ...about, tries: 0, salt, iv, sealed: box };
}

/** @param {string} pin @param {Uint8Array<ArrayBuffer>} salt */
async function keyOf(pin, salt) {
  const base = await crypto.subtle.importKey("raw", utf8(pin), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
  return crypto.subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

const seconds = () => Math.floor(Date.now() / 1000);
