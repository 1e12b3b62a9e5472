// A call between Parties in words: what was asked, and what came of it.

import { t } from "../shared/i18n.js";
import { html } from "../shared/view.js";

/** What a Party may be let ask of us (chalicelib/exchange/services/parties.py). */
export const OPERATIONS = ["GetNonFinalCitesCertificate", "GetFinalCitesCertificate", "ConfirmQuantities", "ServiceState"];

/** @param {string} operation */
export function operationWord(operation) {
  const words = {
    GetNonFinalCitesCertificate: t("asked for the permit"),
    GetFinalCitesCertificate: t("asked for what left (block 14)"),
    ConfirmQuantities: t("reported what was found"),
    ServiceState: t("asked whether the service answers"),
    enter: t("access list"),
  };
  return words[/** @type {keyof typeof words} */ (operation)] ?? operation;
}

/** The same as a right. @param {string} operation */
export function rightWord(operation) {
  const words = {
    GetNonFinalCitesCertificate: t("ask for a permit"),
    GetFinalCitesCertificate: t("ask for what left (block 14)"),
    ConfirmQuantities: t("report what was found"),
    ServiceState: t("ask whether the service answers"),
  };
  return words[/** @type {keyof typeof words} */ (operation)] ?? operation;
}

/** EPIX's own words for a refusal (docs/EXCHANGE.md) are said in ours. @param {{operation: string, outcome: string}} call */
export function outcomeWord({ operation, outcome }) {
  const words = {
    answered: operation === "ConfirmQuantities" ? t("kept") : t("given out"),
    taken: t("kept"),
    same: t("the same as before"),
    active: t("open"),
    closed: t("shut out"),
    unavailable: t("no answer"),
    malformed: t("an answer that cannot be read"),
    PermitNotFound: t("refused: no such permit, or none for who asked"),
    NotInForce: t("refused: the permit is not in force"),
    NotFinal: t("refused: nothing has left yet"),
    CertificateMissing: t("refused: no valid certificate"),
    CallerNotFound: t("refused: not on the access list"),
    AdapterNotAvailable: t("refused: this question is not open to who asked"),
    "too-many": t("refused: too many questions"),
  };
  return words[/** @type {keyof typeof words} */ (outcome)] ?? html`<span class="mono" translate="no">${outcome}</span>`;
}
