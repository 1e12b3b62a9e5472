// Why the register refused something, by the name of its problem: the service's own sentence is English.

import { dutyDeskOnly } from "../shared/duty-desk-only.js";
import { ofLine } from "../shared/form-lines.js";
import { language, t } from "../shared/i18n.js";

/** @param {string} slug @param {string} [detail] the service's sentence @param {string[]} [lines] that it is about @param {string[]} [codes] of the verdict, for which it was refused @returns {string} */
export function refusedWord(slug, detail = "", lines = [], codes = []) {
  const desk = slug === "not-usable" ? dutyDeskOnly(codes) : "";
  if (desk) return desk;
  if (language() === "en" && detail) return detail;
  const words = {
    invalid: t("Something in it is wrong or missing."),
    forbidden: t("Your role or your post does not allow it."),
    "lost-device": lostWord(),
    "two-people": t("A second person has to do this."),
    "not-genuine": t("The register does not confirm this permit."),
    "not-usable": t("The permit cannot be used here."),
    "already-used": t("The permit was used already."),
    "quantity-exceeded": ofLine(lines.join(", "), t("More than is permitted.")),
    "wrong-state": t("Not possible in its present state."),
    "no-match": t("The register does not know it."),
    "event-id-reused": t("Another record has taken its place: write it down once more."),
    "too-large": t("The file is too large for the register."),
    "too-many": t("Too many tries. Try again in an hour."),
  };
  return words[/** @type {keyof typeof words} */ (slug)] ?? t("The register could not take it. Try again shortly.");
}

export const lostWord = () => t("This device was reported lost: nothing that it records counts. Hand it in.");
