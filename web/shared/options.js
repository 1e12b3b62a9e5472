// The options of a list to choose from, where some are usual of what one writes about: these first, then all others.

import { t } from "./i18n.js";
import { html } from "./view.js";

/** @typedef {{value: string, text: string}} Option */

/** @param {readonly Option[]} options @param {string} value @param {readonly string[]} [usual] */
export function optionsView(options, value, usual = []) {
  const one = (/** @type {Option} */ { value: code, text }) => html`<option value=${code} .selected=${code === value}>${text}</option>`;
  if (!usual.length) return html`${options.map(one)}`;
  const [first, rest] = [true, false].map((wanted) => options.filter(({ value: code }) => usual.includes(code) === wanted));
  return html`<optgroup label=${t("Usual for this species")}>${first.map(one)}</optgroup>
    <optgroup label=${t("All others")}>${rest.map(one)}</optgroup>`;
}
