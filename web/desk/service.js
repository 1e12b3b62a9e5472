// What the desk asks of the service: one function a call. Each throws `SignedOut`, `Problem` or `Unreachable`.

import { Problem } from "../shared/api.js";
import { askAll, askAs, fileAs } from "../shared/session.js";
import { wholeHistory } from "../shared/whole-history.js";

/**
 * @typedef {import('../shared/application.js').Application} Application
 * @typedef {import('../shared/api.js').FieldError} FieldError
 * @typedef {{kind: string, result: string, note: string, by: string, at: string, current: boolean}} Finding
 * @typedef {Application & {id: string, state: string, use: string, expired: boolean, number: string | null, version: number,
 *   digest: string | null, creator: string, steps: string[], findings_needed: string[], findings: Finding[],
 *   approvals: {by_name: string, represented_name: string, at: string, digest: string}[], reason: string | null,
 *   attachments: {id: string, name: string, size: number, at: string, by: string}[], uses: import('../shared/show.js').UseShown[],
 *   replaces: {id: string, number: string | null} | null, replaced_by: {id: string, number: string | null} | null,
 *   replaces_reason: string | null, block_5: string, missing: string | null, check_code?: string, qr?: string, submitted_at: string | null,
 *   species_list: {as_of: string, version: string} | null, difference: Difference | null}} Permit
 * @typedef {"restore" | "withdraw"} Choice
 * @typedef {{value: number, own: number, listed_at: string, steps: Choice[],
 *   proposal: {choice: Choice, reason: string, by_name: string, at: string} | null}} Difference  between the status list (`value`) and the register (`own`)
 * @typedef {{id: string, state: string, expired: boolean, number: string | null, document_type: string | null,
 *   exporter: string | null, importer: string | null, scientific_names: string[], created_at: string,
 *   lines: import('../shared/goods-words.js').Goods[], replaces: {id: string, number: string | null} | null,
 *   submitted_at: string | null, waiting_since: string}} Entry
 * @typedef {{line: number | null, limited_by: string, limit: string, excess: string}} StopIdentity
 * @typedef {{field: string, code: string, detail: string, identity: StopIdentity, asked_again: boolean,
 *   override: {by_name: string, at: string, reason: string} | null}} Stop
 * @typedef {{id: string, number: string | null, state: string}} Same  another export that names the same import permit
 * @typedef {{digest: string, items: Stop[], same_import_permit: Same[],
 *   warnings?: import("../shared/warnings.js").Warning[]}} Stops
 * @typedef {{permit_id: string, stops: [string, string][], rules: string[], reason: string, by_name: string, at: string}} Override
 * @typedef {{at: string, by: string, by_name: string, for_name?: string, action: string, to: string, detail: Record<string, any>}} Event
 */

/** @param {string} path @param {string} [method] @param {unknown} [content] @param {Record<string, string>} [headers] */
async function call(path, method = "GET", content, headers = {}) {
  if (content === undefined) return (await askAs(path, { method })).body;
  const sent = { body: JSON.stringify(content), headers: { "Content-Type": "application/json", ...headers } };
  return (await askAs(path, { method, ...sent })).body;
}

/** @param {{state?: string, q?: string, order?: "waiting", cursor?: string}} asked @returns {Promise<{items: Entry[], cursor: string | null}>} */
export const listed = (asked) =>
  call(`/v1/permits?${new URLSearchParams(Object.entries(asked).filter(([, value]) => value))}`);

/** @param {string} id @returns {Promise<Permit>} */
export const permitOf = (id) => call(`/v1/permits/${id}`);

/** What stops it for good, and who let it pass. @param {string} id @returns {Promise<Stops>} */
export const stopsOf = (id) => call(`/v1/permits/${id}/stops`);

/** @param {string} id @param {object} body stops, reason, digest @returns {Promise<Permit>} */
export const overridden = (id, body) => call(`/v1/permits/${id}/override`, "POST", body);

