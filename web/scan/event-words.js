// What something that is done here is called, and what stands where it has no number.

import { t } from "../shared/i18n.js";

/** @param {import('./store.js').DeviceEvent['kind']} kind */
export function kindWord(kind) {
  const words = { scan: t("Scan of a code"), endorsement: t("Endorsement"), undo: t("Endorsement taken back"), foreign_permit: t("Permit of another country"), case: t("Case"), expert_question: t("Question to an expert") };
  return words[kind];
}

/** What stands where no number was vouched for: a code that is held was read. @param {string | undefined} outcome */
export const numberless = (outcome) => (outcome === "hold" ? t("not confirmed as genuine") : t("unread"));
