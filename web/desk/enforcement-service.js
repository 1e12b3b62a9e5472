// What the desk asks about foreign permits, cases, alerts and the watch-list. Each throws `SignedOut`, `Problem`, `Unreachable`.

import { importPermitPath } from "../shared/permit-lines.js";
import { askAs, fileAs } from "../shared/session.js";
import { wholeHistory } from "../shared/whole-history.js";

/**
 * @typedef {{id: string, issuer: string, number: string, direction: string, post: string, at: string, officer: string,
 *   state: string, remarks: string[], flagged: boolean, asked: boolean, answer: string | null, scientific_names: string[]}} PaperEntry
 * @typedef {PaperEntry & {issued_on: string | null, sealed: boolean, note: string, version: number, permit: Record<string, any>,
 *   endorsed: null | {at: string, post: string, officer: string, result: string, retained: boolean, transport_document: string,
 *     entered_at: string | null, confirmed_by: string | null, brought_by: string | null, received_at: string,
 *     lines: {line: string, quantity: string}[], withdrawn: null | {at: string, by_name: string, reason: string}},
 *   import_permit_importer?: import('../shared/permit-lines.js').Importer | null,
 *   import_permit_use: {number: string, lines: {line: string, quantity: string}[]} | null,
 *   used: {id: string, post: string, at: string, paper: boolean}[], enquiries: {at: string, by_name: string, channel: string, letter: string}[],
 *   answers: {at: string, by_name: string, result: string, text: string, received_on?: string}[], photos: Photo[], steps: string[]}} Paper
 * @typedef {{sha256: string, size: number, at: string, by_name?: string}} Photo
 */

/** @template T @typedef {{items: T[], cursor: string | null}} Page */

/** @param {string} path @param {unknown} [content] @param {string} [method] @returns {Promise<any>} */
export async function call(path, content, method = content === undefined ? "GET" : "POST") {
  const sent = content === undefined ? {} : { body: JSON.stringify(content), headers: { "Content-Type": "application/json" } };
  return (await askAs(path, { method, ...sent })).body;
}

/** @param {string} path @param {string | null} cursor */
const paged = (path, cursor) => call(cursor ? `${path}?${new URLSearchParams({ cursor })}` : path);

/** @param {string | null} cursor @returns {Promise<Page<PaperEntry>>} */
export const papers = (cursor) => paged("/v1/foreign-permits", cursor);

/** @param {string} id @returns {Promise<Paper>} */
export const paperOf = (id) => call(`/v1/foreign-permits/${encodeURIComponent(id)}`);

/** @param {string} number @returns {Promise<import('../shared/permit-lines.js').ImportPermit>} */
export const importPermit = (number) => call(importPermitPath(number));

/** @param {string} id @param {string} step @param {object} body @returns {Promise<Paper>} */
export const paperStep = (id, step, body) => call(`/v1/foreign-permits/${encodeURIComponent(id)}/${step}`, body);

/** @param {string} id @param {object} body @returns {Promise<Paper>} */
export const paperCorrected = (id, body) => call(`/v1/foreign-permits/${encodeURIComponent(id)}`, body, "PUT");

/** @param {string} id @returns {Promise<import('./correction.js').Line[]>} */
export const paperHistory = (id) => wholeHistory(`/v1/foreign-permits/${encodeURIComponent(id)}/history`, call);

/**
 * Members that this person may not see are not there.
 * @typedef {{id: string, kind: string, state: string, post?: string, place?: string | null, occurred_at: string, reason: string | null,
 *   agency: string | null, goods: Record<string, any>[], permit: Record<string, any> | null, database_id: string | null}} CaseEntry
 * @typedef {CaseEntry & Record<string, any> & {version: number, earlier: number[], steps: string[], photos: Photo[], custody: Record<string, string>[]}} Case
 * @typedef {import('./spread.js').Spread & {complete: boolean}} CaseSummary
 * @typedef {{row: number, ref: string, column: string, code: string, detail: string}} TableFault
 * @typedef {{stored: number, linked: number, updated: number, unchanged: number, refused: TableFault[], noted: TableFault[]}} TakenIn
 */

/** @param {string | null} cursor @returns {Promise<Page<CaseEntry>>} */
export const cases = (cursor) => paged("/v1/cases", cursor);

/** @returns {Promise<CaseSummary>} */
export const caseSummary = () => call("/v1/cases/summary");

/** @param {string} id @param {number | null} [version] before an amendment; null: as it is now @returns {Promise<Case>} */
export const caseOf = (id, version = null) => call(`/v1/cases/${encodeURIComponent(id)}${version === null ? "" : `/versions/${version}`}`);

