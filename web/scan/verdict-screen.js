// The verdict on one permit: the card first and at once, then what to do, then what to compare with.

import { keyed } from "../node_modules/lit-html/directives/keyed.js";
import { moment, t } from "../shared/i18n.js";
import { icon } from "../shared/icons.js";
import { aboutPermit, amount, registerSide, signedFields } from "../shared/permit-view.js";
import { checkList, codeList, roomFor, stepList, verdictCard, word } from "../shared/verdict-view.js";
import { html, nothing } from "../shared/view.js";
import { paperOf, spent, stillTo } from "./endorse.js";
import { directionWord } from "./find-view.js";
import { age, clockOff, telephone } from "./frame.js";
import { goodsBeside } from "./goods-view.js";
import { holdView } from "./hold-view.js";
import { waiting } from "./queue.js";
import { lostWord } from "./refused.js";
import { currentVerdict, mayEndorse } from "./state.js";
import { soughtView } from "./sought-view.js";
import { takeBackFound } from "./take-back.js";
import { askWhich } from "./which-view.js";

/**
 * @typedef {import('./state.js').State} State @typedef {import('./state.js').Subject} Subject
 * @typedef {import('./main.js').Actions} Actions @typedef {import('../shared/show.js').Verdict} Verdict
 */

/**
 * What an answer may change without moving anything: no more than the words in the card. Where this differs the screen is
 * another one, drawn anew and read from its top. @param {Subject} subject @param {Verdict | null} [verdict]
 */
export function drawnFor(subject, verdict = currentVerdict(subject)) {
  if (!verdict) return "";
  const { outcome, words, codes } = verdict;
  const card = outcome.startsWith("accept") ? "accept" : `${outcome} ${words}`;
  return [card, ...codes.map((each) => each.text), ...stillTo(subject).values()].join(" ");
}

/** @param {State} state @param {Actions} actions */
export function verdictScreen(state, actions) {
  const subject = /** @type {Subject} */ (state.subject);
  const verdict = currentVerdict(subject);
  if (!verdict) return noVerdict(state, subject, actions);
  const here = subject.found?.shown;
  const before = here && drawnFor(subject, here) === drawnFor(subject, verdict) ? here : verdict;
  const { permit, register } = verdict;
  const screen = html`
    ${verdictCard(verdict, about(state, subject, verdict, before), mark(state), before)} ${sameGoods(subject, verdict, actions)} ${nextPage(verdict, actions)} ${soughtView(state, permit, actions)}
    ${verdict.outcome === "hold" ? holdView(state, verdict, actions) : nothing} ${nextSteps(state, subject, verdict, actions)}
    ${codeList(verdict)} ${askWhich(state, verdict, actions)} ${otherKind(state, verdict, actions)}
    ${permit ? coming(subject, permit) : nothing} ${permit ? signedFields(permit, goodsBeside(subject.goods, actions)) : nothing}
    ${keyed(register !== null, html`
      ${permit && register ? html`${registerSide(permit, register)} ${takeBackFound(state, register.uses, actions)}` : nothing} ${verdict.outcome === "hold" ? nothing : stepList(verdict)} ${checkList(verdict)}
      ${subject.reference ? html`<p class="soft">${t("Reference: {reference}", { reference: subject.reference })}</p>` : nothing}
    `)}
  `;
  return keyed(`${subject.eventId} ${drawnFor(subject)}`, screen);
}

/** Of a consignment that left, or has begun to arrive: how much is still to come. @param {Subject} subject @param {import('../shared/show.js').PermitShown} permit */
function coming(subject, permit) {
  const open = permit.lines.flatMap(({ line, unit }) => {
    const quantity = stillTo(subject).get(line ?? "") ?? "0";
    return quantity === "0" ? [] : [`${line} ${amount(quantity, unit)}`];
  });
  return open.length > 0 ? html`<p class="sheet big">${t("Still to arrive: {quantity}", { quantity: open.join(", ") })}</p>` : nothing;
}

/** What, for which way, by what of when, and whether the register was asked. @param {State} state @param {Subject} subject @param {Verdict} verdict @param {Verdict} before */
const about = (state, subject, verdict, before) => html`
  ${verdict.permit ? aboutPermit(verdict.permit) : nothing}
  <p class="about">${roomFor(knownBy(state, subject.direction, verdict), knownBy(state, subject.direction, before))}</p>
  ${clock(state, verdict === subject.answer)}
  <p class="about asked" role="status">${state.practice ? t("Practice: no register is asked.") : roomFor(askedWord(subject, waiting(state.done).length), askedWord({ asking: false, answer: null }, 1))}</p>
`;

/** Where this device judged with a clock that is off; where the register did, the room of these words. @param {State} state @param {boolean} theirs */
function clock({ known }, theirs) {
  if (!clockOff(known)) return nothing;
  const words = `${clockOff(known)} ${t("Whether the permit has expired was judged by this clock.")}`;
  return html`<p class="about clock">${roomFor(theirs ? "" : words, words)}</p>`;
}

/** What the register was not asked about, a code that it could not read, is judged by lists alone. @param {State} state @param {State['direction']} direction @param {Verdict} verdict */
function knownBy({ stage }, direction, verdict) {
  const at = Date.parse(verdict.data_as_of) / 1000;
  const known = { when: moment(at, stage.zone), age: age(at) };
  const by = verdict.register ? t("register of {when} ({age})", known) : t("signed lists of {when} ({age})", known);
  return `${directionWord(direction)} · ${by}`;
}

