// What the desk's tour says; each person is shown what they have.

import { t } from "../shared/i18n.js";

/** @returns {import('../shared/tour.js').Stop[]} */
export const stops = () => [
  { at: ".tabs a[href='#/queue']", say: t("All applications and permits, those waiting longest first.") },
  { at: "#q", say: t("A permit is found by its number, by a name or by a species.") },
  { at: ".tabs a[href='#/prepare/new']", say: t("A new application, in the order of the form’s blocks. It saves itself.") },
  { at: ".tabs a[href='#/stamps']", say: t("The stock of security stamps: which are left, and whose each one is.") },
  { at: ".tabs a[href='#/duty']", say: t("For a post by telephone, or from a paper that was stamped without a network.") },
  { at: ".tabs a[href='#/enquiry']", say: t("A foreign authority asks about a permit: the answer is written for you to send.") },
  { at: "#decide", say: t("What you can do with this permit, and nothing else. Who prepared it never approves it.") },
  { at: "#history", say: t("Who did what and when. Nobody can change it.") },
];
