// What the species list says of an entry beside its Appendix: its days, doubts, a coming change, what its listing leaves out,
// and why a kind is not listed.

import { colon, country, day, t } from "./i18n.js";
import { citation, remark } from "./remark.js";
import { html, nothing } from "./view.js";

/**
 * Members that a part or an answer of before 2026-12 lacks. `in_force`: the day on which the Appendix was in force.
 * `checked`: "" if no second source was compared. `open`: codes of doubts. `excepts`: codes of what the listing leaves out.
 * @typedef {{as_of: string, in_force?: string, checked?: string}} Dated
 * @typedef {Dated & {open?: string[], excepts?: string[], symbol?: string, coming?: {day: string, appendix: string} | null,
 *   unlisted?: {reason: string, note: string} | null, listed_by?: string | null, listed_by_all?: string[]}} Listed
 */

/** Both days of a list. @param {Dated} list */
export const listDays = ({ as_of: asOf, in_force: inForce, checked }) => `${t("Appendices in force on {day}", { day: day(inForce || asOf) })} · ${t("list checked on {day}", { day: day(checked || asOf) })}`;

/** Both days of an entry; of a kind that is not listed the day on which that was checked. @param {Dated & Listed} entry */
export function entryDays({ as_of: asOf, in_force: inForce, checked, unlisted }) {
  if (unlisted) return t("checked on {day}", { day: day(checked || asOf) });
  const since = t("Appendix in force on {day}", { day: day(inForce || asOf) });
  if (checked === undefined) return since;
  return `${since} · ${checked ? t("checked on {day}", { day: day(checked) }) : t("not checked against a second source")}`;
}

/** Countries that listed it in Appendix III. @param {Listed} entry */
export const listedBy = ({ listed_by: first, listed_by_all: all }) => (all?.length ? all : first ? [first] : []).map(country).join(", ");

/** Sentences of an entry that a reader needs before they rely on its Appendix. @param {Omit<Listed, 'as_of'>} entry @returns {unknown[]} */
export const entryNotes = ({ open = [], excepts = [], coming, unlisted }) => [
  ...(unlisted ? [html`${unlistedWords(unlisted.reason)} ${unlisted.note ? remark(unlisted.note) : nothing}`] : []),
  ...(coming ? [coming.appendix === "0" ? t("Not listed from {day}.", { day: day(coming.day) }) : t("Appendix {appendix} from {day}.", { appendix: coming.appendix, day: day(coming.day) })] : []),
  ...excepts.map(exceptWords).filter(Boolean),
  ...open.map((code) => html`<b>${t("Not certain")}${colon()}</b> ${openWords(code)}`),
];

/** @param {Omit<Listed, 'as_of'>} entry */
export const notesView = (entry) => entryNotes(entry).map((words) => html`<p class="note">${words}</p>`);

/** Why an entry is not certain (Open in chalicelib/species/model/listing.py). @param {string} code @returns {string} */
export function openWords(code) {
  const words = {
    delay: t("The start of this listing may have been delayed."),
    annotation: t("The text of its annotation was not seen."),
    one_source: t("Only one source has its last change."),
    name: t("Its name in the Appendices is not certain."),
    withdrawn: t("The country that listed it may have withdrawn the listing."),
    party: t("The country that listed it in Appendix III is not known."),
    part_of_genus: t("Only a part of the genus is listed."),
    change_day: t("The day of its last change is not known."),
    past_unknown: t("The list does not reach back to this day."),
  };
  return words[/** @type {keyof typeof words} */ (code)] ?? code;
}

/** Why a kind that people ask about is not listed. @param {string} reason @returns {string} */
export function unlistedWords(reason) {
  const words = {
    domestic: t("A domesticated form. CITES does not list it."),
    never_listed: t("CITES does not list it."),
    withdrawn: t("CITES listed it earlier, and no longer does."),
    outside: t("The listing of its group leaves it out."),
  };
  return words[/** @type {keyof typeof words} */ (reason)] ?? "";
}

/** What the listing of an entry leaves out. @param {string} code @returns {string} */
function exceptWords(code) {
  const words = {
    fossils: t("Fossils are not listed."),
    domesticated: t("Its domesticated form is not listed."),
    native_japan: t("Species of Japan are not listed."),
  };
  return words[/** @type {keyof typeof words} */ (code)] ?? "";
}

/** Origin of the species data, which its terms ask to be named (chalicelib/data/cites/NOTICE.md). */
export const dataOrigin = () => html`${t("Species data")}${colon()} ${citation("UNEP-WCMC (comps.) 2017, Index of CITES Species, Geneva and Cambridge")}. ${t("With changes from other sources. No warranty.")}`;