/** @param {Pick<Subject, 'asking' | 'answer'>} subject @param {number} count  what waits to be sent */
function askedWord({ asking, answer }, count) {
  if (asking) return t("Register: asking …");
  return answer ? t("Register: answered just now.") : t("Register not reached. To send: {count}", { count });
}

/** A number or a PDF: only the register can judge it. @param {State} state @param {Subject} subject @param {Actions} actions */
const noVerdict = (state, subject, actions) => html`<section class="verdict" data-outcome=${subject.asking ? "pending" : "cannot_tell"} aria-busy=${subject.asking}>
    <h1 class="word" id="word" tabindex="-1">${icon(subject.asking ? "pending" : "cannot_tell")}<span>${mark(state)}${word(subject.asking ? "pending" : "cannot_tell")}</span></h1>
    <p class="headline">${subject.asking ? t("Register: asking …") : subject.trouble}</p>
  </section>
  ${subject.asking ? nothing : html`<section class="sheet rows">${telephone(state)}</section>`} ${again(actions)}`;

/** @param {Subject} subject @param {Verdict} verdict @param {Actions} actions */
function sameGoods(subject, verdict, actions) {
  const asked = (subject.found || subject.typed) && (subject.sameGoods !== null || verdict.codes.some((each) => each.code === "U5"));
  if (!asked || !["export", "import"].includes(subject.direction)) return nothing;
  return html`<section class="sheet" aria-labelledby="same">
    <h2 id="same">${t("Are these the goods that were endorsed then?")}</h2>
    <div class="choices" role="group" aria-labelledby="same">
      <button type="button" aria-pressed=${subject.sameGoods === true} @click=${() => actions.sameGoods(true)}>${t("The same goods")}</button>
      <button type="button" aria-pressed=${subject.sameGoods === false} @click=${() => actions.sameGoods(false)}>${t("Different goods")}</button>
    </div>
  </section>`;
}

/** @param {Verdict} verdict */
const lacksPages = (verdict) => verdict.codes.some((each) => each.code === "D2");

/** @param {Verdict} verdict @param {Actions} actions */
const nextPage = (verdict, actions) =>
  lacksPages(verdict)
    ? html`<button class="main" type="button" @click=${actions.addPage}>${icon("camera")}<span>${t("Scan the next page")}</span></button>`
    : nothing;

/** @param {State} state @param {Subject} subject @param {Verdict} verdict @param {Actions} actions */
function nextSteps(state, subject, verdict, actions) {
  const why = notEndorsed(state, subject, verdict);
  return html`<section class="rows">
    ${
      why
        ? html`<p class="sheet" id="not-endorsed">${why}</p>`
        : html`<button class=${verdict.outcome === "check" ? "" : "main"} type="button" id="endorse" @click=${actions.form}>${icon("yes")}<span>${t("Goods compared: endorse")}</span></button>`
    }
    ${verdict.outcome === "hold" ? nothing : html`${telephone(state)} <button type="button" id="open-case" @click=${() => void actions.openCase()}>${icon("file")}<span>${t("Open a case")}</span></button>`} ${again(actions)}
  </section>`;
}

/** Why no endorsement is offered here and now; "": it is. @param {State} state @param {Subject} subject @param {Verdict} verdict */
function notEndorsed(state, subject, verdict) {
  if (state.device?.lost) return lostWord();
  if (verdict.outcome === "hold") return t("Nothing is endorsed while goods and paper are held.");
  if (verdict.outcome === "not_valid") return t("A permit that is not usable is not endorsed.");
  if (verdict.outcome === "cannot_tell") return t("Without an answer nothing is endorsed.");
  const paper = paperOf(subject);
  if (!paper) return t("To endorse, scan the square code, or type the number and the check code.");
  if (lacksPages(verdict)) return t("It is endorsed when all its pages have been scanned.");
  const used = spent(paper, subject.direction, state.known, state.done);
  if (used === "not_usable") return t("An import permit is endorsed on arrival only. Scan the export document.");
  const entry = state.consignment.find((each) => each.number === paper.number && each.issuer === paper.issuer);
  if (used || entry?.endorsed) return t("Endorsed already: nothing is left to endorse.");
  return mayEndorse(state) ? "" : t("At this post another authority endorses; you scan.");
}

/** Who looks over a shoulder sees it too. @param {State} state */
export const mark = ({ stage }) => (stage.practice ? html`<small class="mark">${t("Practice")}</small> ` : nothing);

/** @param {Actions} actions */
const again = (actions) => html`<div class="choices">
  <button type="button" id="next" @click=${actions.next}>${icon("camera")}<span>${t("Next permit, same consignment")}</span></button>
  <button type="button" @click=${actions.newConsignment}>${icon("again")}<span>${t("Next consignment")}</span></button>
</div>`;

/** A code of another kind: it may lie beside a permit of a country that has no such codes. @param {State} state @param {Verdict} verdict @param {Actions} actions */
const otherKind = (state, verdict, actions) =>
  verdict.permit === null && verdict.codes.some((each) => ["T4", "T5"].includes(each.code))
    ? html`<section class="sheet rows">
        <h2>${t("Is it a permit of another country?")}</h2>
        <p>${t("Most countries print no code that can be checked here. Compare number, stamp, signature, seal and last day of validity on the paper, and the goods; the ministry asks the issuing country.")}</p>
        <button type="button" id="record-foreign" @click=${() => void actions.record("foreign_permit")}>${icon("number")}<span>${t("Write this permit down")}</span></button>
        ${telephone(state)}
      </section>`
    : nothing;
