// What a verdict says to this reader: chalicelib/i18n/words.py and verification/public_view.py, for verdicts that were judged here.
// The table of sentences is the server's own (chalicelib/verdict/sentences.py), in the catalogue.

import { fill, held, moment } from "./i18n.js";

/** @typedef {import('./i18n.js').Facts} Facts */

/**
 * The words of a verdict's code. `cases`: the first that the code has words of its own for is used.
 * @param {string} code @param {string[]} cases @param {Facts} facts @param {boolean} [settled]
 */
export function text(code, cases, facts, settled = false) {
  const { codes, settled: looked } = held().verdict;
  const words = say(variantsOf(codes, code, cases), facts);
  return settled ? say(looked, { text: words }) : words;
}

/** The headline of an outcome. @param {string} name @param {string[]} cases @param {Facts} facts */
export const outcome = (name, cases, facts) => say(variantsOf(held().verdict.outcomes, name, cases), facts);

/** What to do now under an outcome, in order. @param {string} name @param {string[]} cases  the codes of the verdict @param {Facts} facts */
export const steps = (name, cases, facts) => variantsOf(held().verdict.steps, name, cases).map((variants) => say(variants, facts));

/** The name of check 1 .. 12. @param {number} number */
export const checkName = (number) => held().verdict.checks[number];

/**
 * @typedef {import('../core/check_results.js').CheckResult} CheckResult
 * @typedef {{zone: string, duty: string, officer: boolean}} Reader  who reads: only officers get hours and posts
 */

/** The sentence of one code of a verdict, at this direction. @param {CheckResult} result @param {Reader} reader @param {string} direction */
export const resultText = (result, reader, direction) =>
  text(result.code, casesOf(result, direction), factsOf(result, reader), result.cleared);

/**
 * The words of an outcome, with its reason (the first code that asks for it) where the outcome is a question.
 * @param {import('../core/verdict.js').Verdict} verdict @param {Reader} reader @param {string} direction
 */
export function headline(verdict, reader, direction) {
  const first = verdict.checkResults.find((result) => result.outcome === verdict.outcome);
  return outcome(verdict.outcome, [], {
    duty: reader.duty,
    reason: first ? resultText(first, reader, direction) : "",
    when: moment(verdict.dataAsOf, reader.zone),
  });
}

/** @param {CheckResult} result @param {string} direction */
function casesOf(result, direction) {
  if (result.code !== "U5") return [result.outcome, direction];
  const use = result.facts.kind;
  return [
    result.facts.telephone ? "offline" : "",
    use === "import" ? "imported" : "",
    use === "export" && direction === "export" ? direction : "",
  ];
}

/** @param {CheckResult} result @param {Reader} reader @returns {Facts} */
function factsOf(result, reader) {
  const code = result.code;
  const facts = /** @type {Record<string, any>} */ (result.facts);
  if (code === "D2") return { pages: facts.of, missing: facts.pages.join(", ") };
  /** @type {Facts} */
  const known = { duty: reader.duty };
  if (facts.number) Object.assign(known, { number: facts.number, replaced_by: facts.number });
  if (facts.at) {
    const last = code === "S1" ? facts.at - 1 : facts.at; // S1 brings `exp`, the first second after the last valid day
    known.when = moment(last, facts.zone ?? reader.zone, code === "T1" || (reader.officer && code !== "S1"));
  }
  if (reader.officer && facts.post) known.post = held().codes.posts[facts.post] ?? facts.post;
  if (reader.officer && facts.transport_document) {
    known.waybill = facts.transport_document;
    known.quantity = facts.lines.map((/** @type {string[]} */ line) => line.join(" ")).join(", ");
  }
  return known;
}

/** @template T @param {Record<string, T>} table @param {string} name @param {string[]} cases */
function variantsOf(table, name, cases) {
  const own = cases.find((each) => each && table[`${name} ${each}`]);
  return table[own ? `${name} ${own}` : name];
}

/** The first variant whose facts are all known. @param {string[]} variants @param {Facts} facts */
function say(variants, facts) {
  const known = Object.fromEntries(
    Object.entries(facts).filter(([, value]) => value !== undefined && value !== null && value !== ""),
  );
  const fits = variants.find((each) => [...each.matchAll(/\{(\w+)\}/g)].every(([, name]) => name in known));
  return fill(fits ?? variants[variants.length - 1], known);
}
