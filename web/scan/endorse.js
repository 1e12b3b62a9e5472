// Block 14 as it is asked for here: checked by the core before anything is written, with one UUID from beginning to end.

import { AlreadyUsed, Invalid, NotUsable, QuantityExceeded } from "../core/errors.js";
import { admit, arriving } from "../core/ledger.js";
import { tokenAllowance } from "../core/token.js";
import { checkLines } from "../core/used_lines.js";
import { Problem, Unreachable } from "../shared/api.js";
import { SignedOut, askAs } from "../shared/session.js";
import { usesOf } from "./judge.js";
import { useOf } from "./lists.js";
import { toArrive } from "./left.js";
import { add, answered } from "./queue.js";
import { keepEvent } from "./store.js";

/**
 * @typedef {{line: string, quantity: string, dead: string}} Entered
 * @typedef {{eventId: string, lines: Entered[], transport: string, customs: string}} Form
 * @typedef {{field: string, code: string}} Fault  field: "lines[0].quantity", "transport", "lines", "use"
 * @typedef {{kept: import('./store.js').Kept, online: boolean, refused: any}} Done  `refused`: the winner's record
 */

/** A form with a line for each letter of the pages seen. @param {readonly import('../core/permit.js').Permit[]} pages @returns {Form} */
export function blank(pages, transport = "") {
  const lines = [...tokenAllowance(pages).keys()].map((line) => ({ line, quantity: "", dead: "" }));
  return { eventId: crypto.randomUUID(), lines, transport, customs: "" };
}

/** At import: what is still to arrive, by the register or by what this device knows. @param {import('./state.js').Subject | null} subject */
export function stillTo(subject) {
  if (subject?.direction !== "import") return new Map();
  const uses = subject.answer?.register?.uses ?? subject.found?.judged.uses ?? [];
  return toArrive(uses, subject.found?.shown.permit?.lines ?? []);
}

/** The quantity that Russian and Kyrgyz keyboards write with a comma. @param {string} text */
const spelt = (text) => text.trim().replace(",", ".").replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");

/** @param {Form} form @param {import('./judge.js').Direction} direction */
const linesOf = (form, direction) =>
  form.lines.map(({ line, quantity, dead }) => ({
    line,
    quantity: spelt(quantity),
    ...(direction === "import" && dead.trim() !== "" && { dead_on_arrival: spelt(dead) }),
  }));

/**
 * What is wrong with a form; nothing: it may be sent. The service asks the same again.
 * @param {Form} form @param {import('../core/verdict.js').Verdict} judged @param {import('./judge.js').Direction} direction
 * @param {import('./lists.js').Known} known @param {readonly import('./store.js').Kept[]} done @returns {Fault[]}
 */
export function faultsOf(form, judged, direction, known, done) {
  const { permit, pages, uses } = judged;
  if (!permit) return [{ field: "use", code: "not_genuine" }];
  const faults = form.transport.trim() ? [] : [{ field: "transport", code: "required" }];
  const allowed = tokenAllowance(pages);
  const lines = linesOf(form, direction).map((line) => ({ ...line, deadOnArrival: line.dead_on_arrival ?? null }));
  try {
    checkLines(lines, allowed, direction);
    const now = Math.floor(Date.now() / 1000);
    const added = addedTo(permit, { eventId: form.eventId, lines, transportDocument: form.transport.trim() }, direction, known, now);
    admit(permit.kind, withMine(permit, uses, done), added, allowed, known.posts, now);
  } catch (error) {
    if (error instanceof Invalid) faults.push(...error.errors.map(({ field, code }) => ({ field, code })));
    else if (error instanceof QuantityExceeded) faults.push(...overs(lines, error));
    else if (error instanceof AlreadyUsed) faults.push({ field: "use", code: "already_used" });
    else if (error instanceof NotUsable) faults.push({ field: "use", code: "not_usable" });
    else throw error;
  }
  return faults;
}