/** Propose how a difference is settled, or confirm what another proposed. @param {string} id @param {{choice: Choice, reason: string}} body @returns {Promise<{settled: boolean}>} */
export const differenceSettled = (id, body) => call(`/v1/permits/${id}/difference`, "POST", body);

/** This year's. @returns {Promise<{items: Override[], people: {by_name: string, count: number}[]}>} */
export const overrides = () => call("/v1/overrides");

/** @param {string} id @returns {Promise<Event[]>} */
export const historyOf = (id) => wholeHistory(`/v1/permits/${id}/history`, call);

const MEANT = ["submit", "withdraw", "return", "refuse", "approve", "issue"]; // refused (`edited-meanwhile`) on another version

/** @param {string} id @param {string} step @param {object} body @param {number} version that was read @returns {Promise<Permit>} */
export const stepped = (id, step, body, version) =>
  call(`/v1/permits/${id}/${step === "find" ? "findings" : step}`, "POST", body, MEANT.includes(step) ? { "If-Match": `"${version}"` } : {});

/** @param {Application} record @param {string} key makes a second try harmless @returns {Promise<Permit>} */
export const created = (record, key) => call("/v1/permits", "POST", record, { "Idempotency-Key": key });

/** Refused (`edited-meanwhile`) if it has another version by now. @param {string} id @param {Application} record @param {number} version @returns {Promise<Permit>} */
export const saved = (id, record, version) => call(`/v1/permits/${id}`, "PUT", record, { "If-Match": `"${version}"` });

/** What submitting would refuse today, the findings it will ask for, and remarks that refuse nothing. @param {Application} record @param {string} [id] of the draft that it is */
export async function checked(record, id) {
  const { errors, findings_needed: findings, warnings } = await call(`/v1/permits/check${id ? `?${new URLSearchParams({ permit: id })}` : ""}`, "POST", record);
  return { faults: /** @type {FieldError[]} */ (errors), findings: /** @type {string[]} */ (findings), warnings: /** @type {import("../shared/warnings.js").Warning[]} */ (warnings ?? []) };
}

/** @param {string} id @param {string} paper @param {string} reason */
export const detached = (id, paper, reason) => call(`/v1/permits/${id}/attachments/${paper}/remove`, "POST", { reason });

/** A short-lived address of another origin, always a download: no paper is ever opened inside this page. @param {string} id @param {string} paper @returns {Promise<string>} */
export const paperOf = async (id, paper) => (await call(`/v1/permits/${id}/attachments/${paper}`)).url;

/** The print as the service made it. @param {string} id @param {boolean} original */
export const printOf = (id, original) => fileAt(`/v1/permits/${id}/pdf${original ? "?original=true" : ""}`);

/** The form as it would print, marked as no permit. @param {string} id */
export const previewOf = (id) => fileAt(`/v1/permits/${id}/preview`);

/** The permit as other Parties read it. @param {string} id */
export const xmlOf = (id) => fileAt(`/v1/permits/${id}/epix`, "application/xml");

/**
 * @typedef {{calls: {at: string, country: string, side: string, operation: string, outcome: string}[],
 *   confirmations: {country: string, at: string, steps: ("propose_set_aside" | "set_aside")[],
 *     set_aside: {by_name: string, at: string, reason: string, confirmed_by_name?: string, confirmed_at?: string} | null,
 *     lines: {line: string, quantity: string}[],
 *     remarks: {code: string, line: string, theirs: string, ours: string}[]}[]}} Exchanged
 */

/** What went between Parties about it. @param {string} id @returns {Promise<Exchanged>} */
export const exchangedOf = (id) => call(`/v1/permits/${id}/exchange`);

/** @param {string} path @param {string} [kind] @returns {Promise<Blob>} */
const fileAt = async (path, kind = "application/pdf") => (await answerAt(path, kind)).body;

/** A file as the service sends it, with its headers. @param {string} path @param {string} kind */
export const answerAt = (path, kind) => fileAs(path, { headers: { Accept: kind } });

