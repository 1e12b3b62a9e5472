/**
 * Find the documents that a movement of goods needs, without the service. It does the same as
 * chalicelib/requirements/model/requirements.py, over the same vectors, with the table that the service hands out (the
 * bundle's part `requirements`). That module explains the facts of a row, and who issues which document.
 *
 * `when`: fact -> allowed values. `documents`: kind, issuer, reason, article, accepted alternatives.
 * @typedef {{kind: string, by: string, why: string, article: string, alternatives: string[]}} RequiredDocument
 * @typedef {{number: number, decision: string, article: string, reasons: string[], when: Record<string, string[]>,
 *   documents: RequiredDocument[]}} Row
 * Personal effects: the quantity that a person may carry without any document (Conf. 13.7).
 * @typedef {{code: string, groups: string[], terms: string[], most: string, unit: string}} PersonalAllowance
 * `kingdoms`: source -> kingdom that it is for, or null. `factors`: unit -> its base unit, and how much of that one is.
 * @typedef {{rows: readonly Row[], non_parties: readonly string[], eaeu: readonly string[],
 *   kingdoms: Record<string, string | null>, allowances: readonly PersonalAllowance[], factors: Record<string, [string, string]>,
 *   importers?: readonly import('./importers.js').ImporterRule[]}} Table
 * `importers`: absent in a part of before 2026-12.
 *
 * A suspension, as in the response of GET /v1/species/{id}. An empty list means any.
 * @typedef {{since: string, until: string | null, kinds: readonly string[], sources: readonly string[],
 *   purposes: readonly string[], origins: readonly string[], reason: string, source: string}} Restriction
 * `population`: split by country of origin. `others` null: the province or subspecies decides, as for `open`.
 * @typedef {{appendix: string, origins: readonly string[], open: readonly string[], others: string | null}} Population
 * @typedef {{appendix: string, kingdom: string, may_be?: readonly string[], listed_by?: string | null,
 *   population?: Population | null, groups?: readonly string[], restrictions?: readonly Restriction[], deciding?: string}} Subject
 * An entry of the bundle's part `species`. `covers`, for a genus, family or order: the values for goods under its name.
 * @typedef {Subject & {scientific_name: string, synonyms: string[], order: string, family: string}} NamedSubject
 * @typedef {NamedSubject & {covers?: NamedSubject & import('./quotas.js').Covered}} Entry
 *
 * Absent or null: not answered. `subject` null: the species list does not have the taxon.
 * @typedef {{subject: Subject | null, direction?: string | null, term?: string | null, source?: string | null,
 *   purpose?: string | null, origin?: string | null, exporting?: string | null, destination?: string | null,
 *   pre_convention?: boolean | null, registered?: boolean | null, use?: string, abroad?: string,
 *   quantity?: string | null, unit?: string | null}} Question
 *
 * @typedef {{kind: string, issued_by: string, why: string, article: string, alternatives: readonly string[],
 *   comparable: boolean}} Document
 * @typedef {{code: string, row: number | null, article: string, facts: Record<string, string>}} Reason
 * @typedef {{decision: string, documents: Document[], reasons: Reason[], other_papers: string[],
 *   allowance: PersonalAllowance | null}} Answer
 */

import { appliesToSource } from "./codes.js";

const [LIVE, TROPHY] = ["LIV", "TRO"];
const TERMS = [LIVE, TROPHY, "DER"];
const PURPOSES = ["T", "H", "L", "S"];
const PLANT = "Plantae";
const OF_NO_COUNTRY = ["XX", "XV", "ZZ"];
const STRICTEST_FIRST = ["I", "II", "III", "0"];
const CONFISCATED = 21;
const NON_PARTY = 22;
/** @type {Record<string, number>} */
const ROW_OF = {
  personal_effects: 14, owned_animal: 15, exhibition: 16, instrument: 17, samples: 18, exchange: 19, phytosanitary: 20,
  outside_listing: 0,
};

/** The listing of goods under an entry's name. @param {Entry} entry */
export function subjectOf(entry) {
  const goods = { ...entry, ...entry.covers };
  return { ...goods, groups: [goods.scientific_name.split(" ")[0], goods.family, goods.order] };
}

