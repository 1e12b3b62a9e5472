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
 *   importers?: readonly import('./importers.js').ImporterRule[], annotations?: import('./annotations.js').Rules,
 *   landlocked?: readonly string[], regions?: {of: Record<string, string>, touching: Record<string, readonly string[]>}}} Table
 * `importers`, `annotations`, `landlocked` and `regions` are absent in a part of before 2026-12.
 *
 * A suspension, as in the response of GET /v1/species/{id}. An empty list means any. `effect`: stop or ask.
 * `exported_before`: it is for exports from the country of origin. The last four are absent from an earlier part.
 * @typedef {{since: string, until: string | null, kinds: readonly string[], sources: readonly string[],
 *   purposes: readonly string[], origins: readonly string[], reason: string, source: string, effect?: string,
 *   terms?: readonly string[], except_origins?: readonly string[], exported_before?: boolean}} Restriction
 * `population`: split by country of origin. `others` null: the province or subspecies decides, as for `open`.
 * @typedef {{appendix: string, origins: readonly string[], open: readonly string[], others: string | null}} Population
 * `unlisted`: why it is not listed, with the listed wild forms of a domestic animal. `listed_on_other_days`: the entry is
 * or was in an Appendix on another day. `withOrigin` sets `origin_decides` (the country of origin chose the Appendix) and
 * `origin_open` (the list leaves open which population lives there).
 * @typedef {{appendix: string, kingdom: string, may_be?: readonly string[], listed_by?: string | null,
 *   listed_by_all?: readonly string[], unlisted?: {reason: string, note: string, wild?: readonly string[]} | null,
 *   listed_on_other_days?: boolean, origin_decides?: boolean, origin_open?: boolean, population?: Population | null, groups?: readonly string[], restrictions?: readonly Restriction[], deciding?: string,
 *   name?: string, family?: string, symbol?: string, excepts?: readonly string[], open?: readonly string[], broad?: boolean,
 *   range_states?: readonly string[], range_sure?: boolean, introduced?: readonly string[]}} Subject
 * An entry of the bundle's part `species`. `covers`: what exceeds it for goods under its name, as for a genus or family.
 * @typedef {Subject & {scientific_name: string, synonyms: string[], order: string, family: string}} NamedSubject
 * @typedef {NamedSubject & {covers?: Partial<NamedSubject> & import('./quotas.js').Covered,
 *   states?: readonly {appendix: string}[]}} Entry
 *
 * Absent or null: not answered. `subject` null: the species list does not have the taxon.
 * @typedef {{subject: Subject | null, direction?: string | null, term?: string | null, source?: string | null,
 *   purpose?: string | null, origin?: string | null, exporting?: string | null, destination?: string | null,
 *   pre_convention?: boolean | null, registered?: boolean | null, use?: string, abroad?: string,
 *   quantity?: string | null, unit?: string | null, on?: string | null, based?: string | null, form?: string | null,
 *   exported_on?: string | null}} Question
 *
 * @typedef {{kind: string, issued_by: string, why: string, article: string, alternatives: readonly string[],
 *   comparable: boolean}} Document
 * @typedef {{code: string, row: number | null, article: string, facts: Record<string, string>}} Reason
 * @typedef {{decision: string, documents: Document[], reasons: Reason[], other_papers: string[],
 *   allowance: PersonalAllowance | null}} Answer
 */

import { NO_RULES, covered, decidingTerms, formNeeded, isOfWildAnimal } from "./annotations.js";
import { TERMS as ALL_TERMS, appliesToSource, countedSource } from "./codes.js";
import { livesIn } from "./native_range.js";
import { QUANTITY } from "./single_use.js";

