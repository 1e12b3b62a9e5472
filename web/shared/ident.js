// The identification aid as data: questions, candidates, look-alikes and drawings, with where each statement is from.
// The files are chalicelib/data/identification/, which the service reads too:
//
// questions.json   what is asked, each answer leading to the next question or to candidates
// words.json       sources, parts, what to measure, first care, whom to call, what a drawing shows
// the other files  candidates (one taxon in one form: a horn, a hide, alive) and pairs of look-alikes, a group each
// drawings/        a symbol each drawing, a file each group; red is what to look at
//
// tests/unit/identification/test_aid.py holds them to their form. They are files of each door that shows the aid (`data` in
// site.toml), so the scanner has them offline.

import { jsonFile, language } from "./i18n.js";
import { html } from "./view.js";

/**
 * @typedef {{en: string, ru: string, ky: string}} Words
 * @typedef {{say: Words, drawing: string, to?: string, found?: string[], group?: string}} Answer  `to`: a question; `found`:
 *   candidates; `group`: of the first question's answers, a key of `groups`
 * @typedef {{ask: Words, answers: Answer[]}} Question
 * @typedef {{text: Words, sources: string[]}} Statement
 * @typedef {{name: Words, term: string, measure: string[], care: string, call: string[]}} Part  `term`: of CITES
 * @typedef {'eye' | 'expert' | 'laboratory'} How  what it takes to be sure
 * @typedef {object} Candidate
 * @property {string} taxon
 * @property {string[]} [also]  other accepted names for these goods, such as those of a later nomenclature
 * @property {Words} name
 * @property {string} appendix  I, II, III, or none: not listed
 * @property {string[]} [listing]  sources of the Appendix, where the project's species list does not have the taxon
 * @property {string} part
 * @property {string[]} drawings
 * @property {Words} tell
 * @property {How} by
 * @property {string[]} sources
 * @property {string} [care]  instead of the part's
 * @property {string[]} [measure]  beside the part's
 * @typedef {{of: [string, string], tell: Words, sources: string[]}} Pair
 * @typedef {object} Table
 * @property {string} first
 * @property {Record<string, Words>} groups
 * @property {Record<string, Question>} questions
 * @property {Record<string, Candidate>} candidates
 * @property {Pair[]} pairs
 * @property {Record<string, string | Words>} sources  a citation, or words where it is none
 * @property {Record<string, Part>} parts
 * @property {Record<string, Statement>} measure
 * @property {Record<string, Statement>} care
 * @property {Record<string, Statement>} call
 * @property {Record<string, {in: string, shows: Words}>} drawings  `in`: which file has it
 *
 * Where one is in the aid. `path`: the questions answered and the one that is asked, none where something else led to a
 * candidate; `said`: the answers given; `found`: candidates, null while one asks; `looked`: those looked at one after
 * another, the last one shown.
 * @typedef {{table: Table | null, path: string[], said: Words[], found: string[] | null, looked: string[]}} Ident
 * @typedef {{id: string, appendix: string, in_list: boolean}} Told  a candidate, as `GET /v1/identification` has it
 */

/** @type {(keyof Words)[]} */
const SPOKEN = ["ky", "ru", "en"];

const FOLDER = new URL("../data/identification/", import.meta.url);

const GROUPS = ["horns", "coats", "birds", "reptiles", "products", "plants", "living", "whole", "sea", "wood"];

/** @type {Promise<Table> | null} */
let held = null;

/** The table, read once. Throws TypeError when a file cannot be had. */
export const table = () => (held ??= read().catch(again));

/** Another try is another reading. @param {unknown} error @returns {never} */
function again(error) {
  held = null;
  throw error;
}

async function read() {
  const [questions, words, ...groups] = await Promise.all(["questions", "words", ...GROUPS].map(file));
  return {
    ...questions,
    ...words,
    candidates: Object.assign({}, ...groups.map((each) => each.candidates)),
    pairs: groups.flatMap((each) => each.pairs),
  };
}

