// What a check found: this device's word and the register's, the verdict for the reader's direction, the record of it.

import { Problem } from "../shared/api.js";
import { both } from "../shared/both.js";
import { authorityAddress, authorityName, telephoneLink } from "../shared/frame.js";
import { country, moment, t } from "../shared/i18n.js";
import { icon } from "../shared/icons.js";
import { aboutPermit, registerSide, signedFields } from "../shared/permit-view.js";
import { checkList, codeList, pendingCard, stepList, verdictCard } from "../shared/verdict-view.js";
import { html, nothing } from "../shared/view.js";
import { fileWay } from "./file-way.js";

/** @typedef {import('./main.js').State} State @typedef {import('./main.js').Actions} Actions */

/** @param {State} state @param {Actions} actions */
export function resultView(state, actions) {
  const verdict = standing(state);
  if (!verdict) return state.busy ? pendingCard(stages(state)) : noAnswer(state, actions);
  const { permit, register } = verdict;
  const card = verdictCard(verdict, permit ? aboutPermit(permit) : nothing);
  const who = html`<section class="sheet"><h2 class="unseen">${t("Who says so")}</h2>${stages(state)}</section>`;
  if (state.busy) return html`${card} ${who}`; // held by this device: what follows comes with the answer, and moves nothing
  const [what, todo] = [permit ? directions(state, actions) : nothing, stepList(verdict)];
  const calm = verdict.outcome.startsWith("accept") || verdict.outcome === "check";
  return html`
    ${record(state, verdict)} ${card} ${who} ${sameGoods(state, verdict, actions)} ${calm ? what : todo}
    ${codeList(verdict)} ${nextPage(state, verdict, actions)} ${permit ? signedFields(permit) : nothing}
    ${permit && register ? registerSide(permit, register) : nothing} ${calm ? todo : what} ${checkList(verdict)}
    ${closing(state, actions, verdict)}
  `;
}

/** The verdict to show, if there is one to show yet. @param {State} state */
function standing({ here: found, answer, failed, busy }) {
  const here = found === "fault" ? null : found;
  if (answer || failed) return both(here, answer);
  const refused = here && here.permit === null && here.outcome === "hold";
  return busy && !refused ? null : here;
}

/** What the register answered and, below it, where it may grow and move nothing, what this device found. @param {State} state */
function stages({ subject, stage, here, answer, failed, busy }) {
  return html`<ul class="stages">
    <li>${registerStage(answer, failed, busy, stage)}</li>
    ${subject?.way === "code" ? html`<li>${hereStage(here, answer, busy, stage)}</li>` : nothing}
  </ul>`;
}

/** What it could not read is no finding while the register is still asked. @param {State['here']} here @param {State['answer']} answer @param {boolean} busy @param {State['stage']} stage */
function hereStage(here, answer, busy, stage) {
  if (!here || (busy && (here === "fault" || (!here.permit && here.outcome !== "hold")))) return html`${icon("pending")}<span>${t("On this device: reading the code …")}</span>`;
  if (here === "fault") return html`${icon("unknown")}<span>${t("On this device: it could not be checked.")}</span>`;
  if (!here.permit) {
    const same = answer !== null && answer.codes[0]?.code === here.codes[0]?.code;
    const text = same ? t("On this device: the same.") : `${t("On this device:")} ${here.codes[0]?.text ?? here.words}`;
    return html`${icon(here.outcome === "hold" ? "no" : "unknown")}<span>${text}</span>`;
  }
  const signed = t("On this device: signed by {country}, and unchanged since.", {
    country: country(here.permit.issuer),
  });
  return html`${icon("yes")}<span>${signed} ${t("Lists of {when}.", { when: when(here.data_as_of, stage) })}</span>`;
}