const [LIVE, TROPHY] = ["LIV", "TRO"];
const TERMS = [LIVE, TROPHY, "DER"];
const PURPOSES = ["T", "H", "L", "S"];
const PLANT = "Plantae";
const OF_NO_COUNTRY = ["XX", "XV", "ZZ"];
const STRICTEST_FIRST = ["I", "II", "III", "0"];
const PRE_CONVENTION = 13;
const CONFISCATED = 21;
const NON_PARTY = 22;
const PLANT_HYBRID = "plant_hybrid";
const STURGEONS = "Acipenseriformes";
const CAVIAR = ["CAV", "EGG"];
const EXCEPTION_WHYS = ["fossil", "domestic", "cultivar_"];
const PERSONAL_EFFECTS = "personal_effects";
const [OWN_USE, HUNTING, DOMESTIC] = ["P", "H", "domestic"];
const MISSING = ["term", "form", "source", "origin", "weight"];
/** @type {Record<string, number>} */
const ROW_OF = {
  personal_effects: 14, owned_animal: 15, exhibition: 16, instrument: 17, samples: 18, exchange: 19, phytosanitary: 20,
  outside_listing: 0,
};

/** The listing of goods under an entry's name. `entry`: as of the day of the question (species_day.js). @param {Entry} entry */
export function subjectOf(entry) {
  const { covers, states = [] } = entry;
  const goods = { ...entry, ...covers };
  const listedOnce = !covers?.appendix && states.some(({ appendix }) => appendix !== "0");
  return { ...goods, listed_on_other_days: listedOnce, name: goods.scientific_name, groups: [goods.scientific_name.split(" ")[0], goods.family, goods.order] };
}

/** Answer the question: the decision, documents and reasons for this movement. @param {Question} question @param {string} today `YYYY-MM-DD` @param {string} issuer @param {Table} table @returns {Answer} */
export function answer(question, today, issuer, table) {
  const given = question;
  question = withOrigin(question, issuer);
  const day = question.on || today;
  const { subject } = question;
  const first = answerOrAsk(question, day, issuer, table);
  if (!subject) return first;
  const found = withDoubts(withPopulations(first, given, question, day, issuer, table), question, subject, issuer, table);
  if (!subject.deciding || found.reasons.some(({ code }) => code === "ask_name_too_broad")) return found;
  return { ...found, reasons: [...found.reasons, reason("strictest", null, "", strictest(subject))] };
}

/**
 * The answer for a taxon whose populations are in several Appendices. Where these lead to different answers, the origin is
 * asked for, or which population it is. `given`: the question before its origin chose the Appendix.
 * @param {Answer} found @param {Question} given @param {Question} question @param {string} today @param {string} issuer @param {Table} table @returns {Answer}
 */
function withPopulations(found, given, question, today, issuer, table) {
  const { subject, origin } = question;
  const others = subject?.may_be ?? [];
  const certain = !others.length || (subject && isOurs(question, subject, issuer)) || OF_NO_COUNTRY.includes(origin ?? "");
  if (!subject || certain || found.decision === "ask" || !crosses(question, issuer, table)) return found;
  const made = (/** @type {Answer} */ { decision, documents }) => JSON.stringify([decision, documents]);
  const answers = STRICTEST_FIRST.filter((each) => others.includes(each)).map((appendix) => answerOrAsk({ ...question, subject: { ...subject, appendix, may_be: [] } }, today, issuer, table));
  if (answers.every((each) => made(each) === made(found))) return found;
  const papers = [found, ...answers].find((each) => each.other_papers.length)?.other_papers ?? [];
  if (given.subject?.population && !given.origin) return { ...ask(["origin"]), other_papers: papers };
  return { ...ask([]), reasons: [reason("population", 0, "Art. I(a)")], other_papers: papers };
}

/** True for goods of our country, if the list says which population lives here. @param {Question} question @param {Subject} subject @param {string} issuer */
const isOurs = ({ origin }, { origin_open: open }, issuer) => origin === issuer && !open;

/** @param {Subject} subject */
const strictest = ({ deciding, name = "", appendix }) => ({ taxon: deciding || name, appendix });

/**
 * The answer for an entry of the list that is not certain: ask, with what would follow if the entry holds. It stays where
 * the doubt does not matter. @param {Answer} found @param {Question} question @param {Subject} subject @param {string} issuer @param {Table} table @returns {Answer}
 */
