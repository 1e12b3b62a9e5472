// Where one is on the desk: what stands behind # in the address.

/** @typedef {{screen: 'queue' | 'permit' | 'prepare' | 'stamps' | 'deputies' | 'quotas' | 'reports' | 'species' | 'devices' | 'duty' | 'enquiry' | 'experts' | 'identify' | 'foreign' | 'cases' | 'alerts' | 'watch' | 'patterns' | 'operations' | 'exchange', id: string, words: string}} Place */

/** The states of the queue in the order of work; "" is every state. */
export const QUEUE = ["submitted", "approved", "draft", "returned", "issued", "suspended", "lost", "revoked", "replaced", "refused", "void", ""];

/** As the service takes them in an address (http/requests.py): a link of a stranger's leads to no other address of it. */
const ID = /^(?!\.+$)[A-Za-z0-9._-]{0,80}$/;

const STEPS = /^[a-z0-9/-]*$/; // in the identification aid, as many as one takes

/** `#/queue/submitted`, `#/queue/` (every state), `#/search/saker`, `#/permit/ID`, `#/prepare/ID`, `#/stamps/RUN`, `#/quotas/2026`, `#/quotas/QUOTA`, `#/exchange/AE`, `#/identify/horn/0` @param {string} hash @returns {Place} */
export function placeOf(hash) {
  const [screen = "", ...rest] = hash.replace(/^#\/?/, "").split("/");
  const given = decoded(rest.join("/"));
  if (given === null) return nowhere();
  if (screen === "search") return { screen: "queue", id: "", words: given };
  if (screen === "foreign" || screen === "cases" || screen === "experts" || screen === "alerts" || screen === "watch" || screen === "patterns" || screen === "operations") return { screen, id: given, words: "" };
  if (screen === "permit" || screen === "prepare" || screen === "stamps" || screen === "quotas") return ID.test(given) ? { screen, id: given, words: "" } : nowhere();
  if (screen === "identify") return STEPS.test(given) ? { screen, id: given, words: "" } : nowhere();
  if (screen === "exchange") return /^([A-Z]{2})?$/.test(given) ? { screen, id: given, words: "" } : nowhere();
  if (screen === "duty" || screen === "enquiry" || screen === "deputies" || screen === "devices" || screen === "reports" || screen === "species") return { screen, id: "", words: given };
  return { screen: "queue", id: rest.length && QUEUE.includes(given) ? given : "submitted", words: "" };
}

/** @returns {Place} */
const nowhere = () => ({ screen: "queue", id: "submitted", words: "" });

/** null: no address of ours. @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** What the queue asks for there. @param {Place} place */
export const asked = (place) => (place.words ? { q: place.words } : place.id ? { state: place.id, order: /** @type {const} */ ("waiting") } : {});