/** @param {string} name */
const file = (name) => jsonFile(new URL(`${name}.json`, FOLDER));

/** The address of a drawing. @param {Table} from @param {string} name */
export const drawn = (from, name) => new URL(`drawings/${from.drawings[name].in}.svg#${name}`, FOLDER).href;

/** Of the table's languages the reader's; who reads none of them has Russian in Tashkent, else English. @returns {keyof Words} */
export const tongue = () => SPOKEN.find((each) => each === language()) ?? (language() === "uz" ? "ru" : "en");

/** Words of the table, which say their language where it is not the page's. @param {Words} words */
export const say = (words) => (tongue() === language() ? words[tongue()] : html`<span lang=${tongue()}>${words[tongue()]}</span>`);

/** Everything that may still be found from a question on, in the order of its answers. @param {Table} from @param {string} question @returns {string[]} */
export const below = (from, question) => [
  ...new Set(from.questions[question].answers.flatMap(({ to, found }) => (to ? below(from, to) : (found ?? [])))),
];

/**
 * The table with the Appendices of this device's list, which may be newer than the program: what that has in another one,
 * and in none that the table names, stands as the list says. Of what the list lacks the table's stays.
 * @param {Table} from @param {(import('./taxa.js').Taxon & {covers?: {broad?: boolean}})[]} taxa @returns {Table}
 */
export function asListed(from, taxa) {
  const listed = new Map(taxa.flatMap((each) => [each.scientific_name, ...each.synonyms].map((name) => [name, each])));
  /** @param {Candidate} each */
  const standing = (each) => {
    const found = listed.get(each.taxon);
    const word = each.appendix === "none" ? "0" : each.appendix;
    if (!found) return each;
    const known = { ...each, listing: undefined };
    if (found.covers?.broad || [found.appendix, ...found.may_be].includes(word)) return known; // members may be in another one
    return { ...known, appendix: found.appendix === "0" ? "none" : found.appendix };
  };
  return { ...from, candidates: Object.fromEntries(Object.entries(from.candidates).map(([id, each]) => [id, standing(each)])) };
}

/** The table with the Appendices that the service tells. @param {Table} from @param {Told[]} told @returns {Table} */
export function asTold(from, told) {
  /** @param {Told} each */
  const standing = ({ id, appendix, in_list }) => ({
    ...from.candidates[id],
    appendix: appendix === "0" ? "none" : appendix,
    listing: in_list ? undefined : from.candidates[id].listing,
  });
  const known = told.filter(({ id }) => Object.hasOwn(from.candidates, id));
  return { ...from, candidates: { ...from.candidates, ...Object.fromEntries(known.map((each) => [each.id, standing(each)])) } };
}

/** Who is asked when these candidates stay unclear: keys of `call`, each once. @param {Table} from @param {readonly string[]} ids */
export const callFor = (from, ids) => [...new Set(ids.flatMap((id) => from.parts[from.candidates[id].part].call))];

/** The one term that all of these candidates have; "" where they differ. @param {Table} from @param {readonly string[]} ids */
export function termOf(from, ids) {
  const terms = new Set(ids.map((id) => from.parts[from.candidates[id].part].term));
  return terms.size === 1 ? [...terms][0] : "";
}

/** The names under which a permit may have these goods. @param {Candidate} candidate */
export const namesOf = ({ taxon, also = [] }) => [taxon, ...also];

/** The answers as one text in the reader's language: "Live mammal › Cat". @param {Ident} ident */
export const saidText = ({ said }) => said.map((words) => words[tongue()]).join(" › ");

/** What a candidate is taken for, and by what to tell the two. @param {Table} from @param {string} id */
export const alike = (from, id) =>
  from.pairs
    .filter(({ of }) => of.includes(id))
    .map(({ of, tell, sources }) => ({ id: of[0] === id ? of[1] : of[0], tell, sources }));

/** A source as it is cited. @param {Table} from @param {string} name */
export function cited(from, name) {
  const source = from.sources[name];
  return typeof source === "string" ? source : say(source);
}