function withDoubts(found, question, subject, issuer, table) {
  const doubts = doubtsThatMatter(subject.open ?? [], subject.appendix, flowOf(question, issuer, table) === "import");
  const leftOut = found.reasons.some(({ code }) => code === "outside_annotation" || code === "outside_exception");
  if (!doubts.length || !question.direction || !crosses(question, issuer, table)) return found;
  if (leftOut && !doubts.includes("annotation")) return found;
  const kinds = [...new Set(found.documents.map(({ kind }) => kind))].join(", ");
  const ifRight = found.documents.length ? reason("would_need", null, "", { documents: kinds }) : reason(found.decision === "none" ? "would_need_none" : "would_be_prohibited", null);
  const isUnknown = doubts.includes("past_unknown"); // the entry is not of this day: nothing follows from it
  const then = found.decision === "ask" ? found.reasons : isUnknown ? [] : [ifRight];
  const reasons = [reason("ask_uncertain", null), ...doubts.map((each) => reason(`open_${each}`, null)), ...then];
  return { decision: "ask", documents: [], reasons, other_papers: found.other_papers, allowance: null };
}

/** As `doubts_that_matter` in chalicelib/species/model/doubts.py. @param {readonly string[]} open @param {string} appendix @param {boolean} imported */
const doubtsThatMatter = (open, appendix, imported) => open.filter((each) => each !== "party" || (appendix === "III" && imported)).sort();

/** An export or import instead of a transit that begins or ends in our country. @param {Question} question @param {string} issuer @returns {Question} */
function withDirection(question, issuer) {
  if (question.direction !== "transit") return question;
  if (question.destination === issuer) return { ...question, direction: "import" };
  return (question.exporting || question.origin) === issuer ? { ...question, direction: "export" } : question;
}

/**
 * Set the Appendix by the country of origin, where the list splits the taxon by country. Without an origin, or where
 * the list leaves it open, set the strictest. Our country counts for an export of a taxon that lives here. @param {Question} question @param {string} issuer @returns {Question}
 */
export function withOrigin(question, issuer) {
  question = withDirection(question, issuer);
  const { subject } = question;
  if (!subject?.population) return question;
  const { appendix, origins, open, others } = subject.population;
  const ours = question.direction === "export" && livesIn(issuer, subject);
  const origin = question.origin || (ours ? issuer : "XX");
  const told = OF_NO_COUNTRY.includes(origin) || open.includes(origin) ? null : origins.includes(origin) ? appendix : others;
  const every = STRICTEST_FIRST.filter((each) => each === subject.appendix || subject.may_be?.includes(each));
  const [first, ...rest] = told ? [told] : every;
  const chosen = { origin_decides: Boolean(told), origin_open: !told && !OF_NO_COUNTRY.includes(origin) };
  return { ...question, subject: { ...subject, appendix: first, may_be: rest, population: null, ...chosen } };
}

/** @param {Question} question @param {string} today @param {string} issuer @param {Table} table @returns {Answer} */
function answerOrAsk(question, today, issuer, table) {
  const { subject } = question;
  if (!subject) return ask(["unknown_taxon"]);
  if (!question.direction) return ask(["direction"]);
  if (subject.broad && crosses(question, issuer, table))
    return { ...ask([]), reasons: [reason("ask_name_too_broad", null, "", strictest(subject))] };
  const wild = subject.unlisted?.wild ?? [];
  if (subject.appendix === "0" && wild.length && isOfWildAnimal({ ...question, source: sourceOf(question, subject) }) && crosses(question, issuer, table))
    return { ...ask([]), reasons: [reason("ask_wild_form", 0, "Art. II", { wild: wild.join(", ") })] };
  const found = completed(question, subject, today, issuer, table);
  if (question.use !== PERSONAL_EFFECTS || question.purpose) return found;
  const claimed = completed({ ...question, purpose: OWN_USE }, subject, today, issuer, table);
  const made = (/** @type {Answer} */ { decision, documents }) => JSON.stringify([decision, documents]);
  return made(found) === made(claimed) || ["none", "ask"].includes(claimed.decision) ? claimed : found;
}