/** @param {State['answer']} answer @param {State['failed']} failed @param {boolean} busy @param {State['stage']} stage */
function registerStage(answer, failed, busy, stage) {
  if (busy) return html`${icon("pending")}<span>${t("Register: asking …")}</span>`;
  if (failed || !answer)
    return html`${icon("unknown")}<span>${t("Register: no answer.")} ${failed ? trouble(failed) : ""}</span>`;
  const at = when(answer.checked_at, stage);
  if (answer.register) return html`${icon("yes")}<span>${t("Register: answered on {when}.", { when: at })}</span>`;
  return html`${icon(answer.outcome === "hold" ? "no" : "unknown")}<span>${t("Service of the ministry: checked on {when}.", { when: at })}</span>`;
}

/** The register answered: it knows no such permit. @param {State['failed']} failed */
const unknown = (failed) => failed instanceof Problem && failed.slug === "no-match";

/** Why the service gave no verdict, in words. @param {NonNullable<State['failed']>} failed */
function trouble(failed) {
  if (!(failed instanceof Problem)) return t("There is no connection, or the service does not answer.");
  switch (failed.slug) {
    case "no-match":
      return t("There is no permit with this number and check code. Compare both with the paper.");
    case "too-many":
      return t("Too many wrong check codes for this number. Scan the code instead, or try again in an hour.");
    case "too-large":
      return t("The file is too large: at most 4 MB.");
    case "invalid":
      return t("The service could not read this. If it is a file, send another photo or the PDF itself.");
    default:
      return t("The service does not answer as it should. Try again shortly.");
  }
}

/** A permit on paper, which has no check code. @param {State['subject']} subject */
const byDay = (subject) => subject?.way === "number" && !subject.code;

const CUT_OFF = /^\d{2}[A-Z]{2}\d{6}$/; // a number of ours without its letters

/** Neither this device nor the service could judge: no outcome, no colour. @param {State} state @param {Actions} actions */
const noAnswer = (state, actions) => html`<section class="verdict" data-outcome="cannot_tell" aria-labelledby="word">
    <h1 class="word" id="word" tabindex="-1">${icon("cannot_tell")}<span>${unknown(state.failed) ? t("Not found") : t("No answer")}</span></h1>
    <p class="headline">${unknown(state.failed) && byDay(state.subject) ? t("There is no paper permit with this number and this day in box 2. Compare both with the paper.") : state.failed ? trouble(state.failed) : ""}</p>
    ${unknown(state.failed) && state.subject?.way === "number" && CUT_OFF.test(state.subject.number) ? html`<p class="about">${t("Type the number to its end, such as /E.")}</p>` : nothing}
    ${state.subject?.way === "number" ? html`<p class="about mono">${state.subject.number}</p>` : nothing}
  </section>
  ${closing(state, actions, null)}`;

/** @param {State} state @param {Actions} actions */
const directions = (state, actions) => html`<section class="sheet unprinted" aria-labelledby="direction">
  <h2 id="direction">${t("What about the goods?")}</h2>
  <div class="choices" role="group" aria-labelledby="direction">
    ${
      /** @type {const} */ ([
        ["export", "leave"],
        ["import", "arrive"],
        ["none", "look"],
      ]).map(
        ([
          direction,
          name,
        ]) => html`<button type="button" aria-pressed=${state.direction === direction} @click=${() => actions.turn(direction)}>
        ${icon(name)}<span>${directionWord(direction)}</span>
      </button>`,
      )
    }
  </div>
</section>`;

/** @param {State} state @param {import('../shared/show.js').Verdict} verdict @param {Actions} actions */
function sameGoods(state, verdict, actions) {
  const asked =
    state.direction === "export" && (state.sameGoods !== null || verdict.codes.some((each) => each.code === "U5"));
  if (!asked) return nothing;
  return html`<section class="sheet unprinted" aria-labelledby="same">
    <h2 id="same">${t("Are these the goods that were endorsed then?")}</h2>
    <div class="choices" role="group" aria-labelledby="same">
      <button type="button" aria-pressed=${state.sameGoods === true} @click=${() => actions.sameGoods(true)}>${t("The same goods")}</button>
      <button type="button" aria-pressed=${state.sameGoods === false} @click=${() => actions.sameGoods(false)}>${t("Different goods")}</button>
    </div>
  </section>`;
}

