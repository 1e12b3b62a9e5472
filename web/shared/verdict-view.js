// A verdict on the screen: the card (one word, icon, shape, colour), what was found, what to do, which checks ran.

import { colon, t } from "./i18n.js";
import { icon } from "./icons.js";
import { html, nothing } from "./view.js";

/** @typedef {import('./show.js').Verdict} Verdict */

/** The one word of an outcome, as big as it gets. @param {Verdict['outcome'] | 'pending'} outcome */
export function word(outcome) {
  switch (outcome) {
    case "accept":
      return t("In order");
    case "accept_offline":
      return t("Genuine, use not known");
    case "check":
      return t("Compare or ask");
    case "not_valid":
      return t("Not usable");
    case "hold":
      return t("Hold");
    case "cannot_tell":
      return t("No answer");
    default:
      return t("Checking …");
  }
}

/**
 * The card. The heading takes the focus when the verdict comes, so that it is read out.
 * @param {Verdict} verdict @param {unknown} [about]  one line on what was checked @param {unknown} [mark]  above the word
 * @param {Verdict} [before]  that stood here until now: its words keep their room, so that nothing below moves
 */
export const verdictCard = (
  verdict,
  about = nothing,
  mark = nothing,
  before = verdict,
) => html`<section class="verdict" data-outcome=${verdict.outcome} aria-labelledby="word">
  <h1 class="word" id="word" tabindex="-1">${icon(verdict.outcome)}<span>${mark}${roomFor(word(verdict.outcome), word(before.outcome))}</span></h1>
  <p class="headline">${roomFor(verdict.words, before.words)}</p>
  ${about}
</section>`;

/** A text that takes as much room as another would in its place. @param {string} text @param {string} other */
export const roomFor = (text, other) => html`<span class="room" data-room=${other}><span>${text}</span></span>`;

/** Before there is a verdict: nothing is coloured yet. @param {unknown} stages */
export const pendingCard = (stages) => html`<section class="verdict" data-outcome="pending" aria-busy="true">
  <h1 class="word">${icon("pending")}<span>${word("pending")}</span></h1>
  ${stages}
</section>`;

/** The codes, each with its sentence. @param {Verdict} verdict */
export const codeList = ({ codes }) =>
  codes.length === 0
    ? nothing
    : html`<section class="sheet">
        <h2>${t("What was found")}</h2>
        <ul class="codes">
          ${codes.map((each) => html`<li><span class="code">${each.code}</span><span>${each.text}${differences(each)}</span></li>`)}
        </ul>
      </section>`;

/** What differs between page and code (F5). `printed` is what the sender's file says, and nobody has vouched for it. */
const differences = (/** @type {import('./show.js').CodeShown} */ { differences: found = [] }) =>
  found.length === 0
    ? nothing
    : html`<div class="scroll" tabindex="0" role="group" aria-label=${t("Signed and printed, side by side")}>
        <table>
          <thead>
            <tr>
              <th scope="col">${t("Block")}</th>
              <th scope="col">${t("Signed")}</th>
              <th scope="col">${t("Printed in the file (not vouched for)")}</th>
            </tr>
          </thead>
          <tbody>
            ${found.map((each) => html`<tr><th scope="row">${each.block}</th><td>${each.signed || "–"}</td><td><del>${each.printed || "–"}</del></td></tr>`)}
          </tbody>
        </table>
      </div>`;

/** @param {Verdict} verdict */
export const stepList = ({ steps }) => html`<section class="sheet">
  <h2>${t("What to do now")}</h2>
  <ol class="rows">
    ${steps.map((each) => html`<li>${each}</li>`)}
  </ol>
</section>`;

/** The twelve checks in their order, folded. @param {Verdict} verdict */
export const checkList = ({ checks }) => html`<details class="sheet">
  <summary>${t("The checks one by one")}</summary>
  <ul class="stages">
    ${checks.map((each) => html`<li>${icon(RESULTS[each.result])}<span>${each.n}. ${each.words}${colon()} ${resultWord(each.result)}</span></li>`)}
  </ul>
</details>`;

/** @type {Record<string, import('./icons.js').Icon>} */
const RESULTS = { pass: "yes", fail: "no", skipped: "unknown" };

/** @param {string} result */
const resultWord = (result) =>
  result === "pass" ? t("passed") : result === "fail" ? t("failed") : t("not needed or not possible");