/** The answer that is right for every value of a missing source, purpose and term. @param {Question} question @param {Subject} subject @param {string} today @param {string} issuer @param {Table} table @returns {Answer} */
function completed(question, subject, today, issuer, table) {
  const missing = /** @type {const} */ (["source", "purpose", "term"]).filter((name) => !question[name]);
  if (!missing.length) return decide(question, subject, today, issuer, table);
  const whole = completions(question, subject, issuer, table);
  const found = whole.map((each) => decide(each, subject, today, issuer, table));
  const [first] = found;
  const papers = common(found.map((each) => each.other_papers));
  const open = missing.filter((name) => decides(name, whole, found));
  if (open.length) return { ...ask(open), other_papers: papers };
  const shared = common(found.map((each) => each.reasons));
  const reasons = shared.length || first.documents.length ? shared : once(found.flatMap((each) => each.reasons));
  return { ...first, reasons, other_papers: papers, allowance: question.term ? first.allowance : null };
}

/** Facts by which the rows are chosen. @param {Question} question @param {Subject} subject @param {string} issuer @param {Table} table @returns {Record<string, string>} */
function facts(question, subject, issuer, table) {
  const held = allowed(question, subject, table);
  return {
    flow: flowOf(question, issuer, table),
    appendix: subject.appendix,
    mixed: yes(Boolean(subject.may_be?.length) && !isOurs(question, subject, issuer)),
    listed: listed(question, subject, issuer, table),
    source: sourceOf(question, subject),
    purpose: question.purpose ?? "",
    kingdom: subject.kingdom,
    live: yes(question.term === LIVE),
    trophy: yes(question.term === TROPHY || question.purpose === "H"),
    use: question.use ?? "",
    abroad: question.abroad ?? "unknown",
    covered: held ? (lacksUnit(held, question) ? "unit" : yes(allowanceCovers(held, question, table))) : "unlimited",
    not_listed: notListed(subject),
    coast: yes(!table.landlocked?.includes(issuer)),
    hybrid: yes(subject.excepts?.includes(PLANT_HYBRID) ?? false),
  };
}

/** What decides that goods in Appendix 0 are not listed: the country of origin, the day, or the kind itself. @param {Subject} subject */
function notListed({ appendix, may_be: others = [], origin_decides: byOrigin, listed_on_other_days: byDay }) {
  if (appendix !== "0") return "";
  return byOrigin || others.length ? "origin" : byDay ? "day" : "kind";
}

/**
 * Decide a complete question.
 * 1 the source fits the kingdom   2 the annotation covers the goods   3 the first row that holds   4 suspensions
 * 5 remarks   6 wild goods may come from their country of origin
 * @param {Question} question @param {Subject} subject @param {string} today @param {string} issuer @param {Table} table @returns {Answer}
 */
function decide(question, subject, today, issuer, table) {
  const known = facts(question, subject, issuer, table);
  const kingdom = table.kingdoms[known.source];
  const papers = papersOf(question, known, table);
  const inForce = subject.appendix !== "0" && crosses(question, issuer, table);
  if (inForce && kingdom && kingdom !== subject.kingdom) return { ...ask(["source_kingdom"]), other_papers: papers }; // 1
  const goods = annotated(question, subject, known, issuer);
  const rules = table.annotations ?? NO_RULES;
  const coverage = inForce ? covered(goods, today, rules) : { result: "listed", why: "" }; // 2
  if (coverage.result === "outside")
    return { decision: "none", documents: [], reasons: leftOutBy(goods, coverage, rules), other_papers: papers, allowance: null };
  const found = inRange(byRows(question, subject, known, today, issuer, table), question, subject, known, issuer, table);
  if (coverage.result === "ask" && found.decision !== "none")
    return { ...ask([]), reasons: askAnnotation(goods, coverage, today, rules), other_papers: papers };
  const said = inForce && coverage.result === "listed" ? onForm(goods, today, rules) : "";
  if (!said || (said === "cultivar_exempt" && !found.documents.length)) return found;
  return { ...found, reasons: [...found.reasons, reason(said, 0, "Art. I(b)")] };
}

/** The remark on the form of goods that are listed: the claimed form changes nothing, or a cultivar would. @param {import('./annotations.js').Goods} goods @param {string} today @param {import('./annotations.js').Rules} rules */
function onForm(goods, today, rules) {
  if (goods.form) return goods.form === "other" ? "" : "form_no_exception";
  return covered({ ...goods, form: "cultivar" }, today, rules).result === "outside" ? "cultivar_exempt" : "";
}

