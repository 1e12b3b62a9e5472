// Why a field is refused, in words (codes of chalicelib/core/rules.py and shape.py). A rule of the trade that has no words
// here is said in the service's, which name block and source.

import { t } from "../shared/i18n.js";

/** @param {import('../shared/api.js').FieldError} fault */
export function faultWord(fault) {
  const words = {
    required: t("missing"),
    short: t("too short: it would be found everywhere"),
    window: t("later than today, and within two years"),
    too_long: t("too long"),
    characters: t("holds characters that cannot be printed"),
    not_latin: t("Latin letters only; the original goes into the field for its own script"),
    unknown: t("not in the list"),
    date: t("no such day"),
    past: t("this day is over"),
    future: t("this day is still to come"),
    too_late: t("later than this kind of document may be valid"),
    quantity: t("digits, more than zero, with at most six decimals"),
    whole_number: t("pieces are a whole number"),
    not_issuer: t("this must be the country that issues the document"),
    same_country: t("sender and receiver are in the same country"),
    contradicts_list: t("the species list says otherwise"),
    not_in_list: t("the species list does not have this name, or not all of it"),
    from_the_sea: t("from the sea stands with source X; what was landed here has a certificate of introduction from the sea"),
    suspended: t("trade in this species is suspended"),
    not_listed: t("not listed by CITES: no document is needed"),
    commercial: t("not for commercial purposes under this document"),
    kind: t("does not go with this document"),
    kingdom: t("does not go with this kingdom"),
    appendix: t("does not go with this Appendix"),
    malformed: t("cannot be read"),
    not_in_stock: t("no series of stamps has this number"),
    taken: t("another permit has it"),
    spoiled: t("this stamp was written off"),
    ministry: t("the ministry gives the stamps of its stock"),
    digits: t("the digits alone, as they are printed"),
    length: t("as many digits as the first: with the noughts that are printed"),
    order: t("not before the first"),
    too_many: t("too many at once"),
    overlaps: t("some of these are in stock already"),
    role: t("the register does not know this person in that role"),
    quota_passed: t("more than the quota has left"),
    quota_zero: t("zero quota: nothing is exported"),
    quota_unset: t("last year had a quota, and this year’s is not entered yet"),
    no_quota: t("no quota of this year is on record for it"),
    year: t("a year in four digits"),
    exists: t("there is a figure for this already: change that one"),
    below_taken: t("more is granted already"),
    digit: t("ends before the digits"),
  };
  return words[/** @type {keyof typeof words} */ (fault.code)] ?? fault.detail;
}
