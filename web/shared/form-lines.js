// Which line of the form a sentence is about: lines are named as on the form, A, B, ...

import { lineLetter } from "../core/permit.js";
import { t } from "./i18n.js";

/** The letter of the line that a path of a refusal leads into: "lines[0].quantity" is A's; "" for none. @param {string} path */
export function lineOf(path) {
  const line = /^lines\[(\d+)\]/.exec(path);
  return line ? lineLetter(Number(line[1])) : "";
}

/** "Line A: More than is permitted." @param {string} letters "A" or "A, C"; "" for no line @param {string} words */
export const ofLine = (letters, words) => (letters ? t("Line {letter}: {words}", { letter: letters, words }) : words);