/** Answer the question: the decision, documents and reasons for this movement. @param {Question} question @param {string} today `YYYY-MM-DD` @param {string} issuer @param {Table} table @returns {Answer} */
export function answer(question, today, issuer, table) {
  question = withOrigin(question, issuer);
  const found = answerOrAsk(question, today, issuer, table);
  const { deciding, appendix = "" } = question.subject ?? {};
  return deciding ? { ...found, reasons: [...found.reasons, reason("strictest", null, "", { taxon: deciding, appendix })] } : found;
}

/**
 * Set the Appendix by the country of origin, where the list splits the taxon by country. Without an origin, or where
 * the list leaves it open, set the strictest. @param {Question} question @param {string} issuer @returns {Question}
 */
export function withOrigin(question, issuer) {
  const { subject } = question;
  if (!subject?.population) return question;
  const { appendix, origins, open, others } = subject.population;
  const origin = question.origin || (question.direction === "export" ? issuer : question.exporting) || "XX";
  const told = OF_NO_COUNTRY.includes(origin) || open.includes(origin) ? null : origins.includes(origin) ? appendix : others;
  const every = STRICTEST_FIRST.filter((each) => each === subject.appendix || subject.may_be?.includes(each));
  const [first, ...rest] = told ? [told] : every;
  return { ...question, subject: { ...subject, appendix: first, may_be: rest, population: null } };
}

/** @param {Question} question @param {string} today @param {string} issuer @param {Table} table @returns {Answer} */
function answerOrAsk(question, today, issuer, table) {
  const { subject } = question;
  if (!subject) return ask(["unknown_taxon"]);
  if (!question.direction) return ask(["direction"]);
  const missing = /** @type {const} */ (["source", "purpose", "term"]).filter((name) => !question[name]);
  if (!missing.length) return decide(question, subject, today, issuer, table);
  const whole = completions(question, subject, table);
  const found = whole.map((each) => decide(each, subject, today, issuer, table));
  const [first] = found;
  const papers = common(found.map((each) => each.other_papers));
  const open = missing.filter((name) => decides(name, whole, found));
  if (open.length) return { ...ask(open), other_papers: papers };
  const reasons = common(found.map((each) => each.reasons));
  return { ...first, reasons, other_papers: papers, allowance: question.term ? first.allowance : null };
}

/** Facts by which the rows are chosen. @param {Question} question @param {Subject} subject @param {string} issuer @param {Table} table @returns {Record<string, string>} */
function facts(question, subject, issuer, table) {
  const held = allowed(question, subject, table);
  return {
    flow: flowOf(question, issuer),
    appendix: subject.appendix,
    mixed: yes(Boolean(subject.may_be?.length) && question.origin !== issuer),
    listed: listed(question, subject, issuer),
    source: sourceOf(question, subject),
    purpose: question.purpose ?? "",
    kingdom: subject.kingdom,
    live: yes(question.term === LIVE),
    trophy: yes(question.term === TROPHY || question.purpose === "H"),
    use: question.use ?? "",
    abroad: question.abroad ?? "unknown",
    covered: held ? yes(allowanceCovers(held, question, table)) : "unlimited",
  };
}

/**
 * Decide a complete question.
 * 1 the source fits the kingdom   2 the first row that holds   3 suspensions of trade   4 remarks
 * @param {Question} question @param {Subject} subject @param {string} today @param {string} issuer @param {Table} table @returns {Answer}
 */
