// A drawing of the identification aid, as big as its place.

import { drawn, tongue } from "./ident.js";
import { html, nothing } from "./view.js";

/** @param {import('./ident.js').Table} table @param {string} name @param {boolean} [described] beside words that say the same it is not */
export const drawing = (table, name, described = true) => html`<svg
  class="drawing"
  viewBox="0 0 240 180"
  role=${described ? "img" : nothing}
  aria-label=${described ? table.drawings[name].shows[tongue()] : nothing}
  lang=${described ? tongue() : nothing}
  aria-hidden=${described ? nothing : "true"}
><use href=${drawn(table, name)}></use></svg>`;