/** Steps 3 to 5 of `decide`. @param {Question} question @param {Subject} subject @param {Record<string, string>} known @param {string} today @param {string} issuer @param {Table} table @returns {Answer} */
function byRows(question, subject, known, today, issuer, table) {
  const papers = papersOf(question, known, table);
  const row = table.rows.find(({ when }) => Object.entries(when).every(([fact, may]) => may.includes(known[fact]))); // 3
  if (!row) return { ...ask(["no_row"]), other_papers: papers };
  const documents = row.documents.map((each) => documentOf(each, question, issuer, table));
  const stops = known.flow === "return" ? [] : suspensions(subject, documents, known, question, today, issuer);
  const stopped = stops.filter(({ code }) => code === "suspended");
  if (stopped.length) return { decision: "prohibited", documents: [], reasons: stopped, other_papers: [], allowance: null }; // 4
  if (stops.length) return { ...ask([]), reasons: once(stops), other_papers: papers };
  const reasons = [
    ...row.reasons.map((code) => reason(code, row.number, row.article)),
    ...remarks(row, question, known, documents), // 5
  ];
  if (row.decision === "prohibited") return { decision: row.decision, documents: [], reasons, other_papers: [], allowance: null };
  const believed = question.use === PERSONAL_EFFECTS && ["", "above_allowance"].includes(notPersonal(row, known));
  const held = believed ? allowed(question, subject, table) : null;
  if (documents.length && subject.groups?.includes(STURGEONS) && CAVIAR.includes(question.term ?? ""))
    reasons.push(...caviar(known.flow).map((code) => reason(code, null, "Conf. 12.7")));
  return { decision: row.decision, documents, reasons, other_papers: papers, allowance: held };
}

/**
 * The answer for wild goods: ask far outside a certain native range, a remark elsewhere outside it.
 * @param {Answer} found @param {Question} question @param {Subject} subject @param {Record<string, string>} known @param {string} issuer @param {Table} table @returns {Answer}
 */
function inRange(found, question, { range_states: range = [], range_sure: sure, introduced = [] }, { flow, source }, issuer, { regions }) {
  const origin = originOf(question.origin, flow, issuer);
  const wild = ["W", "R"].includes(countedSource(source));
  if (found.decision !== "documents" || flow === "return" || !wild || !range.length) return found;
  if (!origin || OF_NO_COUNTRY.includes(origin) || range.includes(origin)) return found;
  if (sure && regions && !introduced.includes(origin) && farFrom(origin, range, regions))
    return { ...ask([]), reasons: [reason("ask_out_of_range", null, "", { origin })], other_papers: found.other_papers };
  return { ...found, reasons: [...found.reasons, reason("range", null, "", { origin })] };
}

/** As `far_from` in chalicelib/kernel/regions.py. @param {string} country @param {readonly string[]} countries @param {{of: Record<string, string>, touching: Record<string, readonly string[]>}} regions */
function farFrom(country, countries, { of, touching }) {
  const here = of[country];
  if (!here || countries.some((each) => !of[each])) return false;
  return !countries.some((each) => of[each] === here || touching[here].includes(of[each]));
}

/** True if the goods cross a border of ours and do not only pass through. @param {Question} question @param {string} issuer @param {Table} table */
const crosses = (question, issuer, table) => !["transit", "inland"].includes(flowOf(question, issuer, table));

/** The goods as an annotation judges them. In Appendix I no symbol applies. @param {Question} question @param {Subject} subject @param {Record<string, string>} known @param {string} issuer @returns {import('./annotations.js').Goods} */
function annotated({ term, form, purpose, quantity, unit, origin }, { appendix, symbol, excepts, name, family }, { flow, source }, issuer) {
  const from = originOf(origin, flow, issuer);
  return { symbol: appendix === "I" ? "" : symbol, excepts, taxon: name, family, term, form, origin: from, source, purpose, quantity, unit };
}

/** The country of origin, which is ours for an export without another one, or "". @param {string | null | undefined} origin @param {string} flow @param {string} issuer */
const originOf = (origin, flow, issuer) => origin || (flow === "export" ? issuer : "");