function decide(question, subject, today, issuer, table) {
  const known = facts(question, subject, issuer, table);
  const kingdom = table.kingdoms[known.source];
  const papers = papersOf(question, known, table);
  const crosses = subject.appendix !== "0" && known.flow !== "transit" && known.flow !== "inland";
  if (crosses && kingdom && kingdom !== subject.kingdom) return { ...ask(["source_kingdom"]), other_papers: papers }; // 1
  const row = table.rows.find(({ when }) => Object.entries(when).every(([fact, may]) => may.includes(known[fact]))); // 2
  if (!row) return { ...ask(["no_row"]), other_papers: papers };
  const documents = row.documents.map((each) => documentOf(each, question, issuer, table));
  const stopped = suspensions(subject, documents, known, question, today, issuer); // 3
  if (stopped.length) return { decision: "prohibited", documents: [], reasons: stopped, other_papers: [], allowance: null };
  const reasons = [
    ...row.reasons.map((code) => reason(code, row.number, row.article)),
    ...remarks(row, question, known, documents), // 4
  ];
  if (row.decision === "prohibited") return { decision: row.decision, documents: [], reasons, other_papers: [], allowance: null };
  const held = question.use === "personal_effects" ? allowed(question, subject, table) : null;
  if (held && known.covered === "no" && documents.length)
    reasons.push(reason("above_allowance", ROW_OF.personal_effects, "Conf. 13.7"));
  return { decision: row.decision, documents, reasons, other_papers: papers, allowance: held };
}

/** @param {Question} question @param {string} issuer */
function flowOf({ direction, origin, exporting, destination }, issuer) {
  if (direction === "transit" || direction === "sea") return direction;
  const leaves = direction === "export" || direction === "reexport";
  if (leaves && destination === issuer) return "inland";
  if (direction === "export") return origin && origin !== issuer && origin !== "ZZ" ? "reexport" : "export";
  if (leaves) return "reexport";
  return origin && exporting && origin !== exporting ? "import_again" : "import";
}

/** @param {Question} question @param {Subject} subject */
function sourceOf({ source, pre_convention: old, registered }, subject) {
  if (old || source === "O") return "O";
  if (registered && subject.appendix === "I" && source && ["C", "A", "F"].includes(source)) return "D";
  if (registered === false && source === "D") return subject.kingdom === PLANT ? "A" : "C";
  return source ?? "";
}

/** The country that listed the taxon in Appendix III, relative to this movement. @param {Question} question @param {Subject} subject @param {string} issuer */
function listed(question, subject, issuer) {
  if (subject.listed_by === issuer) return "here";
  if (["export", "reexport"].includes(flowOf(question, issuer))) return "elsewhere";
  const exporting = question.exporting ?? question.origin;
  if (!exporting) return "unknown";
  return subject.listed_by === exporting ? "exporting" : "elsewhere";
}

/** @param {Question} question @param {Subject} subject @param {Table} table */
function allowed(question, subject, { allowances }) {
  if (subject.appendix !== "II") return null; // the limits of Conf. 13.7 are for Appendix II
  const ours = allowances.filter((each) => each.groups.some((group) => subject.groups?.includes(group)));
  return ours.find((each) => each.terms.includes(question.term ?? "")) ?? null;
}

/**
 * True if the quantity is within the personal allowance, or no quantity is given. False for a unit that cannot be compared.
 * @param {PersonalAllowance} allowance @param {Question} question @param {Table} table
 */
function allowanceCovers(allowance, { quantity, unit }, { factors }) {
  if (quantity === undefined || quantity === null) return true;
  const given = Object.hasOwn(factors, unit ?? "NAR") ? factors[unit ?? "NAR"] : null;
  const [base, factor] = factors[allowance.unit];
  return given !== null && given[0] === base && millionths(quantity) * millionths(given[1]) <= millionths(allowance.most) * millionths(factor);
}

/** A decimal of at most six places as a whole number of millionths: floats would round. @param {string} decimal */
function millionths(decimal) {
  const [whole, part = ""] = decimal.split(".");
  return BigInt(whole + part.padEnd(6, "0"));
}

/** @param {RequiredDocument} wanted @param {Question} question @param {string} issuer @param {Table} table @returns {Document} */
function documentOf({ kind, by, why, article, alternatives }, question, issuer, table) {
  const from = question.exporting ?? question.origin;
  const country = by === "here" ? issuer : by === "destination" ? question.destination : from === issuer ? null : from;
  return { kind, issued_by: country ?? by, why, article, alternatives, comparable: table.non_parties.includes(country ?? "") };
}

/**
 * @param {Subject} subject @param {Document[]} documents @param {Record<string, string>} known @param {Question} question
 * @param {string} today @param {string} issuer
 */
