// What the codes of the form mean, in plain words for somebody who meets them for the first time.

import { t } from "../shared/i18n.js";

/** Rarely needed: shown behind the common ones. */
export const SPECIAL_KINDS = ["OO", "OP", "OC", "OA", "OT", "OW", "OM", "OS", "OI", "OY"];

/** @returns {Record<string, string>} what a kind of document is for (Conf. 12.3; Articles III-VII) */
export const KIND_HINTS = () => ({
  E: t("The goods leave for the first time: taken from the wild, bred or grown here."),
  R: t("The goods came from another country before and leave again."),
  I: t("The goods come in from another country, and their species is in Appendix I."),
  OO: t("Appendix III species that another country listed."),
  OP: t("Goods acquired before the Convention applied to their species."),
  OC: t("Appendix I animals bred in captivity, not for commercial purposes."),
  OA: t("Artificially propagated plants."),
  OT: t("Circus, menagerie or travelling exhibition, for many crossings."),
  OW: t("A live animal of your own that travels with you, for many crossings."),
  OM: t("An instrument that travels with its musician, for many crossings."),
  OS: t("Samples that are shown abroad and come back, for many crossings."),
  OI: t("Taken from the sea outside every country’s waters. Only a country with a sea coast issues it."),
  OY: t("Artificially propagated plants of Appendices II and III."),
});

/** @param {string} code @returns {string} what an applicant should have ready (Conf. 10.16, 12.3) */
export function sourceHint(code) {
  const words = {
    W: t("Have the licence for taking them ready."),
    R: t("Taken from the wild as eggs or young and raised."),
    C: t("Second generation or later, or a stock that is known to reach it. Have the breeding records ready."),
    F: t("Born in captivity, and not C."),
    O: t("Say on a later page when they were acquired."),
    U: t("Say why under remarks."),
    I: t("Given together with the earlier source: name that under remarks."),
  };
  return words[/** @type {keyof typeof words} */ (code)] ?? "";
}
