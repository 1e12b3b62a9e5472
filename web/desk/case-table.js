// What a table from the ministry's wildlife-crime database was refused for, row by row, or was taken with.

import { t } from "../shared/i18n.js";
import { html, nothing } from "../shared/view.js";
import { faultWord } from "./faults.js";

/** @typedef {{row: number, ref: string, column: string, code: string, detail: string}} Told  chalicelib/cases/model/table.py, Refusal */

/** @param {Told[]} rows @param {string} why */
export const rowsOf = (rows, why) =>
  rows.length
    ? html`<table>
        <thead><tr><th scope="col">${t("Row")}</th><th scope="col">${t("Case")}</th><th scope="col">${t("Column")}</th><th scope="col">${why}</th></tr></thead>
        <tbody>${rows.map((each) => html`<tr><td>${each.row}</td><td class="mono" translate="no">${each.ref}</td><td class="mono" translate="no">${each.column}</td><td>${toldWord(each)}</td></tr>`)}</tbody>
      </table>`
    : nothing;

/** Of a table a code may say something else than of a form. @param {Told} told */
export function toldWord(told) {
  const words = {
    encoding: t("the file is not UTF-8: save it as CSV UTF-8"),
    open_quote: t("a quotation mark opens in this row and none ends its cell: nothing was taken from the file"),
    unknown_column: t("there is no such column"),
    twice: t("a column stands there twice"),
    too_many: t("too many rows, cells, goods or people"),
    scattered: t("rows of one case follow each other: none of it was taken"),
    differs: t("the first row of this case says otherwise"),
    characters: t("too long, or with characters that cannot be printed"),
    kept_ours: t("our case says otherwise, or is closed: it was linked and this was not changed; put one of the two right"),
    linked_elsewhere: t("that case has another id there, or that id another case: put one of the two right"),
    changed_here: t("recorded or amended here: nothing was changed; put one of the two right"),
    closed: t("the case is closed here: reopen it first"),
    busy: t("others are changing this case: send the file again"),
    not_in_list: t("the species list does not have this name: it is kept as it is written; is it spelled right?"),
    required: told.column === "post" ? t("a post, or the place in words") : t("missing"),
  };
  return words[/** @type {keyof typeof words} */ (told.code)] ?? faultWord({ field: told.column, code: told.code, detail: told.detail });
}
