// The contract's Verdict, as every component takes it, whoever judged; and how one that was judged here gets that shape:
// chalicelib/verification/public_view.py in JavaScript. Only a verdict's verified fields are read.

import { toHex } from "../core/bytes.js";
import { CHECKS } from "../core/check_results.js";
import { APPENDIX_NAMES, lineLetter } from "../core/permit.js";
import { calendarDay } from "../core/stage.js";
import { checkName, headline, resultText, steps } from "./words.js";

/**
 * @typedef {{name?: string, country: string}} Party
 * @typedef {{country: string, permit?: string, certificate?: string, date?: string}} Source
 * @typedef {{line?: string, scientific_name: string, appendix: string, source?: string, term: string, quantity: string,
 *   unit?: string, marks?: string, marks_digest?: {count: number, digest: string}, origin?: Source,
 *   last_reexport?: Source, operation_or_acquisition?: string}} Line
 * @typedef {{issuer: string, document_type: string, number: string, issued_at: string, valid_until: string,
 *   exporter: Party, importer: Party, purpose?: string, lines: Line[], stamp_number?: string, form?: string,
 *   pages?: {of: number, seen: number[]}}} PermitShown
 * @typedef {{line: string, quantity: string, dead_on_arrival?: string}} UsedLine
 * @typedef {{kind: string, day: string, post: string, lines: UsedLine[], transport_document: string, result?: string,
 *   withdrawn?: boolean, yours?: boolean, event_id?: string, at?: string, post_name?: string, officer?: string, on_behalf_of?: string, customs_document?: string, brought_by?: string, received_at?: string}} UseShown
 * @typedef {{state: string, use: string, uses: UseShown[], replaced_by: string | null}} RegisterShown
 * @typedef {{block: string, signed?: string, printed?: string}} Difference
 * @typedef {{code: string, check: number, text: string, cleared?: boolean, differences?: Difference[]}} CodeShown
 * @typedef {{n: number, name: string, words: string, result: "pass" | "fail" | "skipped"}} CheckShown
 * @typedef {import("../core/check_results.js").Outcome} Outcome
 * @typedef {{outcome: Outcome, words: string, steps: string[], codes: CodeShown[], checks: CheckShown[],
 *   permit: PermitShown | null, register: RegisterShown | null, checked_at: string, data_as_of: string,
 *   document?: {kind: string, pages: number, codes: number}}} Verdict
 * @typedef {import("../core/permit.js").Permit} Permit
 * @typedef {import("../core/permit.js").TokenLine} TokenLine
 * @typedef {import("../core/permit.js").TokenSource} TokenSource
 * @typedef {import("../core/verdict.js").Verdict} Judged
 * @typedef {import("./words.js").Reader} Reader
 */

/**
 * A verdict of this device, without a register: what it says is drawn by the same components as the service's.
 * @param {Judged} found
 * @param {Reader} reader
 * @param {string} direction
 * @returns {Verdict}
 */
export function shownVerdict(found, reader, direction) {
  return {
    outcome: found.outcome,
    words: headline(found, reader, direction),
    steps: steps(found.outcome, found.checkResults.map((result) => result.code), { duty: reader.duty }),
    codes: found.checkResults.map((result) => {
      return { code: result.code, check: result.check, text: resultText(result, reader, direction) };
    }),
    checks: [...CHECKS].map(([n, name]) => ({ n, name, words: checkName(n), result: resultOf(found, n) })),
    permit: found.permit && shownPermit(found.permit, found.pages, found.zone),
    register: null,
    checked_at: time(found.checkedAt),
    data_as_of: time(found.dataAsOf),
  };
}

/** @param {Judged} found @param {number} n */
const resultOf = (found, n) => /** @type {"pass" | "fail" | "skipped"} */ (found.checks.get(n));

/** Whole seconds since 1970 as RFC 3339. @param {number} at */
const time = (at) => new Date(at * 1000).toISOString().replace(".000", "");

/**
 * The signed fields under the request's names, of every page that was verified. `zone`: the issuing Party's.
 * @param {Permit} signed
 * @param {readonly Permit[]} pages
 * @param {string} zone
 * @returns {PermitShown}
 */
export function shownPermit(signed, pages, zone) {
  return {
    issuer: signed.issuer,
    document_type: signed.kind,
    number: signed.number,
    issued_at: time(signed.issuedAt),
    valid_until: calendarDay(signed.expiresAt - 1, zone),
    exporter: signed.exporter,
    importer: signed.importer,
    purpose: signed.purpose,
    lines: lettered(pages),
    ...(signed.stamp !== null && { stamp_number: signed.stamp }),
    ...(signed.page && { pages: { of: signed.page[1], seen: pages.map(pageOf).sort((a, b) => a - b) } }),
  };
}

/** @param {Permit} page */
const pageOf = (page) => page.page?.[0] ?? 1;

/** Lines with their letters, which run on through the pages; without one behind a page not seen. @param {readonly Permit[]} pages */
function lettered(pages) {
  /** @type {Line[]} */
  const lines = [];
  let known = true;
  [...pages]
    .sort((a, b) => pageOf(a) - pageOf(b))
    .forEach((page, index) => {
      known &&= page.page === null || page.page[0] === index + 1;
      for (const line of page.lines) lines.push(shownLine(line, known ? lineLetter(lines.length) : null));
    });
  return lines;
}

/** @param {TokenLine} line @param {string | null} letter @returns {Line} */
const shownLine = (line, letter) => ({
  ...(letter && { line: letter }),
  scientific_name: line.taxon,
  appendix: APPENDIX_NAMES[line.appendix],
  source: line.source,
  term: line.term,
  quantity: line.quantity,
  ...(line.unit !== null && { unit: line.unit }),
  ...(typeof line.marks === "string" && { marks: line.marks }),
  ...(line.marks &&
    typeof line.marks === "object" && { marks_digest: { count: line.marks.count, digest: toHex(line.marks.digest) } }),
  ...(line.origin && { origin: shownSource(line.origin, "permit") }),
  ...(line.lastReexport && { last_reexport: shownSource(line.lastReexport, "certificate") }),
  ...(line.operation !== null && { operation_or_acquisition: line.operation }),
});

/** @param {TokenSource} from @param {"permit" | "certificate"} called @returns {Source} */
const shownSource = (from, called) => ({
  country: from.country,
  ...(from.document !== null && { [called]: from.document }),
  ...(from.date !== null && { date: from.date }),
});
