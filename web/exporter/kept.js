// What was answered and has not reached the service yet: kept in this tab, so that neither a lost network, nor a sign-in that
// ran out, nor a reload loses it. Gone when it was sent, when the person signs out, and with the tab.

/** @typedef {import('./record.js').Application} Application */

const PREFIX = "tamga.application.";

/** @param {string} id the draft's, or "new" @returns {Application | null} */
export function unsent(id) {
  try {
    return JSON.parse(sessionStorage.getItem(PREFIX + id) ?? "null");
  } catch {
    return null;
  }
}

/** @param {string} id @param {Application} record */
export function keepUnsent(id, record) {
  try {
    sessionStorage.setItem(PREFIX + id, JSON.stringify(record));
  } catch {
    // storage is shut or full: the page remembers as long as it lives
  }
}

/** @param {string} id */
export function sent(id) {
  try {
    sessionStorage.removeItem(PREFIX + id);
  } catch {
    // storage is shut: nothing was kept
  }
}

/** The person leaves: the next one at this screen finds nothing of theirs. */
export function forgetAll() {
  try {
    for (const name of Object.keys(sessionStorage)) if (name.startsWith(PREFIX)) sessionStorage.removeItem(name);
  } catch {
    // storage is shut: nothing was kept
  }
}
