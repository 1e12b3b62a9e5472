// What an officer records beside scans: another Party's paper, a case. One form, one event, its photographs under its id.

import { caseBody, caseFaults } from "../shared/case-fields.js";
import { blankQuestion, questionAgain, questionBody, questionFaults } from "./expert-view.js";
import { blankPaper, paperAgain, paperBody, paperFaults } from "./foreign-fields.js";

/**
 * @typedef {Record<string, any>} Entered
 * @typedef {'foreign_permit' | 'case' | 'expert_question'} Kind
 * @typedef {{kind: Kind, id: string, fields: Entered, faults: import('../shared/api.js').FieldError[],
 *   known: {used: {post: string, at: string}[], unconfirmed?: {post: string, at: string}[]} | null, saved: import('./store.js').Kept | null}} Record_
 *   `id`: the event's; `known`: what the register says of the number; `saved`: written down
 */

const MADE = {
  foreign_permit: { blank: blankPaper, faults: paperFaults, body: paperBody, again: paperAgain },
  case: { blank: blankCase, faults: caseFaults, body: caseEvent, again: caseAgain },
  expert_question: { blank: blankQuestion, faults: questionFaults, body: questionBody, again: questionAgain },
};

/** @param {import('./judge.js').Direction} direction @returns {Entered} */
function blankCase(direction) {
  return { kind: "seizure", direction, goods: [{}], people: [{}], route: {}, permit: {} };
}

/** An event's `kind` says what it is; the case's own goes by another name. @param {Entered} fields */
function caseEvent(fields) {
  const { kind, ...body } = caseBody(fields);
  return { case_kind: kind, ...body };
}

/** @param {Entered} event @returns {Entered} */
function caseAgain({ event_id: _, kind: _kind, officer: _officer, post: _post, recorded_at: _at, case_kind, ...fields }) {
  return { route: {}, permit: {}, people: [{}], ...structuredClone(fields), kind: case_kind };
}

/** @param {Kind} kind @param {import('./judge.js').Direction} direction @param {Entered} [given] what is known already @returns {Record_} */
export const begunRecord = (kind, direction, given = {}) => ({
  kind,
  id: crypto.randomUUID(),
  fields: { ...MADE[kind].blank(direction), ...given },
  faults: [],
  known: null,
  saved: null,
});

/** The form of an event that the register refused, under a new id: what was entered is not entered twice. @param {import('./store.js').Kept} kept @returns {Record_} */
export const corrected = (kept) => {
  const kind = /** @type {Kind} */ (kept.event.kind);
  return { kind, id: crypto.randomUUID(), fields: MADE[kind].again(kept.event), faults: [], known: null, saved: null };
};

/** @param {Record_} record */
export const faultsIn = (record) => MADE[record.kind].faults(record.fields);

/** @param {Record_} record @param {{officer: string, post: string}} who @returns {import('./store.js').DeviceEvent} */
export const eventOf = (record, { officer, post }) => ({
  ...MADE[record.kind].body(record.fields),
  kind: record.kind,
  event_id: record.id,
  officer,
  post,
  recorded_at: new Date().toISOString().replace(/\.\d+/, ""),
});
