// What is odd about another Party's paper, and what its issuer said, in words.

import { t } from "./i18n.js";

export const OTHER_IMPORTER = "import_permit_other_importer"; // the remark beside which both names are shown

/** @param {string} remark of chalicelib/verification/model/foreign_permit.py, REMARKS */
export function remarkWord(remark) {
  const words = {
    used_before: t("A permit with this number was used before: hold, and ask the issuing country."),
    used_again: t("The number of this paper was used again later: hold what came later, and ask the issuing country."),
    issuer_denies: t("The issuing country says that it did not issue this."),
    import_permit_unknown: t("The import permit that it names is not in our register: compare the number; if the paper has it so, hold."),
    import_permit_other_kind: t("The number that it names as our import permit is of another kind of document: hold."),
    import_permit_not_valid: t("The import permit that it names is not valid: hold."),
    import_permit_used: t("The import permit that it names was used before: hold."),
    import_permit_exceeded: t("More arrives than the import permit that it names allows: hold."),
    import_permit_other_goods: t("The import permit that it names is for other species: hold."),
    import_permit_other_importer: t("The import permit that it names is for another importer: compare both names; hold if they are not the same."),
    import_permit_lines: t("The goods match no single line of the import permit: all of it counts as used. Take the endorsement back, choose its lines and endorse again."),
    issuer_differs: t("The issuing country holds other particulars: compare."),
    surplus: t("More arrived under this number, in parts, than stands on the paper: compare, and ask the issuing country."),
    stamp_waits: t("A hand-stamped endorsement under this number waits for a second officer: compare."),
    number_unusual: t("Numbers of this country look otherwise: look twice."),
    number_other_country: t("The number names another country: look twice."),
    party_has_codes: t("This country prints codes that can be checked: look for one."),
    exporter_elsewhere: t("Its exporter is in another country than the one that issued it."),
    expired: t("Its last day of validity is over."),
    not_yet_valid: t("Its day of issue is still to come."),
    valid_too_long: t("It claims to be valid for longer than the Convention allows."),
    not_for_us: t("Its importer is in another country."),
    no_import_permit: t("Appendix I, wild: an import permit of ours is needed, and none is named."),
    unknown_species: t("A species that our list does not know."),
    appendix_differs: t("Another Appendix than the list has."),
    out_of_range: t("The country of origin is far outside the native range of this species."),
    no_seal: t("Stamp, signature or seal is missing."),
  };
  return words[/** @type {keyof typeof words} */ (remark)] ?? remark;
}

/** @param {string} result of an answer of the issuing country */
export function answerWord(result) {
  const words = {
    confirmed: t("It is theirs, and valid"),
    denied: t("It is not theirs"),
    differs: t("It is theirs, with other particulars"),
    no_answer: t("No answer came"),
  };
  return words[/** @type {keyof typeof words} */ (result)] ?? result;
}
