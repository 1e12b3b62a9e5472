// Practice inside a real installation (ADR 0021): a root, lists, storage and strips of its own, until it is left, ten minutes
// after the last touch, or when the window is closed. What it needs to know the real page hands over in this window's own
// storage; no address leads into it, and no token comes with it, so that nothing done in it can be sent.

import { DecodeError } from "../core/errors.js";
import { hostOf, stripKeyboardSuffix } from "../core/qr_text.js";
import { Unreachable, fetchBytes } from "../shared/api.js";

/**
 * `lists`: as published by the practice register, base64; they are verified whenever they are read.
 * @typedef {{trust_list: string, party_status_lists: Record<string, Record<string, string>>, fetchedAt: number}} PracticeLists
 * `hosts`: those of real permits, which are not looked at here. `told`: the posts. `parts`: species, requirements and quotas
 * are facts that hold in practice too (parts.js).
 * @typedef {{since: number, officer: import('./shift.js').Officer, post: string, told: import('./lists.js').PostTold[],
 *   hosts: string[], lists: PracticeLists, parts: Record<string, import('./parts.js').Part>}} Practice
 * @typedef {import('../shared/frame.js').Stage} Stage
 */

const KEPT = "tamga.scan.practice";
export const PRACTICE_HOURS = 8;
const PUBLISHED = "/practice"; // at our own origin; in AWS the staff's front leads it to the practice host
const QUARTERS = [-1, 0, 1, 2, 3, 4]; // of expiry: a practice sheet is worth a year at most

/** Whether, and since when, this page is for practice: for as long as it lives. @type {Practice | null} */
export const practising = begun();

/** @returns {Practice | null} */
function begun() {
  const text = sessionStorage.getItem(KEPT);
  /** @type {Practice | null} */
  const found = text ? JSON.parse(text) : null;
  return found && seconds() - found.since < PRACTICE_HOURS * 3600 ? found : null;
}

/** Begins: the page is loaded anew as one for practice. @param {Practice} practice */
export function beginPractice(practice) {
  sessionStorage.setItem(KEPT, JSON.stringify(practice));
  location.reload();
}

/** The page is loaded anew as the real one. */
export function leavePractice() {
  sessionStorage.removeItem(KEPT);
  location.reload();
}

/** What the practice page stands for: the practice host and its root in place of the real ones, and no telephone. @param {Stage} stage @returns {Stage} */
export const practiceStage = (stage) => ({ ...stage, ...stage.rehearsal, rehearsal: null, practice: true, duty_number: "" });

/** A real permit is no exercise: it is not looked at. @param {string} text @param {Practice} practice */
export function isReal(text, { hosts }) {
  try {
    return hosts.includes(hostOf(stripKeyboardSuffix(text)));
  } catch (error) {
    if (error instanceof DecodeError) return false;
    throw error;
  }
}

/** What the practice register has published; null where it cannot be had. @param {string} issuer @returns {Promise<PracticeLists | null>} */
export async function fetchPractice(issuer) {
  const now = seconds();
  try {
    const [trust, ...status] = await Promise.all(["/trust-list", ...QUARTERS.map((each) => `/s/${quarter(each)}`)].map((path) => fetchBytes(PUBLISHED + path)));
    if (!trust) return null;
    const lists = status.flatMap((data, index) => (data ? [[quarter(QUARTERS[index]), base64(data)]] : []));
    return { trust_list: base64(trust), party_status_lists: { [issuer]: Object.fromEntries(lists) }, fetchedAt: now };
  } catch (error) {
    if (error instanceof Unreachable) return null;
    throw error;
  }
}

/** "26q4", so many quarters from today. @param {number} away */
function quarter(away) {
  const today = new Date();
  const count = today.getUTCFullYear() * 4 + Math.floor(today.getUTCMonth() / 3) + away;
  return `${String(Math.floor(count / 4) % 100).padStart(2, "0")}q${(count % 4) + 1}`;
}

/** @param {Uint8Array} data */
const base64 = (data) => btoa(Array.from(data, (byte) => String.fromCharCode(byte)).join(""));

function seconds() {
  return Math.floor(Date.now() / 1000);
}