/** @param {import('./annotations.js').Goods} goods @param {import('./annotations.js').Coverage} coverage @param {import('./annotations.js').Rules} rules */
const leftOutBy = ({ symbol }, { why }, rules) => [
  symbol && !EXCEPTION_WHYS.some((each) => why.startsWith(each))
    ? reason("outside_annotation", 0, "Art. I(b)", { symbol, as_of: rules.as_of })
    : reason("outside_exception", 0, "Art. I(b)"),
  reason(`annotation_${why}`, null),
];

/** @param {import('./annotations.js').Goods} goods @param {import('./annotations.js').Coverage} coverage @param {string} today @param {import('./annotations.js').Rules} rules */
function askAnnotation(goods, { why }, today, rules) {
  if (why === "form") return [reason("ask_form", null, "", { forms: formNeeded(goods, today, rules).join(" ") })];
  if (MISSING.includes(why)) return [reason(`ask_${why}`, null)];
  return [reason("ask_annotation", 0, "Art. I(b)"), reason(`annotation_${why}`, null)];
}

/** @param {Question} question @param {string} issuer @param {Table} table */
function flowOf({ direction, origin, exporting, destination }, issuer, { landlocked = [] }) {
  if (direction === "sea" && exporting && landlocked.includes(issuer)) return "import"; // another State, where they landed, exports them
  if (direction === "transit" || direction === "sea" || direction === "return") return direction;
  const leaves = direction === "export" || direction === "reexport";
  if (leaves && destination === issuer) return "inland";
  if (direction === "export") return origin && origin !== issuer && origin !== "ZZ" ? "reexport" : "export";
  if (leaves) return "reexport";
  return origin && origin !== "ZZ" && exporting && origin !== exporting ? "import_again" : "import";
}

/** @param {Question} question @param {Subject} subject */
function sourceOf({ source, pre_convention: old, registered }, subject) {
  if (old || source === "O") return "O";
  if (subject.kingdom === PLANT) return source ?? ""; // the registration of a nursery is voluntary
  if (registered && subject.appendix === "I" && source && ["C", "A"].includes(source)) return "D";
  if (registered === false && source === "D") return "C";
  return source ?? "";
}

/** Who listed the taxon in Appendix III, relative to this movement. @param {Question} question @param {Subject} subject @param {string} issuer @param {Table} table */
function listed(question, subject, issuer, table) {
  const all = subject.listed_by_all ?? (subject.listed_by ? [subject.listed_by] : []);
  if (["export", "reexport"].includes(flowOf(question, issuer, table))) return all.includes(issuer) ? "here" : "elsewhere";
  const exporting = exportingOf(question, issuer);
  if (!exporting || !all.length) return "unknown";
  return all.includes(exporting) ? "exporting" : "elsewhere";
}

/** The country that goods come from, or null if it is not given. @param {Question} question @param {string} issuer */
function exportingOf({ exporting, origin }, issuer) {
  const country = exporting || origin || null;
  return country === issuer || OF_NO_COUNTRY.includes(country ?? "") ? null : country;
}

/** @param {Question} question @param {Subject} subject @param {Table} table */
function allowed(question, subject, { allowances }) {
  if (subject.appendix !== "II") return null; // the limits of Conf. 13.7 are for Appendix II
  const ours = allowances.filter((each) => each.groups.some((group) => subject.groups?.includes(group)));
  return ours.find((each) => each.terms.includes(question.term ?? "")) ?? null;
}

/** True if the limit is a weight or a volume, and the quantity has no unit. @param {PersonalAllowance} allowance @param {Question} question */
const lacksUnit = (allowance, { quantity, unit }) => allowance.unit !== "NAR" && quantity !== undefined && quantity !== null && !unit;

/**
 * True if the quantity is within the personal allowance, or no quantity is given. False if it cannot be compared: another unit, or no number.
 * @param {PersonalAllowance} allowance @param {Question} question @param {Table} table
 */
