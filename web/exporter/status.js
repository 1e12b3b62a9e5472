// How an application or a permit stands, in plain words, and whose turn it is. No verdict: nobody judges goods by this page.

import { KINDS } from "../core/codes.js";
import { calendarDay } from "../core/stage.js";
import { expiresAt } from "../core/validity.js";
import { day, t } from "../shared/i18n.js";

/** @typedef {{state: string, use: string, expired: boolean, document_type?: string | null, valid_until?: string | null,
 *   form?: string, number?: string | null, replaces?: {number: string | null} | null, missing?: string | null, uncounted?: string | null}} Item */
/** @typedef {'you' | 'ministry' | 'nobody'} Turn */

const JOURNEY = 21; // days: clearance, veterinary papers, a flight and its delays; a reminder, not a rule
const DECISION = 45; // days: the same, and the ministry's findings, approval and stamp before

/** @param {Item} item @returns {{word: string, next: string, turn: Turn, ended: boolean}} */
export function standing(item) {
  const [word, next, turn, ended] = rows(item);
  return { word, next, turn, ended };
}

/** @param {Item} item @returns {[string, string, Turn, boolean]} */
function rows({ state, use, expired, form, number, replaces, missing, uncounted, document_type: kind }) {
  if (state === "draft" && replaces)
    return [t("The ministry is preparing a replacement of {number}", { number: replaces.number }), t("There is nothing for you to do: the ministry fills in the new document and issues it."), "ministry", false];
  if (state === "draft") return [t("Not sent yet"), t("Answer what is open, then send it to the ministry."), "you", false];
  if (state === "submitted") return [t("Sent to the ministry"), t("The ministry examines it and may ask you for more. Look here from time to time."), "ministry", false];
  if (state === "returned") return [t("Sent back to you"), t("Correct what the ministry asks for, then send it again."), "you", false];
  if (state === "refused") return [t("Refused"), t("Nothing more happens to this application. You may ask the ministry, or apply anew."), "nobody", true];
  if (state === "approved" || state === "signing") return [t("Approved"), t("The ministry issues the document next."), "ministry", false];
  if (state === "suspended") return [t("Suspended"), t("Do not let the goods travel: they would be held. The ministry decides how it goes on."), "ministry", true];
  if (state === "revoked") return [t("Ended: no longer valid"), t("Do not use it. Bring the paper back to the ministry."), "nobody", true];
  if (state === "replaced" && missing)
    return [t("Replaced by another document"), t("Use the new document. The old one is stopped at every border: if you find the paper, tell the ministry."), "nobody", true];
  if (state === "replaced") return [t("Replaced by another document"), t("Use the new document. Bring the old paper back to the ministry."), "nobody", true];
  if (state === "lost")
    return [missing === "stolen" ? t("Reported stolen") : t("Reported lost"), t("It is stopped at every border. Ask the ministry for a replacement; if you find the paper, tell the ministry."), "ministry", true];
  if (state === "void") return number ? [t("Void"), t("Do not use it."), "nobody", true] : [t("Withdrawn"), t("Nothing more happens to this application. You may apply anew at any time."), "nobody", true];
  if (use === "imported") return [t("Used: the goods arrived"), t("Nothing more to do."), "nobody", true];
  if (use === "exported") return [t("Used: the goods left"), t("The receiver’s customs take the document over."), "nobody", false];
  if (uncounted === "waiting")
    return [t("A stamp from the border waits for confirmation"), t("A second officer confirms it. Do not use the document for other goods."), "ministry", false];
  const crosses = KINDS.get(kind ?? "")?.manyCrossings; // never used up
  if (expired && crosses) return [t("Expired"), t("Bring the paper back to the ministry. For more crossings apply anew."), "you", true];
  if (expired) return [t("Expired, not used"), t("Bring the paper back to the ministry. For other goods apply anew."), "you", true];
  if (uncounted === "withdrawn") return [t("Issued; its endorsement at the border was withdrawn"), t("It counts as not used; the same document goes with the goods."), "you", false];
  const fetch = form === "electronic" ? t("Download and print it; it goes with the goods.") : t("Fetch the stamped original from the ministry; it goes with the goods.");
  return [crosses ? t("Issued, for many crossings") : t("Issued, not used yet"), fetch, "you", false];
}

/** @param {Turn} turn */
export function turnWord(turn) {
  return { you: t("Your turn"), ministry: t("The ministry’s turn"), nobody: t("Closed") }[turn];
}

/** Whole days from today to the last day of validity, negative when it is over. @param {string} until @param {number} now seconds @param {string} zone */
export function daysLeft(until, now, zone) {
  const today = calendarDay(now, zone);
  return Math.round((Date.parse(`${until}T00:00:00Z`) - Date.parse(`${today}T00:00:00Z`)) / 86_400_000);
}

/** The last day that is soon, for whoever applies today. @param {string} today */
export const soon = (today) => new Date(Date.parse(`${today}T00:00:00Z`) + DECISION * 86_400_000).toISOString().slice(0, 10);

/** What to say of a permit whose expiry leaves little time for the journey; "" where it leaves enough. @param {Item} item @param {number} now @param {string} zone */
export function hurry(item, now, zone) {
  if (item.state !== "issued" || item.use !== "unused" || !item.valid_until || now >= expiresAt(item.valid_until, zone)) return "";
  const left = daysLeft(item.valid_until, now, zone);
  return left > JOURNEY ? "" : t("Little time: the goods must have arrived by {day}. Days left: {left}.", { day: day(item.valid_until), left });
}

/** The same of the day that an application asks for. @param {{record: import('./record.js').Application, now: number, stage: import('../shared/frame.js').Stage}} state */
export function hurryAsked({ record, now, stage }) {
  const until = record.valid_until ?? "";
  if (Number.isNaN(Date.parse(until))) return "";
  const left = daysLeft(until, now, stage.zone);
  return left < 0 || left > DECISION ? "" : t("Little time: the ministry has to decide and the goods have to arrive by {day}. Days left: {left}.", { day: day(until), left });
}
