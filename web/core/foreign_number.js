/**
 * Whether the number of another Party's paper has the form that its country is known to use.
 *
 * A form proves nothing: it tells an officer where to look twice.
 */

import { FORMS, RECOMMENDED } from "./generated/foreign_numbers.js";

/**
 * What the form of a written number (legacy_number.js) says of its country.
 *
 * @param {string} country
 * @param {string} number
 * @returns {'known' | 'recommended' | 'unusual' | 'other_country' | 'unknown'}
 */
export function formOf(country, number) {
  const recommended = whole(RECOMMENDED).exec(number);
  const known = FORMS.get(country);
  if (known && whole(known).test(number)) return "known";
  if (recommended) return recommended[1] === country ? "recommended" : "other_country";
  return known ? "unusual" : "unknown";
}

/** @param {string} form */
const whole = (form) => new RegExp(`^(?:${form})$`);
