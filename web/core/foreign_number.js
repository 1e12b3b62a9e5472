/**
 * Whether the number of another Party's paper has the form that its country is known to use.
 *
 * A form proves nothing: it tells an officer where to look twice.
 */

// Conf. 12.3 recommends WWxxYYYYYY/zz: year, ISO country, serial, and a free ending.
export const RECOMMENDED = "[0-9]{2}([A-Z]{2})[0-9]{6}(/[A-Z0-9]{1,6})?";

/** @type {ReadonlyMap<string, {form: string, example: string}>} */
export const FORMS = new Map([
  ["CZ", { form: "[0-9]{2}CZ[0-9]{6}", example: "23CZ034504" }],
  ["FR", { form: "FR[0-9]{10}-[A-Z]", example: "FR1007533178-E" }],
  ["GB", { form: "[0-9]{2}GB[A-Z]{3}[0-9A-Z]{6}", example: "26GBEXP12345A" }],
  ["ZW", { form: "ZW/[0-9]{1,6}/[0-9]{4}", example: "ZW/4514/2011" }],
]);

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
  if (known && whole(known.form).test(number)) return "known";
  if (recommended) return recommended[1] === country ? "recommended" : "other_country";
  return known ? "unusual" : "unknown";
}

/** @param {string} form */
const whole = (form) => new RegExp(`^(?:${form})$`);