/** @param {State} state @param {import('../shared/show.js').Verdict} verdict @param {Actions} actions */
function nextPage({ subject }, verdict, actions) {
  if (!verdict.codes.some((each) => each.code === "D2")) return nothing;
  if (subject?.way === "code") return html`<button class="main unprinted" type="button" @click=${actions.camera}>${icon("camera")}<span>${t("Scan the next page")}</span></button>`;
  const photograph = subject?.way === "file" && subject.file.type !== "application/pdf";
  return photograph ? html`<div class="ways unprinted">${fileWay(actions, actions.addPhotograph)}</div>` : nothing;
}

/** Whom to ask; the question itself comes when this is opened. @param {State} state @param {Actions} actions @param {import('../shared/show.js').Verdict | null} verdict */
function enquiry(state, actions, verdict) {
  const { duty_number: duty } = state.stage;
  return html`<details class="sheet unprinted" @toggle=${actions.enquire}>
    <summary>${icon("ask")}<span>${t("Ask the ministry about this permit")}</span></summary>
    <div class="rows">
      <p><b>${authorityName(state.stage)}</b><br />${authorityAddress(state.stage)}</p>
      ${duty ? html`<p>${t("Duty desk:")} ${telephoneLink(duty)}</p>` : nothing}
      ${state.question ? state.question(state, verdict) : nothing}
    </div>
  </details>`;
}

/** @param {State} state @param {Actions} actions @param {import('../shared/show.js').Verdict | null} verdict */
const closing = (state, actions, verdict) => html`<section class="rows unprinted">
    ${state.failed ? html`<button class="main" type="button" @click=${actions.again}>${icon("again")}<span>${t("Ask again")}</span></button>` : nothing}
    <div class="choices">
      ${verdict ? html`<button type="button" @click=${() => print()}>${icon("print")}<span>${t("Print a record")}</span></button>` : nothing}
      <button type="button" @click=${actions.start}>${icon("again")}<span>${t("Check another")}</span></button>
    </div>
  </section>
  ${enquiry(state, actions, verdict)}`;

/** What stands on paper only: that this is the record of a check, of what, when, and under which reference. */
const record = (
  /** @type {State} */ state,
  /** @type {import('../shared/show.js').Verdict} */ verdict,
) => html`<section class="printed">
  <h1>${t("Record of a check")}</h1>
  <dl class="facts">
    <div><dt>${t("Checked")}</dt><dd>${when(verdict.checked_at, state.stage)}</dd></div>
    <div><dt>${t("Data as of")}</dt><dd>${when(verdict.data_as_of, state.stage)}</dd></div>
    <div><dt>${t("Checked by")}</dt><dd>${wayWord(state.subject)}</dd></div>
    <div><dt>${t("Question")}</dt><dd>${directionWord(state.direction)}</dd></div>
    ${state.reference ? html`<div><dt>${t("Reference")}</dt><dd class="mono">${state.reference}</dd></div>` : nothing}
    <div><dt>${t("Issued by")}</dt><dd>${authorityName(state.stage)}</dd></div>
    <div><dt>${t("Address")}</dt><dd>https://${state.stage.host}/1</dd></div>
  </dl>
  <p>${t("This record is no permit. It says what the check found at that moment; anybody can check again.")}</p>
</section>`;

/** @param {State['subject']} subject */
const wayWord = (subject) =>
  subject?.way === "code"
    ? t("square code")
    : subject?.way === "file"
      ? t("file")
      : byDay(subject)
        ? t("number and day in box 2")
        : t("number and check code");

/** @param {State['direction']} direction */
export const directionWord = (direction) =>
  direction === "export"
    ? t("They are leaving")
    : direction === "import"
      ? t("They have arrived")
      : t("I am only looking");

/** An RFC 3339 time in the Party's zone. @param {string} time @param {State['stage']} stage */
const when = (time, stage) => moment(Date.parse(time) / 1000, stage.zone);