/** @param {string} id @param {File | Blob} file @param {string} name */
export const attached = async (id, file, name) =>
  (
    await askAs(`/v1/permits/${id}/attachments?name=${encodeURIComponent(name)}`, {
      method: "POST",
      body: file,
      headers: { "Content-Type": file.type },
    })
  ).body;

/** The verdict of a number and check code, with an officer's detail. @param {string} number @param {string} code @returns {Promise<import('../shared/show.js').Verdict>} */
export const looked = (number, code) => call(`/v1/verify/number?${new URLSearchParams(code ? { number, code } : { number })}`);

/**
 * @typedef {{id: string, first: string, last: string, total: number, used: number, spoiled: number, left: number,
 *   by_name: string}} StampRun
 * @typedef {{items: StampRun[], next: string | null}} Stock  `next`: the free one that a form proposes
 * @typedef {{stamp_number: string, permit: {id: string, number: string | null, state: string} | null,
 *   spoiled: {reason: string, by_name: string, at: string} | null}} Stamp
 */

/**
 * @typedef {{id: string, name: string}} Who
 * @typedef {{id: string, state: string, first: string, last: string, reason: string, deputy: Who, represented: Who,
 *   by: string, by_name: string, confirmed_by_name: string | null, ended_by_name: string | null}} Deputation
 */

/** @returns {Promise<{items: Deputation[], people: (Who & {roles: string[]})[]}>} */
export const deputies = () => call("/v1/deputies");

/** @param {object} body deputy, represented, first, last, reason */
export const deputyNamed = (body) => call("/v1/deputies", "POST", body);

/** @param {string} id @param {"confirm" | "end"} verb */
export const deputyTold = (id, verb) => call(`/v1/deputies/${id}/${verb}`, "POST", {});

/** @param {string} post @returns {Promise<import('./devices.js').Device[]>} */
export const devicesOf = (post) => askAll("/v1/devices", { post });

/** @param {string} id */
export const deviceLost = (id) => call(`/v1/devices/${encodeURIComponent(id)}/revoke`, "POST", {});

/** @param {string} id @returns {Promise<import('../shared/kept-apart.js').Apart[]>} */
export const keptOf = (id) => askAll(`/v1/devices/${encodeURIComponent(id)}/kept`);

/** @returns {Promise<Stock>} */
export const stock = () => call("/v1/stamps");

/** @param {string} run @param {string} [cursor] @returns {Promise<{items: Stamp[], cursor: string | null}>} */
export const stampsOf = (run, cursor) => call(`/v1/stamps/${encodeURIComponent(run)}${cursor ? `?${new URLSearchParams({ cursor })}` : ""}`);

/** @param {object} body prefix, first, last */
export const runEntered = (body) => call("/v1/stamps", "POST", body);

/** @param {object} body number, reason */
export const spoiled = (body) => call("/v1/stamps/spoiled", "POST", body);

/**
 * @typedef {{id: string, year: number, scientific_name: string, terms: string[], sources: string[], quantity: string,
 *   unit: string | null, before: string, source: string, as_of: string, note: string, granted: string, used: string,
 *   outstanding: string, lapsed: string, total: string, left: string, set_at: string, set_by_name: string}} Quota
 * @typedef {{used: string, outstanding: string, lapsed: string}} Taken
 * @typedef {{at: string, by_name: string, quantity: string, taken: Taken, reason?: string,
 *   permits: (Taken & {id: string, number: string | null, action: string})[],
 *   set?: {quantity: string, source: string}, was?: {quantity: string} | null, proposed_by_name?: string}} QuotaChange
 * @typedef {{id: string, scientific_name: string, terms: string[], sources: string[], quantity: string, unit: string | null,
 *   before: string, source: string, was: string, reason: string, at: string, by_name: string, version: number,
 *   steps: string[]}} QuotaProposal  a higher figure that waits for another administrator
 */

