// Block 14 as it is asked for here: checked by the core before anything is written, with one UUID from beginning to end.

import { AlreadyUsed, Invalid, NotUsable, QuantityExceeded } from "../core/errors.js";
import { checkUse, openConsignment } from "../core/single_use.js";
import { tokenAllowance } from "../core/token_checks.js";
import { checkLines } from "../core/used_lines.js";
import { Problem, Unreachable } from "../shared/api.js";
import { home } from "../shared/frame.js";
import { chosenLines } from "../shared/permit-lines.js";
import { spelled } from "../shared/quantity.js";
import { SignedOut, askAs } from "../shared/session.js";
import { LOST, naming, noteLost, thisDevice } from "./device.js";
import { ofPermit, usesOf } from "./judge.js";
import { toArrive } from "./left.js";
import { useOf } from "./lists.js";
import { add, alone, answered } from "./queue.js";
import { keepEvent } from "./store.js";

/**
 * @typedef {{line: string, quantity: string, dead: string}} Entered
 * @typedef {{eventId: string, lines: Entered[], transport: string, customs: string, importPermit: string,
 *   permit: import('../shared/permit-lines.js').ImportPermit | null, choice: import('../shared/permit-lines.js').Choice}} Form
 *   `importPermit`: the number of ours that a foreign document names; `permit`: what the register has of it
 * @typedef {{field: string, code: string}} Fault  field: "lines[0].quantity", "transport", "lines", "use"
 * @typedef {{kind: string, issuer: string, number: string, country: string, allowed: import('../core/single_use.js').Allowed,
 *   uses: readonly import('../core/single_use.js').Use[]}} Paper  `country`: box 4's; `uses`: the register's, else what this device was told
 * @typedef {{slug: string, message: string, lines: string[], codes: string[]}} Refused  by the register, or kept by it as a second use
 * @typedef {{kept: import('./store.js').Kept, online: boolean, refused: Refused | null}} Done
 */

/**
 * The permit that is endorsed: by its code, as it was signed; by number and check code, as the register holds it.
 * @param {import('./state.js').Subject | null} subject @returns {Paper | null}
 */
export function paperOf(subject) {
  const { found = null, answer = null, typed = null } = subject ?? {};
  const told = answer?.register?.uses.map(useOf);
  if (found?.judged.permit) {
    const { permit, pages, uses } = found.judged;
    return { ...permit, country: permit.exporter.country, allowed: tokenAllowance(pages), uses: told ?? uses };
  }
  if (!typed || !answer?.permit || !told) return null;
  const { document_type: kind, issuer, number, exporter, lines } = answer.permit;
  const allowed = new Map(lines.map(({ line = "", quantity, unit = null }) => [line, { quantity, unit }]));
  return { kind, issuer, number, country: exporter.country, allowed, uses: told };
}

/** A form with a line for each letter of the pages seen. @param {Paper} paper @returns {Form} */
export function blank({ allowed }, transport = "") {
  const lines = [...allowed.keys()].map((line) => ({ line, quantity: "", dead: "" }));
  return { eventId: crypto.randomUUID(), lines, transport, customs: "", importPermit: "", permit: null, choice: {} };
}

/** At import: what is still to arrive, by the register or by what this device knows. @param {import('./state.js').Subject | null} subject */
export function stillTo(subject) {
  if (subject?.direction !== "import") return new Map();
  const uses = subject.answer?.register?.uses ?? subject.found?.judged.uses ?? [];
  return toArrive(uses, (subject.found?.shown ?? subject.answer)?.permit?.lines ?? []);
}

/** Without noughts at its end, as block 14 has it. @param {string} text */
const shortest = (text) => spelled(text).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");

/** @param {Form} form @param {import('./judge.js').Direction} direction */
const linesOf = (form, direction) =>
  form.lines.map(({ line, quantity, dead }) => ({
    line,
    quantity: shortest(quantity),
    ...(direction === "import" && dead.trim() !== "" && { dead_on_arrival: shortest(dead) }),
  }));

/**
 * What is wrong with a form; nothing: it may be sent. The service asks the same again.
 * @param {Form} form @param {Paper} paper @param {import('./judge.js').Direction} direction
 * @param {import('./lists.js').Known} known @param {readonly import('./store.js').Kept[]} done @returns {Fault[]}
 */
export function faultsOf(form, paper, direction, known, done) {
  const faults = form.transport.trim() ? [] : [{ field: "transport", code: "required" }];
  const lines = linesOf(form, direction).map((line) => ({ ...line, deadOnArrival: line.dead_on_arrival ?? null }));
  try {
    checkLines(lines, paper.allowed, direction);
  } catch (error) {
    if (error instanceof Invalid) faults.push(...error.errors.map(({ field, code }) => ({ field, code })));
    else if (error instanceof QuantityExceeded) faults.push(...overs(lines, error));
    else throw error;
    return faults;
  }
  const refused = whyRefused(paper, { eventId: form.eventId, lines, transportDocument: form.transport.trim() }, direction, known, done);
  return refused ? [...faults, { field: "use", code: refused }] : faults;
}

/**
 * Why `checkUse` refuses one more use; "": it does not.
 * @param {Paper} paper @param {Pick<import('../core/single_use.js').Use, 'eventId' | 'lines' | 'transportDocument'>} said
 * @param {import('./judge.js').Direction} direction @param {import('./lists.js').Known} known
 * @param {readonly import('./store.js').Kept[]} done @returns {'' | 'already_used' | 'not_usable'}
 */
