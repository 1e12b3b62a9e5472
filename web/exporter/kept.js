// What was answered and has not reached the service yet: kept in this tab, so that neither a lost network, nor a sign-in that
// ran out, nor a reload loses it. Gone when it was sent, when the person signs out, and with the tab.

import { drop, dropAll, keep, read } from "../shared/tab.js";

/** @typedef {import('./record.js').Application} Application */

const PREFIX = "tamga.application.";

/** @param {string} id the draft's, or "new" @returns {Application | null} */
export const unsent = (id) => read(PREFIX + id);

/** @param {string} id @param {Application} record */
export const keepUnsent = (id, record) => keep(PREFIX + id, record);

/** @param {string} id */
export const sent = (id) => drop(PREFIX + id);

/**
 * The service has it: what was answered since it was sent stays kept.
 * @param {string} id under which it was kept @param {string} sent as JSON @param {string} draft whose it is from now on
 */
export function arrived(id, sent, draft) {
  const left = unsent(id);
  drop(PREFIX + id);
  if (left && JSON.stringify(left) !== sent) keepUnsent(draft, left);
}

/** The person leaves: the next one at this screen finds nothing of theirs. */
export const forgetAll = () => dropAll(PREFIX);