/** @param {string} id @returns {Promise<Record<string, any>>} */
export const caseAbroad = (id) => call(`/v1/cases/${encodeURIComponent(id)}/abroad`);

/** @param {object} body @returns {Promise<Case>} */
export const caseOpened = (body) => call("/v1/cases", body);

/** @param {string} id @param {object} body @returns {Promise<Case>} */
export const caseAmended = (id, body) => call(`/v1/cases/${encodeURIComponent(id)}`, body, "PUT");

/** @param {string} id @param {'custody' | 'followups'} step @param {object} body @returns {Promise<Case>} */
export const caseStep = (id, step, body) => call(`/v1/cases/${encodeURIComponent(id)}/${step}`, body);

/** @param {string} id @param {Blob} data */
export const casePhoto = async (id, data) => (await askAs(`/v1/cases/${encodeURIComponent(id)}/photos`, { method: "POST", body: data, headers: { "Content-Type": data.type } })).body;

/** @param {Blob} file @returns {Promise<TakenIn>} */
export const tableTaken = async (file) => (await askAs("/v1/cases/table", { method: "POST", body: file, headers: { "Content-Type": "text/csv" } })).body;

/**
 * @typedef {import('../shared/alert-words.js').Alert} Alert
 * @typedef {{id: string, kind: string, value: string, reason: string, until: string, at: string, by_name: string,
 *   state: 'in_force' | 'expired' | 'ended', ended: {by_name: string, reason: string} | null}} WatchEntry
 * @typedef {{email: string, language: string}} Address
 * @typedef {{agency: string, addresses: Address[], version: number,
 *   proposed: {addresses: Address[], at: string, by_name: string, steps: string[]} | null}} Desk
 */

/** @param {string | null} cursor @returns {Promise<Page<Alert>>} */
export const alerts = (cursor) => paged("/v1/alerts", cursor);

/** How many wait for an answer. @returns {Promise<number>} */
export const openAlerts = async () => (await call("/v1/alerts?open=true")).items.length;

/** @param {string} id @param {string} note @returns {Promise<Alert>} */
export const alertAnswered = (id, note) => call(`/v1/alerts/${encodeURIComponent(id)}/acknowledge`, { note });

/** @param {string} id @param {string} reason @returns {Promise<Alert>} */
export const alertReopened = (id, reason) => call(`/v1/alerts/${encodeURIComponent(id)}/reopen`, { reason });

/** @param {string} id @returns {Promise<Record<string, any>>} */
export const alertAbroad = (id) => call(`/v1/alerts/${encodeURIComponent(id)}/abroad`);

/** @returns {Promise<Page<WatchEntry>>} */
export const watched = () => call("/v1/watch-list");

/** @param {object} body @returns {Promise<WatchEntry>} */
export const watchAdded = (body) => call("/v1/watch-list", body);

/** @param {string} id @param {string} reason */
export const watchEnded = (id, reason) => call(`/v1/watch-list/${encodeURIComponent(id)}/end`, { reason });

/** @returns {Promise<Desk[]>} */
export const desks = async () => (await call("/v1/duty-desks")).items;

/** The desk, or what waits for another admin. @param {string} agency @param {Address[]} addresses @returns {Promise<Desk>} */
export const deskNamed = (agency, addresses) => call(`/v1/duty-desks/${agency}`, { addresses }, "PUT");

/** Confirm what another admin proposed. @param {string} agency @param {number} version @returns {Promise<Desk>} */
export const deskConfirmed = (agency, version) => call(`/v1/duty-desks/${agency}/confirm`, { version });

/** The whole table, page after page. @param {boolean} people @returns {Promise<Blob>} */
export async function tableOf(people) {
  /** @type {string[]} */
  const parts = [];
  let cursor = "";
  do {
    const query = new URLSearchParams({ ...(people && { people: "true" }), ...(cursor && { cursor }) });
    const { body, headers } = await fileAs(`/v1/cases/table?${query}`);
    const text = (await body.text()).replace(/^\ufeff/, "");
    parts.push(parts.length ? text.slice(text.indexOf("\n") + 1) : text);
    cursor = headers.get("next-cursor") ?? "";
  } while (cursor);
  return new Blob(["\ufeff", ...parts], { type: "text/csv" });
}

/** A short-lived address, always a download. @param {'foreign-permits' | 'cases'} of @param {string} id @param {string} sha256 @returns {Promise<string>} */
export const photoOf = async (of, id, sha256) => (await call(`/v1/${of}/${encodeURIComponent(id)}/photos/${sha256}`)).url;