function allowanceCovers(allowance, { quantity, unit }, { factors }) {
  if (quantity === undefined || quantity === null) return true;
  const given = Object.hasOwn(factors, unit ?? "NAR") ? factors[unit ?? "NAR"] : null;
  const [base, factor] = factors[allowance.unit];
  return given !== null && given[0] === base && QUANTITY.test(quantity) && millionths(quantity) * millionths(given[1]) <= millionths(allowance.most) * millionths(factor);
}

/** A decimal of at most six places as a whole number of millionths: floats would round. @param {string} decimal */
function millionths(decimal) {
  const [whole, part = ""] = decimal.split(".");
  return BigInt(whole + part.padEnd(6, "0"));
}

/** @param {RequiredDocument} wanted @param {Question} question @param {string} issuer @param {Table} table @returns {Document} */
function documentOf({ kind, by, why, article, alternatives }, question, issuer, table) {
  const known = { here: issuer, destination: question.destination, holder: question.based, exporting: exportingOf(question, issuer) };
  const country = known[/** @type {keyof typeof known} */ (by)];
  return { kind, issued_by: country ?? by, why, article, alternatives, comparable: table.non_parties.includes(country ?? "") };
}

/**
 * The suspensions of these goods: `suspended`, or what has to be asked.
 * @param {Subject} subject @param {Document[]} documents @param {Record<string, string>} known @param {Question} question
 * @param {string} today @param {string} issuer
 */
function suspensions(subject, documents, known, question, today, issuer) {
  const goods = { ...known, origin: originOf(question.origin, known.flow, issuer), term: question.term ?? "", exportedOn: leftOrigin(question, known.flow, issuer, today) };
  return (subject.restrictions ?? []).flatMap((rule) => {
    const found = documents.map(({ kind }) => applies(rule, { ...goods, kind }, today));
    const said = { since: rule.since, reason: rule.reason, source: rule.source };
    if (found.includes("stop")) return [reason("suspended", null, "", said)];
    if (found.includes("ask")) return [reason("ask_suspended", null, "", said)];
    if (found.includes("ask_origin")) return [reason("ask_origin", null)];
    return found.includes("ask_exported_on") ? [reason("ask_exported_before", null, "", said)] : [];
  });
}

/** The day on which the goods left their country of origin, or "". Goods that come from there now leave it on the day of the question. @param {Question} question @param {string} flow @param {string} issuer @param {string} today */
function leftOrigin({ origin, exported_on: day }, flow, issuer, today) {
  if (OF_NO_COUNTRY.includes(originOf(origin, flow, issuer))) return "";
  return flow === "export" || flow === "import" ? today : (day ?? "");
}

/**
 * The result of a suspension for goods, as `Restriction.applies` in chalicelib/species/model/listing.py, with its steps.
 * @param {Restriction} rule @param {Record<string, string>} goods @param {string} today
 */
function applies(rule, { kind, source, purpose, term, origin, exportedOn }, today) {
  const { kinds, sources, purposes, origins, terms = [], except_origins: except = [], effect = "stop" } = rule;
  const within = (/** @type {readonly string[]} */ codes, /** @type {string} */ code) => !codes.length || codes.includes(code);
  const matches = within(kinds, kind) && (!sources.length || appliesToSource(source, sources)) && within(purposes, purpose) && (!term || within(terms, term));
  if (!matches || except.includes(origin)) return "no"; // 1
  if (origin && origins.length && ![...origins, ...OF_NO_COUNTRY].includes(origin)) return "no"; // 2
  const left = rule.exported_before && kind !== "E" ? exportedOn : today; // 3
  if (rule.since > (left || today) || (left && rule.until && left >= rule.until)) return "no";
  if (!origin && (origins.length || except.length)) return "ask_origin"; // 2
  if (!left) return "ask_exported_on"; // 3
  return effect; // 4
}

/**
 * @param {Row} row @param {Question} question @param {Record<string, string>} known
 * @param {Document[]} documents
 */
