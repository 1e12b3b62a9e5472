// The goods of one row in a list of applications: what tells it from another.

import { amount } from "./permit-view.js";
import { html, nothing } from "./view.js";

/** @typedef {{scientific_name?: string, term?: string, quantity?: string, unit?: string}} Goods  of a row of GET /v1/permits */

/** "Falco cherrug 2, Ovis ammon 1" @param {Goods[]} lines @param {number} [most] as many, and "…" */
export const goodsWords = (lines, most = Infinity) => {
  const goods = merged(lines);
  return html`${goods.slice(0, most).map((line, index) => html`${index ? ", " : nothing}<span class="taxon" translate="no">${line.scientific_name ?? "–"}</span>${line.quantity ? ` ${amount(line.quantity, line.unit)}` : nothing}`)}${goods.length > most ? " …" : nothing}`;
};

/** Lines of the same goods as one: sixty birds have sixty lines, each with its ring. @param {Goods[]} lines @returns {Goods[]} */
function merged(lines) {
  /** @type {Map<string, Goods>} */
  const found = new Map();
  for (const line of lines) {
    const same = [line.scientific_name, line.term, line.unit].join("|");
    const quantity = sum(found.get(same)?.quantity, line.quantity);
    found.set(same, { ...line, ...(quantity && { quantity }) });
  }
  return [...found.values()];
}

/** Exact to six decimals, as quantities are. @param {string} [one] @param {string} [other] */
export const sum = (one = "", other = "") => (one && other ? String(Math.round((Number(one) + Number(other)) * 1e6) / 1e6) : one || other);
