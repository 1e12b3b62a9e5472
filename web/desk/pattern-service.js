// What the desk asks about suspicious patterns and breeding operations. Each throws `SignedOut`, `Problem`, `Unreachable`.

import { call } from "./enforcement-service.js";

/**
 * @typedef {{rule: string, name: string, severity: string, owner: string, insider: boolean}} Rule
 * @typedef {{at: string, by_name: string}} Said
 * @typedef {Rule & {id: string, why: string, at: string, found_at: string, due_at: string, overdue: boolean, state: string,
 *   permits: {id: string, number: string}[], posts: string[], acknowledged: Said | null,
 *   answers: (Said & {result: string, reason: string})[], steps: string[],
 *   charge: string, moves_at: string | null, escalated: boolean, unheard: boolean}} Pattern
 * @typedef {{rules: (Rule & {hours: number, found: number, open: number, overdue: number, resting: boolean})[],
 *   looked_at: string | null, permits_read: number, complete: boolean} & import('./spread.js').Spread} Summary
 * @typedef {{number: string, holder: string, scientific_name: string, sources: string[], a_year: string, unit: string | null,
 *   since: string, until: string | null, source: string, set_at: string, set_by_name: string}} Operation
 */

/** @param {Record<string, string>} asked @returns {Promise<{items: Pattern[], cursor: string | null}>} */
export const patterns = (asked) => call(`/v1/patterns?${new URLSearchParams(Object.entries(asked).filter(([, value]) => value))}`);

/** @returns {Promise<Summary>} */
export const patternSummary = () => call("/v1/patterns/summary");

/** @param {string} id @returns {Promise<Pattern>} */
export const patternOf = (id) => call(`/v1/patterns/${encodeURIComponent(id)}`);

/** @param {string} id @param {'acknowledge' | 'answer'} step @param {object} body @returns {Promise<Pattern>} */
export const patternStep = (id, step, body) => call(`/v1/patterns/${encodeURIComponent(id)}/${step}`, body);

/** @returns {Promise<{items: Operation[]}>} */
export const operations = () => call("/v1/operations");

/** @param {object} body @returns {Promise<Operation>} */
export const operationEntered = (body) => call("/v1/operations", body);
