// What the page says, in the reader's language: the catalogue of this door, texts, dates and the names of codes.
// Made by local/web_catalogues.py out of gettext catalogues and Babel; browsers have no Kyrgyz in Intl.

import { CALENDAR_ENDS, calendarDay, zoneNamed } from "../core/stage.js";

/**
 * @typedef {Record<string, string | number | null | undefined>} Facts  what stands in braces; null, "": not known
 * @typedef {{first: string, day: string, moment: string, months: string[]}} Dates
 * @typedef {{outcomes: Record<string, string[]>, steps: Record<string, string[][]>, checks: Record<string, string>,
 *   settled: string[], codes: Record<string, string[]>}} VerdictWords
 * @typedef {'kinds' | 'purposes' | 'sources' | 'terms' | 'units' | 'posts'} Vocabulary
 * @typedef {{language: string, texts: Record<string, string>, verdict: VerdictWords, dates: Dates,
 *   decimal: string, countries: Record<string, string>, codes: Record<Vocabulary, Record<string, string>>,
 *   remarks: Record<string, string>}} Catalogue
 */

/** @type {Record<string, string>} each in its own language */
export const LANGUAGES = { ky: "Кыргызча", uz: "Oʻzbekcha", ru: "Русский", en: "English", fr: "Français" };

const KEPT = "tamga.language";

/** @type {Catalogue} */
let catalogue;

/** The catalogue in use; words.js reads the verdict's words in it. */
export const held = () => catalogue;

export const language = () => catalogue.language;

/** What this door speaks in this deployment: its page says so (local/site.py). */
export const offered = () => (document.documentElement.dataset.languages ?? "en").split(" ");

/** The language to begin with: the one chosen here before, else the first of the browser's that this door speaks. */
export function preferred() {
  let chosen = null;
  try {
    chosen = localStorage.getItem(KEPT);
  } catch {
    // storage is shut: nothing was chosen
  }
  const wanted = [chosen, ...navigator.languages.map((tag) => tag.split("-")[0].toLowerCase())];
  return wanted.find((each) => each && offered().includes(each)) ?? "en";
}

/** @param {string} chosen */
export function remember(chosen) {
  try {
    localStorage.setItem(KEPT, chosen);
  } catch {
    // storage is shut: the choice holds for this page
  }
}

export const PATIENCE = 20_000; // ms that a request may take; the gateway gives up after 29 s

/** A JSON file of the pages' own. Throws TypeError when it cannot be had, or not in time. @param {URL} address @returns {Promise<any>} */
export async function jsonFile(address) {
  try {
    const answer = await fetch(address, { signal: AbortSignal.timeout(PATIENCE) });
    if (answer.ok) return await answer.json();
  } catch {
    // no network, cut off, or no JSON
  }
  throw new TypeError(`no ${address.pathname}`);
}

let newest = ""; // of the languages asked for

/**
 * Fetches a door's catalogue and speaks it from now on, unless another was asked for since. Throws TypeError when it cannot be had.
 * @param {string} door @param {string} wanted
 */
export async function speak(door, wanted) {
  newest = wanted;
  const made = await jsonFile(new URL(`../i18n/${door}.${wanted}.json`, import.meta.url));
  if (newest !== wanted) return;
  use(made);
  document.documentElement.lang = wanted;
}

/** @param {Catalogue} made */
export function use(made) {
  catalogue = made;
}

/**
 * A sentence of the page, with its facts put in. The sentence stands here in English; local/web_catalogues.py finds it.
 * @param {string} message @param {Facts} [facts]
 */
export function t(message, facts = {}) {
  return fill(catalogue.texts[message] ?? message, facts);
}

/** @param {string} message @param {Facts} facts */
export function fill(message, facts) {
  return message.replace(/\{(\w+)\}/g, (_, name) => {
    if (facts[name] === undefined) throw new Error(`no fact ${name} for: ${message}`);
    const fact = String(facts[name]);
    return FROM_THE_RIGHT.test(fact) ? `\u2068${fact}\u2069` : fact;
  });
}

/** Letters that run from right to left, which would turn the sentence around them: U+2068 and U+2069 keep them apart (chalicelib/i18n/words.py). */
const FROM_THE_RIGHT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** A telephone number that no line breaks in two (chalicelib/i18n/words.py). @param {string} number */
export const whole = (number) => number.replaceAll(" ", "\u00a0").replaceAll("-", "\u2011");

/** A code in words; the code itself where it is unknown. @param {Vocabulary} vocabulary @param {string} code */
export const named = (vocabulary, code) => catalogue.codes[vocabulary][code] ?? code;

/** @param {string} code ISO 3166-1 alpha-2 */
export const country = (code) => catalogue.countries[code] ?? code;

/** A colon behind what it explains; French sets it off. */
export const colon = () => (catalogue.language === "fr" ? "\u00a0:" : ":");

/** A number with this language's decimal sign. @param {string} number */
export const figure = (number) => number.replace(".", catalogue.decimal);

/** A day `YYYY-MM-DD` as the language writes it. @param {string} iso */
export function day(iso) {
  const [year, month, number] = iso.split("-").map(Number);
  const { dates } = catalogue;
  return fill(dates.day, { day: number === 1 ? dates.first : number, month: dates.months[month - 1], year });
}

/**
 * A time in whole seconds, in an IANA zone: the day, or day, hour and UTC offset. UTC where the zone is unknown here.
 * @param {number} epoch @param {string} zone @param {boolean} [hours]
 */
export function moment(epoch, zone, hours = true) {
  const seconds = Math.min(epoch, CALENDAR_ENDS);
  const offset = zoneNamed(zone).offset(seconds);
  const date = day(calendarDay(seconds, zone));
  if (!hours) return date;
  const local = new Date((seconds + offset) * 1000);
  const clock = `${two(local.getUTCHours())}:${two(local.getUTCMinutes())} (UTC${offsetText(Math.round(offset / 60))})`;
  return fill(catalogue.dates.moment, { date, time: clock });
}

/** @param {number} minutes east of Greenwich */
function offsetText(minutes) {
  const rest = Math.abs(minutes) % 60;
  return `${minutes < 0 ? "−" : "+"}${Math.trunc(Math.abs(minutes) / 60)}${rest ? `:${two(rest)}` : ""}`;
}

/** @param {number} number */
const two = (number) => String(number).padStart(2, "0");
