// What something that is done here is called, and what stands where it has no number.

import { t } from "../shared/i18n.js";

/** @param {{kind: import('./store.js').DeviceEvent['kind'], qr?: string, number?: string}} event */
export function kindWord({ kind, qr, number }) {
  const scan = qr !== undefined ? t("Scan of a code") : number ? t("Check by number") : t("A photo or a PDF");
  const words = { scan, endorsement: t("Endorsement"), undo: t("Endorsement taken back"), foreign_permit: t("Permit of another country"), case: t("Case"), expert_question: t("Question to an expert") };
  return words[kind];
}

/** What stands where no number was vouched for: a code that is held was read. @param {string | undefined} outcome */
export const numberless = (outcome) => (outcome === "hold" ? t("not confirmed as genuine") : t("unread"));
