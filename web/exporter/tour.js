// What the exporter's tour says.

import { t } from "../shared/i18n.js";

/** @returns {import('../shared/tour.js').Stop[]} */
export const stops = () => [
  { at: "a[href='#apply']", say: t("Begin here. About ten questions, one a page; stop at any time and go on later.") },
  { at: ".cards .turn", say: t("Whose turn it is: yours or the ministry’s. Open the application to see what is missing.") },
  { at: ".answered", say: t("Where the ministry writes to you when something happens.") },
  { at: ".languages", say: t("The language of this page. The permit itself is in English, with Kyrgyz and Russian below.") },
];
