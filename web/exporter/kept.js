// What was answered and has not reached the service yet: kept in this tab, so that neither a lost network, nor a sign-in that
// ran out, nor a reload loses it. Gone when it was sent, when the person signs out, and with the tab.

import { fieldsOf } from "../shared/application.js";
import { drop, dropAll, keep, read } from "../shared/tab.js";

/** @typedef {import('./record.js').Application} Application */

const PREFIX = "tamga.application.";

/** @typedef {{version: number, base: string}} Made  what the answers were made of: the version that was read, and its answers as JSON
 * @typedef {{record: Application} & Partial<Made>} Kept  `version` and `base` are missing where the release before kept it */

/** What the service has, as what answers are made of. @param {import('./record.js').Permit} permit @returns {Made} */
export const madeOf = (permit) => ({ version: permit.version, base: JSON.stringify(fieldsOf(permit)) });

/** @param {string} id the draft's, or "new" @returns {Kept | null} */
export function unsent(id) {
  const kept = read(PREFIX + id);
  return kept && !("record" in kept) ? { record: kept } : kept;
}

/** @param {string} id @param {Application} record @param {Made} made */
export const keepUnsent = (id, record, { version, base }) => keep(PREFIX + id, { record, version, base });

/** @param {string} id */
export const sent = (id) => drop(PREFIX + id);

/**
 * The service has it: what was answered since it was sent stays kept.
 * @param {string} id under which it was kept @param {string} sent as JSON @param {import('./record.js').Permit} made
 */
export function arrived(id, sent, made) {
  const left = unsent(id)?.record;
  drop(PREFIX + id);
  if (left && JSON.stringify(left) !== sent) keepUnsent(made.id, left, madeOf(made));
}

/** The person leaves: the next one at this screen finds nothing of theirs. */
export const forgetAll = () => dropAll(PREFIX);
