// What one tab keeps of unsent work, by name. Where its storage is shut or full, the page remembers as long as it lives.

/** @param {string} name @returns {any} what was kept, or null */
export function read(name) {
  try {
    return JSON.parse(sessionStorage.getItem(name) ?? "null");
  } catch {
    return null;
  }
}

/** @param {string} name @param {unknown} value */
export function keep(name, value) {
  try {
    sessionStorage.setItem(name, JSON.stringify(value));
  } catch {
    // shut or full
  }
}

/** @param {string} name */
export function drop(name) {
  try {
    sessionStorage.removeItem(name);
  } catch {
    // shut: nothing was kept
  }
}

/** All whose name begins so. @param {string} prefix */
export function dropAll(prefix) {
  try {
    for (const name of Object.keys(sessionStorage)) if (name.startsWith(prefix)) sessionStorage.removeItem(name);
  } catch {
    // shut: nothing was kept
  }
}
