// A quantity as people type and read it: Kyrgyz and Russian write its decimals after a comma, the form after a point.

import { figure } from "./i18n.js";

/** @param {string} [text] */
export const spelled = (text) => (text ?? "").trim().replace(",", ".");

/** What was moved, line by line: "A 2, B 0,5". @param {readonly {line: string, quantity: string}[]} lines */
export const moved = (lines) => lines.map(({ line, quantity }) => `${line} ${figure(quantity)}`).join(", ");
