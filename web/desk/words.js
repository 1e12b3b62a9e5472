// States, findings and what was done, in words; and why the service refused.

import { Problem } from "../shared/api.js";
import { dutyDeskOnly } from "../shared/duty-desk-only.js";
import { ofLine } from "../shared/form-lines.js";
import { t } from "../shared/i18n.js";
import { fileWord } from "../shared/picture.js";

/** @param {string} state "" is every state */
export function stateWord(state) {
  const words = {
    "": t("All"),
    draft: t("Draft"),
    submitted: t("Submitted"),
    returned: t("Returned"),
    refused: t("Refused"),
    approved: t("Approved"),
    signing: t("Being signed"),
    issued: t("Issued"),
    suspended: t("Suspended"),
    revoked: t("Revoked"),
    replaced: t("Replaced"),
    lost: t("Lost or stolen"),
    void: t("Void"),
  };
  return words[/** @type {keyof typeof words} */ (state)] ?? state;
}

/** The Scientific Authority's (chalicelib/kernel/roles.py, FINDING_ROLES); the rest is the Management Authority's. */
export const SCIENTIFIC = ["non_detriment", "bred_or_propagated", "import_not_detrimental", "suitably_equipped"];

/** @param {string} kind */
export function findingWord(kind) {
  const words = {
    non_detriment: t("Non-detriment finding"),
    legal_acquisition: t("Legal acquisition"),
    lawful_import: t("Lawful import"),
    bred_or_propagated: t("Bred in captivity or artificially propagated"),
    live_transport: t("Transport of live specimens"),
    import_not_detrimental: t("Import not detrimental"),
    suitably_equipped: t("Recipient suitably equipped"),
    not_primarily_commercial: t("Not primarily commercial"),
  };
  return words[/** @type {keyof typeof words} */ (kind)] ?? kind;
}

/** @param {string} result */
export function resultWord(result) {
  const words = { positive: t("Positive"), negative: t("Negative"), conditional: t("With conditions") };
  return words[/** @type {keyof typeof words} */ (result)] ?? result;
}

/** @param {string} action of a line of history */
export function actionWord(action) {
  const words = {
    create: t("Draft made"),
    edit: t("Edited"),
    submit: t("Submitted"),
    attach: t("Paper added"),
    detach: t("Paper taken out"),
    withdraw: t("Withdrawn"),
    return: t("Returned to the author"),
    refuse: t("Refused"),
    find: t("Finding"),
    approve: t("Approved"),
    override: t("Exception granted"),
    issue: t("Number given"),
    sign: t("Signed"),
    signed: t("Issued"),
    attempt: t("Signing tried"),
    give_up: t("Signing abandoned"),
    void: t("Number void"),
    suspend: t("Suspended"),
    reinstate: t("Reinstated"),
    settled: t("Difference from the status list settled"),
    revoke: t("Revoked"),
    lost: t("Reported lost or stolen"),
    replace: t("Replacement begun"),
    replaced: t("Replaced"),
    surrender: t("Given back unused"),
    endorse: t("Endorsed at the border"),
    confirm: t("Endorsement confirmed"),
    undo: t("Endorsement withdrawn"),
    sync: t("Endorsed offline"),
    keep_apart: t("Sent by a lost device: not counted"),
    resolve: t("Finding at the border settled"),
    stamp: t("Stamp put on by hand"),
    print: t("Printed"),
    print_original: t("Original printed"),
    import_legacy: t("Taken over from the paper register"),
    restored: t("Restored"),
    quota_lapsed: t("Expired unused: its part of the quota went back"),
    corrected: t("Corrected"),
    confirmed_abroad: t("Reported by another Party"),
    propose_set_aside: t("Proposed to set a report of another Party aside"),
    set_aside: t("Report of another Party set aside"),
  };
  return words[/** @type {keyof typeof words} */ (action)] ?? action;
}

/** What a permit is called, and an application that has no number yet. @param {{number?: string | null, replaces?: {number: string | null} | null}} permit */
export function titleOf({ number, replaces }) {
  return number ?? (replaces?.number ? t("Application: replaces {number}", { number: replaces.number }) : t("Application"));
}

/** Why it was not done; the reference finds it in the service's log. @param {unknown} error */
export function troubleWord(error) {
  if (!(error instanceof Problem)) return t("The service does not answer. What you entered is still here: try again.");
  const words = {
    "digest-mismatch": t("The application has changed since you read it. Read it again: the checksum below is the new one."),
    "edited-meanwhile": t("Not done: somebody else has changed it since you opened it. Read it again."),
    "two-people": t("Whoever wrote, submitted or judged it may not approve it: another person does."),
    forbidden: t("Your role does not allow this."),
    "wrong-state": t("This is not possible in its present state, or something is still missing: findings, for example."),
    "no-match": t("There is no such permit, or number and check code do not belong together."),
    "not-usable": dutyDeskOnly(error.codes) || t("The permit cannot be used there."),
    "not-genuine": t("The register does not confirm this permit."),
    "already-used": t("This permit has been used already."),
    "kept-as-conflict": t("Recorded as a second use: it contradicts another endorsement. Look the permit up again; if the goods are still here, another officer takes it back."),
    "quantity-exceeded": ofLine(error.lines.join(", "), t("More than is permitted.")),
    "too-large": fileWord({ kind: "large" }),
    "too-many": t("Too many tries. Try again in an hour."),
    invalid: t("Something entered is wrong or missing."),
  };
  const own = words[/** @type {keyof typeof words} */ (error.slug)] ?? t("The service could not do it. Try again shortly.");
  return error.reference ? `${own} (${error.reference})` : own;
}
