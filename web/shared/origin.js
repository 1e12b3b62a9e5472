// Block 12 of an application that leaves it out: submission fills in this country (FROM_HERE in
// chalicelib/applications/rules/species.py), but not for seized goods.

/** @typedef {import('./application.js').Application} Application */

export const FROM_HERE = ["E", "OO", "OC", "OA", "OY"];

/** Whether submission fills in this country as the origin of a line. @param {string | undefined} kind of document @param {Application} line */
export const filledIn = (kind, line) => FROM_HERE.includes(kind ?? "") && !line.origin?.country && !String(line.source ?? "").includes("I");
