// Where one is: what stands behind # in the address, and back.

/** @typedef {{name: 'list' | 'permit' | 'question' | 'line' | 'goods' | 'papers' | 'return' | 'lost' | 'withdraw' | 'notices' | 'which' | 'none', id: string, question: string, line: number}} Place
 *  `id`: the permit's, "" for an application that is not begun */

const FORM = /^#(?:([A-Za-z0-9._-]{1,80})(?:\/([a-z-]{1,20})(?:\/(\d{1,2})\/([a-z]{1,20}))?)?)?$/;
const BEGIN = "apply";
const NOTICES = "notices";
const WHICH = "which";

/** @param {string} hash @returns {Place} */
export function placeOf(hash) {
  const found = FORM.exec(hash || "#");
  const [id = "", page = "", line, part = ""] = found?.slice(1) ?? [];
  const at = (/** @type {Place['name']} */ name, question = "") => ({ name, id, question, line: Number(line ?? -1) });
  if (!found) return at("none");
  if (!id) return at("list");
  if (id === BEGIN) return { ...at("question", "document"), id: "" };
  if (id === WHICH) return { ...at(WHICH), id: "" };
  if (id === NOTICES) return { ...at(NOTICES), id: "" };
  if (!page) return at("permit");
  if (page === "goods") return line === undefined ? at("goods") : at("line", part);
  if (page === "papers" || page === "return" || page === "lost" || page === "withdraw") return at(page);
  return at("question", page);
}