/** A use that this endorsement would be. @param {import('../core/permit.js').Permit} permit
 * @param {Pick<import('../core/ledger.js').Use, 'eventId' | 'lines' | 'transportDocument'>} said
 * @param {import('./judge.js').Direction} direction @param {import('./lists.js').Known} known @param {number} now
 * @returns {import('../core/ledger.js').Use}
 */
function addedTo(permit, said, direction, known, now) {
  const ours = permit.issuer === permit.exporter.country && permit.issuer === known.trust.pins[0]?.country;
  const kind = ours && direction === "import" && permit.kind !== "I" ? "return" : direction;
  return { ...said, kind, post: "", at: now, result: "accepted", late: false, withdrawnAt: null };
}

/** @param {import('../core/permit.js').Permit} permit @param {readonly import('../core/ledger.js').Use[]} uses @param {readonly import('./store.js').Kept[]} done */
function withMine({ issuer, number }, uses, done) {
  const mine = usesOf(done.filter((each) => each.issuer === issuer && each.number === number));
  return [...uses, ...mine.filter((use) => !uses.some((each) => each.eventId === use.eventId))];
}

/**
 * Whether an endorsement could still be admitted: nothing is offered that leads only to a refusal.
 * @param {import('./state.js').Subject} subject @param {import('./lists.js').Known} known @param {readonly import('./store.js').Kept[]} done
 */
export function somethingLeft({ found, answer, direction }, known, done) {
  const permit = found?.judged.permit;
  if (!found || !permit) return false;
  const now = Math.floor(Date.now() / 1000);
  const uses = withMine(permit, answer?.register?.uses?.map(useOf) ?? found.judged.uses, done);
  const allowed = tokenAllowance(found.judged.pages);
  const transportDocument = arriving(uses, allowed, known.posts, now) ?? "";
  try {
    admit(permit.kind, uses, addedTo(permit, { eventId: "", lines: [], transportDocument }, direction, known, now), allowed, known.posts, now);
    return true;
  } catch (error) {
    if (error instanceof AlreadyUsed || error instanceof NotUsable) return false;
    throw error;
  }
}

/** @param {readonly {line: string}[]} lines @param {any} error @returns {Fault[]} */
const overs = (lines, error) =>
  error.extra.lines.map((/** @type {{line: string}} */ over) => ({
    field: `lines[${lines.findIndex((each) => each.line === over.line)}].quantity`,
    code: "exceeded",
  }));

/**
 * Writes the endorsement down, then asks the register at once. What the register refused in so many words has not
 * happened; what it did not answer has: the paper is endorsed here, and the event goes the way of the queue.
 * @param {Form} form
 * @param {{text: string, pages: string[], direction: import('./judge.js').Direction, post: string, officer: string,
 *   issuer: string, number: string}} about
 * @returns {Promise<Done>}
 */
export async function endorse(form, { text, pages, direction, post, officer, issuer, number }) {
  const body = {
    event_id: form.eventId,
    qr: text,
    ...(pages.length > 0 && { other_pages: pages }),
    post,
    direction,
    endorsed_at: new Date().toISOString().replace(/\.\d+/, ""),
    lines: linesOf(form, direction),
    transport_document: form.transport.trim(),
    ...(form.customs.trim() && { customs_document: form.customs.trim() }),
  };
  const kept = await add({ kind: "endorsement", officer, ...body }, { issuer, number });
  try {
    const { body: receipt } = await askAs("/v1/endorsements", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    const stored = answered(kept, { result: "stored", receipt });
    await keepEvent(stored);
    return { kept: stored, online: true, refused: null };
  } catch (error) {
    if (error instanceof Unreachable || error instanceof SignedOut) return { kept, online: false, refused: null };
    if (!(error instanceof Problem)) throw error;
    if (error.status >= 500 || error.status === 429) return { kept, online: false, refused: null };
    const told = { ...kept, state: /** @type {const} */ ("rejected"), answer: { problem: error.slug, detail: error.message } };
    await keepEvent({ ...told, sentAt: Math.floor(Date.now() / 1000) });
    return { kept: told, online: true, refused: error };
  }
}
