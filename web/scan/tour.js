// What the scanner's tour says: on the screen that scans, and under Shift.

import { t } from "../shared/i18n.js";

/** @returns {import('../shared/tour.js').Stop[]} */
export const stops = () => [
  { at: ".status", say: t("What this device knows, how old that is, and what waits to be sent. One tap fetches and sends.") },
  { at: ".directions", say: t("First: what happens to the goods here? They leave, arrive, pass through or come back.") },
  { at: "label:has(#goods)", say: t("Leave the tick where the goods are before you. Take it away when you see papers only.") },
  { at: "#camera", say: t("Then the camera: hold the square code before it. It looks for nothing else.") },
  { at: ".button.file", say: t("A photo or a PDF does as well.") },
  { at: "details:has(#number)", say: t("And so do number and check code, where there is a network.") },
  { at: "#identify", say: t("Goods that you cannot name: a few questions with drawings tell what they may be.") },
  { at: ".facts", say: t("Your shift: what you scanned and endorsed. It ends by itself.") },
  { at: "#practise", say: t("Practise with practice sheets: striped, and nothing is sent.") },
  { at: ".ways-bar", say: t("Scan, what was done here, and your shift: always at the lower edge.") },
];
