// What an exporter asks of the service: one function a call. Each throws `SignedOut`, `Problem` or `Unreachable`.

import { Problem, Unreachable } from "../shared/api.js";
import { language } from "../shared/i18n.js";
import { SignedOut, askAs, bearer } from "../shared/session.js";
import { wholeHistory } from "../shared/whole-history.js";
import { whole } from "./record.js";

/** @typedef {import('./record.js').Application} Application @typedef {import('./record.js').Permit} Permit
 * @typedef {import('../shared/api.js').FieldError} FieldError */

const UPLOAD_AT_MOST = 600_000; // ms; 4 MB at 7 kB/s

/** @param {string} path @param {string} [method] @param {unknown} [content] @param {number} [version] that was read: another one is refused (`edited-meanwhile`) */
async function call(path, method = "GET", content, version) {
  const headers = { "Content-Type": "application/json", ...(version !== undefined && { "If-Match": `"${version}"` }) };
  const options = content === undefined ? {} : { body: JSON.stringify(content), headers };
  return (await askAs(path, { method, ...options })).body;
}

/** @typedef {import('./notices.js').Person} Person @returns {Promise<Person & {id: string}>} */
export const whoAmI = () => call("/v1/me");

/** @param {Person} person @returns {Promise<Person>} */
export const notified = (person) => call("/v1/me", "PUT", person);

/** @param {string} [cursor] @returns {Promise<{items: Permit[], cursor: string | null}>} */
export const listed = (cursor) => call(`/v1/permits${cursor ? `?cursor=${encodeURIComponent(cursor)}` : ""}`);

/** @param {string} id @returns {Promise<Permit>} */
export const permitOf = (id) => call(`/v1/permits/${id}`);

/** @param {string} id @returns {Promise<{at: string, action: string, by: string, detail: Record<string, any>}[]>} */
export const historyOf = (id) => wholeHistory(`/v1/permits/${id}/history`, call);

/** A new draft; the same key makes a second try harmless. @param {Application} record @param {string} key @returns {Promise<Permit>} */
export async function created(record, key) {
  const headers = { "Content-Type": "application/json", "Idempotency-Key": key };
  return (await askAs("/v1/permits", { method: "POST", headers, body: JSON.stringify(whole(record) ?? {}) })).body;
}

/** @param {string} id @param {Application} record @param {number} version @returns {Promise<Permit>} */
export const saved = (id, record, version) => call(`/v1/permits/${id}`, "PUT", whole(record) ?? {}, version);

/** What submitting this would refuse today, and remarks that refuse nothing. @param {Application} record @param {string} id of the draft that it is, "" for none
 * @returns {Promise<{faults: FieldError[], warnings: import("../shared/warnings.js").Warning[]}>} */
export async function checkedOf(record, id) {
  const { errors, warnings } = await checked(record, id);
  return { faults: errors, warnings: warnings ?? [] };
}

/** @param {Application} record @param {string} id @returns {Promise<{errors: FieldError[], warnings?: import("../shared/warnings.js").Warning[]}>} */
const checked = (record, id) => call(`/v1/permits/check${id ? `?${new URLSearchParams({ permit: id })}` : ""}`, "POST", whole(record) ?? {});

/** @param {string} id @param {'submit' | 'withdraw' | 'surrender' | 'lost'} step @param {object} [body] @param {number} [version] @returns {Promise<Permit>} */
export const stepped = (id, step, body = {}, version) => call(`/v1/permits/${id}/${step}`, "POST", body, version);

/** @param {string} id @param {string} paper @returns {Promise<Permit>} */
export const detached = (id, paper) => call(`/v1/permits/${id}/attachments/${paper}/remove`, "POST", {});

/** A short-lived address of the print. @param {string} id @returns {Promise<string>} */
export const printOf = async (id) => (await call(`/v1/permits/${id}/pdf`)).url;

/** @param {string} id @param {string} paper @returns {Promise<string>} */
export const paperOf = async (id, paper) => (await call(`/v1/permits/${id}/attachments/${paper}`)).url;

/**
 * Sends a supporting paper, once more where the token had run out. The same file again is the same paper.
 * @param {string} id @param {Blob} file @param {string} name @param {(part: number) => void} progress 0..1
 * @returns {Promise<Permit['attachments'][number]>}
 */
export async function attached(id, file, name, progress) {
  try {
    return await carried(id, file, name, progress);
  } catch (error) {
    if (!(error instanceof SignedOut)) throw error;
  }
  await permitOf(id); // renews the token
  return carried(id, file, name, progress);
}

/**
 * By XMLHttpRequest: `fetch` cannot say how far it is.
 * @param {string} id @param {Blob} file @param {string} name @param {(part: number) => void} progress
 * @returns {Promise<Permit['attachments'][number]>}
 */
function carried(id, file, name, progress) {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.timeout = UPLOAD_AT_MOST;
    request.open("POST", `/v1/permits/${id}/attachments?name=${encodeURIComponent(name)}`);
    request.setRequestHeader("Authorization", `Bearer ${bearer() ?? ""}`);
    request.setRequestHeader("Content-Type", file.type);
    request.setRequestHeader("Accept-Language", language());
    request.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total);
    request.onerror = request.ontimeout = () => failed(new Unreachable(name));
    request.onload = () => {
      let body;
      try {
        body = JSON.parse(request.responseText);
      } catch {
        failed(new Unreachable(`${request.status}`));
        return;
      }
      if (request.status === 401) failed(new SignedOut());
      else if (request.status >= 400) failed(new Problem({ ...body, status: request.status }, null));
      else done(body);
    };
    request.send(file);
  });
}