function remarks(row, question, known, documents) {
  const said = [];
  if (documents.some((each) => each.issued_by === "holder")) said.push(reason("holder_unknown", row.number, row.article));
  const { use } = question;
  if (use === PERSONAL_EFFECTS) {
    const why = notPersonal(row, known);
    if (why) said.push(reason(why, ROW_OF[use], why === "above_allowance" ? "Conf. 13.7" : ""));
  } else if (use && row.number !== ROW_OF[use] && row.number !== 0) said.push(reason(`not_${use}`, ROW_OF[use]));
  if (known.mixed === "yes" && row.number !== 0) said.push(reason("population", 0, "Art. I(a)"));
  const back = known.flow === "return";
  if (documents.length && !back && (question.purpose === "L" || (known.source === "I" && row.number !== PRE_CONVENTION)))
    said.push(reason("authority_decides", CONFISCATED));
  if (documents.some((each) => each.comparable)) said.push(reason("non_party", NON_PARTY, "Art. X; Conf. 9.5"));
  return said;
}

/** Code of the reason why the row turns a claim of personal effects down, or "". @param {Row} row @param {Record<string, string>} known */
function notPersonal(row, { live, trophy, purpose, covered: held, appendix, abroad }) {
  if (row.number === 0 || row.number === ROW_OF.personal_effects) return "";
  if (live === "yes" || trophy === "yes") return "not_personal_effects";
  if (purpose !== OWN_USE && purpose !== HUNTING) return "personal_purpose";
  if (held === "no") return "above_allowance";
  return appendix === "I" && abroad === "yes" ? "personal_i_abroad" : "";
}

/** @param {string} flow */
const caviar = (flow) => [
  ...(flow === "return" ? [] : ["caviar_labels"]),
  ...(flow === "export" || flow === "reexport" ? ["caviar_registered"] : []),
  ...(flow === "reexport" || flow === "import_again" ? ["caviar_18_months"] : []),
];

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

/**
 * The question with every value of a missing source, purpose and term. Goods with the form `domestic` get no value of a
 * wild animal, such as source W.
 * @param {Question} question @param {Subject} subject @param {string} issuer @param {Table} table
 */
function completions(question, subject, issuer, table) {
  const { kingdoms } = table;
  const unlikely = subject.appendix === "I" ? ["O"] : ["O", "D"]; // these sources apply only if stated
  const domestic = question.form === DOMESTIC && subject.excepts?.includes("domesticated");
  const sources = Object.keys(kingdoms).filter(
    (source) => !unlikely.includes(source) && [null, subject.kingdom].includes(kingdoms[source]) && !(domestic && isOfWildAnimal({ source })),
  );
  const purposes = PURPOSES.filter((purpose) => !(domestic && isOfWildAnimal({ purpose })));
  const terms = question.term ? [question.term] : termsOf(question, subject, issuer, table).filter((term) => !(domestic && isOfWildAnimal({ term })));
  return (question.source ? [question.source] : sources).flatMap((source) =>
    (question.purpose ? [question.purpose] : purposes).flatMap((purpose) =>
      terms.map((term) => ({ ...question, source, purpose, term })),
    ),
  );
}

/** Terms that the rows, the suspensions and the annotation tell apart. @param {Question} question @param {Subject} subject @param {string} issuer @param {Table} table */
function termsOf(question, subject, issuer, table) {
  const goods = annotated(question, subject, { flow: flowOf(question, issuer, table), source: "" }, issuer);
  const suspended = (subject.restrictions ?? []).flatMap(({ terms }) => (terms?.length ? [[...terms].sort()[0]] : []));
  return [...new Set([...TERMS, ...suspended, ...decidingTerms(goods, table.annotations ?? NO_RULES, ALL_TERMS.keys())])];
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

/** Items without repetitions. @template T @param {T[]} items @returns {T[]} */
const once = (items) => items.filter((each, at) => items.findIndex((other) => JSON.stringify(other) === JSON.stringify(each)) === at);

/** @param {readonly string[]} codes @returns {Answer} */
const ask = (codes) => ({ decision: "ask", documents: [], reasons: codes.map((code) => reason(`ask_${code}`, null)), other_papers: [], allowance: null });

/** @param {string} code @param {number | null} row @param {string} [article] @param {Record<string, string>} [said] @returns {Reason} */
const reason = (code, row, article = "", said = {}) => ({ code, row, article, facts: said });

/** @param {boolean} fact */
const yes = (fact) => (fact ? "yes" : "no");