function suspensions(subject, documents, known, question, today, issuer) {
  const origin = question.origin ?? (known.flow === "export" ? issuer : "");
  const within = (/** @type {readonly string[]} */ codes, /** @type {string} */ code) => !codes.length || codes.includes(code);
  return (subject.restrictions ?? [])
    .filter(
      (rule) =>
        rule.since <= today &&
        (rule.until === null || today < rule.until) &&
        (!rule.sources.length || appliesToSource(known.source, rule.sources)) &&
        within(rule.purposes, known.purpose) &&
        (within(rule.origins, origin) || OF_NO_COUNTRY.includes(origin)) &&
        documents.some((each) => within(rule.kinds, each.kind)),
    )
    .map((rule) => reason("suspended", null, "", { since: rule.since, reason: rule.reason, source: rule.source }));
}

/**
 * @param {Row} row @param {Question} question @param {Record<string, string>} known
 * @param {Document[]} documents
 */
function remarks(row, question, known, documents) {
  const said = [];
  const { use } = question;
  if (use && row.number !== ROW_OF[use] && row.number !== 0) said.push(reason(`not_${use}`, ROW_OF[use]));
  if (known.mixed === "yes" && row.number !== 0) said.push(reason("population", 0, "Art. I(a)"));
  if (documents.length && (question.purpose === "L" || (known.source === "I" && row.number !== 13)))
    said.push(reason("authority_decides", CONFISCATED));
  if (documents.some((each) => each.comparable)) said.push(reason("non_party", NON_PARTY, "Art. X; Conf. 9.5"));
  return said;
}

/** @param {Question} question @param {Record<string, string>} known @param {Table} table */
function papersOf(question, { flow, kingdom, trophy, source }, { eaeu }) {
  const leaves = flow === "export" || flow === "reexport";
  const papers = {
    eaeu: leaves && !eaeu.includes(question.destination ?? ""),
    veterinary: kingdom !== PLANT && flow !== "inland",
    phytosanitary: kingdom === PLANT && flow !== "inland",
    hunting: flow === "export" && trophy === "yes" && source !== "O",
    destination: leaves,
  };
  return Object.entries(papers).filter(([, asked]) => asked).map(([name]) => name);
}

/** @param {Question} question @param {Subject} subject @param {Table} table */
function completions(question, subject, { kingdoms }) {
  const unlikely = subject.appendix === "I" ? ["O"] : ["O", "D"]; // these sources apply only if stated
  const sources = Object.keys(kingdoms).filter(
    (source) => !unlikely.includes(source) && [null, subject.kingdom].includes(kingdoms[source]),
  );
  return (question.source ? [question.source] : sources).flatMap((source) =>
    (question.purpose ? [question.purpose] : PURPOSES).flatMap((purpose) =>
      (question.term ? [question.term] : TERMS).map((term) => ({ ...question, source, purpose, term })),
    ),
  );
}

/** True if the answer depends on this fact, with all other facts the same. @param {string} name @param {Question[]} whole @param {Answer[]} found */
function decides(name, whole, found) {
  const said = new Map();
  return whole.some((each, at) => {
    const others = JSON.stringify({ ...each, subject: null, [name]: null });
    const made = JSON.stringify([found[at].decision, found[at].documents]);
    if (!said.has(others)) said.set(others, made);
    return said.get(others) !== made;
  });
}

/** Items that all lists have, in the order of the first list. @template T @param {T[][]} several @returns {T[]} */
function common([first, ...rest]) {
  const others = rest.map((each) => new Set(each.map((one) => JSON.stringify(one))));
  return first.filter((each) => others.every((other) => other.has(JSON.stringify(each))));
}

/** @param {readonly string[]} codes @returns {Answer} */
const ask = (codes) => ({ decision: "ask", documents: [], reasons: codes.map((code) => reason(`ask_${code}`, null)), other_papers: [], allowance: null });

/** @param {string} code @param {number | null} row @param {string} [article] @param {Record<string, string>} [said] @returns {Reason} */
const reason = (code, row, article = "", said = {}) => ({ code, row, article, facts: said });

/** @param {boolean} fact */
const yes = (fact) => (fact ? "yes" : "no");
