// Why only the ministry's duty desk endorses a permit: a refusal that is neither the goods' nor the officer's fault.

import { t } from "./i18n.js";

/** What is the matter and what to do, by the codes of the refusal; "": others too, or none. @param {readonly string[]} codes */
export function dutyDeskOnly(codes) {
  const words = {
    T8: t("The register and the signed status list differ on this permit."),
    P3: t("Another country reported that all goods of this permit have arrived there."),
    import_permit_used: t("The import permit that it names was used for another consignment."),
    import_permit_exceeded: t("More arrives than the import permit that it names allows."),
  };
  const found = codes.flatMap((code) => words[/** @type {keyof typeof words} */ (code)] ?? []);
  return found.length && found.length === codes.length ? [...found, t("Only the ministry’s duty desk can endorse it: call it. Until then write nothing on the paper and let the goods wait.")].join(" ") : "";
}