function whyRefused(paper, said, direction, known, done) {
  const now = Math.floor(Date.now() / 1000);
  const ours = paper.issuer === paper.country && paper.issuer === known.trust.pins[0]?.country;
  const kind = ours && direction === "import" && paper.kind !== "I" ? "return" : direction;
  /** @type {import('../core/single_use.js').Use} */
  const added = { ...said, kind, post: "", at: now, result: "accepted", late: false, withdrawnAt: null, foreignDocument: null };
  try {
    checkUse(paper.kind, withMine(paper, done), added, paper.allowed, known.posts, now);
    return "";
  } catch (error) {
    if (error instanceof AlreadyUsed) return "already_used";
    if (error instanceof NotUsable) return "not_usable";
    throw error;
  }
}

/** @param {Paper} paper @param {readonly import('./store.js').Kept[]} done */
function withMine({ issuer, number, uses }, done) {
  const mine = usesOf(ofPermit(done, issuer, number));
  return [...uses, ...mine.filter((use) => !uses.some((each) => each.eventId === use.eventId))];
}

/**
 * Why nothing more of a permit can be endorsed; "": it can. Nothing is offered that leads only to a refusal.
 * @param {Paper} paper @param {import('./judge.js').Direction} direction @param {import('./lists.js').Known} known
 * @param {readonly import('./store.js').Kept[]} done
 */
export function spent(paper, direction, known, done) {
  const part = openConsignment(withMine(paper, done), paper.allowed, known.posts, Math.floor(Date.now() / 1000));
  const transportDocument = part?.transportDocument ?? "";
  return whyRefused(paper, { eventId: "", lines: [], transportDocument }, direction, known, done);
}

/** @param {readonly {line: string}[]} lines @param {any} error @returns {Fault[]} */
const overs = (lines, error) =>
  error.extra.lines.map((/** @type {{line: string}} */ over) => ({
    field: `lines[${lines.findIndex((each) => each.line === over.line)}].quantity`,
    code: "exceeded",
  }));

export const SECOND_USE = "kept-as-conflict"; // the service's name for what it keeps as a second use of the permit

/** What became of an endorsement. @param {import('./store.js').Kept} kept @returns {Done} */
export function doneOf(kept) {
  const { state, answer } = kept;
  if (state === "waiting" || state === "stored") return { kept, online: state === "stored", refused: null };
  const slug = state === "conflict" ? SECOND_USE : answer.problem;
  return { kept, online: true, refused: { slug, message: answer.detail ?? "", lines: answer.lines ?? [], codes: answer.codes ?? [] } };
}

/**
 * Writes the endorsement down, then asks the register at once; meanwhile no batch carries it. What the register refused
 * in so many words has not happened; what it did not answer has: the paper is endorsed here, and the event, `unheard`,
 * goes the way of the queue.
 * @param {Form} form
 * @param {{subject: import('./state.js').Subject, post: string, officer: string, issuer: string, number: string}} about
 * @returns {Promise<Done>}
 */
export const endorse = (form, about) => alone(form.eventId, () => endorseAlone(form, about));

/** @param {Form} form */
function importPermitOf({ importPermit, permit, choice }) {
  const lines = chosenLines(permit, choice);
  return importPermit.trim() ? { import_permit: importPermit.trim(), ...(lines && { import_permit_lines: lines }) } : {};
}

/** Another country's permit of Appendix I that arrives is asked for our import permit. @param {import('./state.js').Subject | null} subject @param {import('../shared/show.js').PermitShown | null | undefined} permit */
export const asksImportPermit = (subject, permit) =>
  subject?.direction === "import" && permit && permit.issuer !== home() && permit.lines.some(({ appendix }) => appendix === "I");

/** @param {Form} form @param {Parameters<typeof endorse>[1]} about @returns {Promise<Done>} */
async function endorseAlone(form, { subject, post, officer, issuer, number }) {
  const { text, pages, direction, typed } = subject;
  const body = {
    event_id: form.eventId,
    ...(typed ? { number, ...(typed.code && { code: typed.code }) } : { qr: text }),
    ...(pages.length > 0 && { other_pages: pages }),
    post,
    direction,
    endorsed_at: new Date().toISOString().replace(/\.\d+/, ""),
    lines: linesOf(form, direction),
    transport_document: form.transport.trim(),
    ...(form.customs.trim() && { customs_document: form.customs.trim() }),
    ...importPermitOf(form),
  };
  const kept = await add({ kind: "endorsement", officer, ...body, unheard: true }, { issuer, number });
  if (kept.state !== "waiting") return doneOf(kept); // a try before was sent by the queue
  try {
    const { body: receipt } = await askAs("/v1/endorsements", {
      method: "POST",
      headers: { "Content-Type": "application/json", ...naming(await thisDevice()) },
      body: JSON.stringify(body),
    });
    return doneOf(await keepEvent(answered(kept, { result: "stored", receipt })));
  } catch (error) {
    if (error instanceof Unreachable || error instanceof SignedOut) return doneOf(kept);
    if (!(error instanceof Problem)) throw error;
    const { slug: problem, message: detail, lines, codes, status } = error;
    if (status >= 500 || status === 429) return doneOf(kept);
    if (problem === LOST) await noteLost();
    const result = problem === SECOND_USE ? "conflict" : "rejected";
    return doneOf(await keepEvent(answered(kept, { result, problem, detail, lines, codes })));
  }
}