/** @param {string} year "" is the present one @returns {Promise<{year: number, items: Quota[], proposals: QuotaProposal[]}>} */
export const quotas = (year) => call(`/v1/quotas${year ? `?${new URLSearchParams({ year })}` : ""}`);

/** @param {string} id @param {string} [cursor] @returns {Promise<{items: QuotaChange[], cursor: string | null}>} */
export const quotaHistory = (id, cursor) => call(`/v1/quotas/${encodeURIComponent(id)}/history${cursor ? `?${new URLSearchParams({ cursor })}` : ""}`);

/** @param {object} body the figure and its scope @returns {Promise<Quota | QuotaProposal>} */
export const quotaEntered = (body) => call("/v1/quotas", "POST", body);

/** @param {string} id @param {object} body the figure @returns {Promise<Quota | QuotaProposal>} */
export const quotaChanged = (id, body) => call(`/v1/quotas/${encodeURIComponent(id)}`, "PUT", body);

/** Confirm what another administrator proposed. @param {string} id @param {number} version @returns {Promise<Quota>} */
export const quotaConfirmed = (id, version) => call(`/v1/quotas/${encodeURIComponent(id)}/confirm`, "POST", { version });

/** The quotas that bound each name of a form, in the year that its lines name or the present one. @param {Application} record @returns {Promise<Map<string, {year: number, items: Quota[]}>>} */
export async function quotasOf(record) {
  /** @type {Map<string, string>} */
  const wanted = new Map((record.lines ?? []).filter((/** @type {Application} */ line) => line.scientific_name).map((/** @type {Application} */ line) => [line.scientific_name, /^[0-9]{4}$/.test(line.quota_year ?? "") ? line.quota_year : ""]));
  const found = [...wanted].map(async ([name, year]) => /** @type {const} */ ([name, await call(`/v1/quotas?${new URLSearchParams({ scientific_name: name, ...(year ? { year } : {}) })}`)]));
  return new Map(await Promise.all(found));
}

/** @param {object} body @returns {Promise<any>} the receipt */
export const endorsed = (body) => call("/v1/endorsements", "POST", body);

/** @param {string} event @returns {Promise<any>} the receipt */
export const confirmed = (event) => call(`/v1/endorsements/${encodeURIComponent(event)}/confirm`, "POST", {});

/** @param {string} event @param {{event_id: string, reason: string}} body @returns {Promise<any>} the receipt */
export const takenBack = (event, body) => call(`/v1/endorsements/${encodeURIComponent(event)}/undo`, "POST", body);

/** @typedef {{url: string, width: number, height: number}} Picture  `url`: of the page's own, until it is revoked; px */

/** A photograph, null where it cannot be had or read. Throws `SignedOut`, `Unreachable`. @param {string} path @returns {Promise<Picture | null>} */
export async function pictureOf(path) {
  const data = await fileAt(path, "image/jpeg").catch((error) => {
    if (error instanceof Problem) return null;
    throw error;
  });
  const decoded = data && (await createImageBitmap(data).catch(() => null));
  if (!decoded) return null;
  const { width, height } = decoded; // the page keeps its place: nothing moves when it is painted
  decoded.close();
  return { url: URL.createObjectURL(data), width, height };
}

/** The photographs of block 14 that were sent with an endorsement. @param {string} event @returns {Promise<import('./block14.js').Stamped[]>} */
export async function stampedOf(event) {
  const all = `/v1/endorsements/${encodeURIComponent(event)}/photos`;
  /** @type {{items: {sha256: string, by_name: string, at: string}[]}} */
  const { items } = await call(all);
  return Promise.all(items.map(async ({ sha256, by_name, at }) => ({ by_name, at, picture: await pictureOf(`${all}/${sha256}`) })));
}

/** @param {string} event @param {Blob} data */
export const stampedSent = async (event, data) =>
  (await askAs(`/v1/endorsements/${encodeURIComponent(event)}/photo`, { method: "POST", body: data, headers: { "Content-Type": data.type } })).body;
