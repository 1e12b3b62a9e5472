// From what is in the hand to what it may be: a question a screen with drawings, then candidates, then one of them.

import { language, t } from "./i18n.js";
import { icon } from "./icons.js";
import { html, nothing } from "./view.js";
import { drawing } from "./drawing.js";
import { alike, below, callFor, cited, say, tongue } from "./ident.js";

/**
 * @typedef {import('./ident.js').Table} Table @typedef {import('./ident.js').Candidate} Candidate
 * @typedef {import('./ident.js').Part} Part @typedef {import('./ident.js').Answer} Answer
 *
 * @typedef {object} Actions
 * @property {(answer: Pick<Answer, 'to' | 'found'> & {say?: import('./ident.js').Words}) => void} identAnswer
 * @property {(id: string) => void} identLook
 * @property {() => void} identBack
 *
 * What a door offers beside the aid itself.
 * @typedef {object} Door
 * @property {unknown} leave  the way out
 * @property {unknown} telephone  whom one reaches at once
 * @property {unknown} none  where it stays unclear, or is none of those that were found
 * @property {(candidate: Candidate) => unknown} species  what the species list says of it
 * @property {(id: string, candidate: Candidate, part: Part) => unknown} next  what to do with it
 */

/** @param {import('./ident.js').Ident} ident @param {Actions} actions @param {Door} door @param {string} [wrong]  why there is no table */
export function identView({ table, path, found, looked }, actions, door, wrong = "") {
  if (!table) return html`<h1 tabindex="-1">${t("What is it?")}</h1><p role="status">${wrong || t("Reading …")}</p>`;
  const [asked, shown] = [path.at(-1), looked.at(-1)];
  return html`
    ${tongue() === language() ? nothing : html`<p class="note">${t("The aid speaks English, Russian and Kyrgyz.")}</p>`}
    ${shown ? candidateView(table, shown, actions, door) : found ? foundView(table, found, actions, door) : questionView(table, asked ?? table.first, actions, door)}
    <div class="choices">
      ${path.length > 1 || found || looked.length > (asked ? 0 : 1) ? html`<button type="button" id="ident-back" @click=${actions.identBack}>${icon("again")}<span>${t("One step back")}</span></button>` : nothing}
      ${door.leave}
    </div>
  `;
}

/** @param {Table} table @param {string} asked @param {Actions} actions @param {Door} door */
function questionView(table, asked, actions, door) {
  const { ask, answers } = table.questions[asked];
  const card = (/** @type {Answer} */ each) => html`<button type="button" class="card" data-answer=${each.to ?? answers.indexOf(each)} @click=${() => actions.identAnswer(each)}>${drawing(table, each.drawing, false)}<span>${say(each.say)}</span></button>`;
  const groups = [...new Set(answers.map(({ group }) => group))];
  return html`
    <h1 tabindex="-1">${say(ask)}</h1>
    ${groups.map((group) => {
      const cards = html`<div class="hand">${answers.filter((each) => each.group === group).map(card)}</div>`;
      return group ? html`<section class="rows" aria-labelledby="group-${group}"><h2 id="group-${group}">${say(table.groups[group])}</h2>${cards}</section>` : cards;
    })}
    ${asked === table.first ? nothing : html`<button type="button" @click=${() => actions.identAnswer({ found: below(table, asked) })}>${icon("unknown")}<span>${t("I cannot tell: show all that it may be")}</span></button>`}
    <details class="sheet" id="unclear"><summary>${t("If it stays unclear")}</summary>${unclearView(table, below(table, asked), door)}</details>
  `;
}

/** Who is asked, and what may be done without a name. @param {Table} table @param {readonly string[]} ids  what it may still be @param {Door} door */
const unclearView = (table, ids, door) => html`<div class="rows">${callFor(table, ids).map((name) => html`<p>${say(table.call[name].text)}</p>`)} ${door.telephone} ${door.none}</div>`;

/** @param {Table} table @param {string[]} found @param {Actions} actions @param {Door} door */
const foundView = (table, found, actions, door) => html`
  <h1 tabindex="-1">${t("It may be one of these")}</h1>
  <p>${t("Compare each with what is in your hand; a list is never complete.")}</p>
  <div class="hand wide">
    ${found.map((id) => {
      const each = table.candidates[id];
      return html`<button type="button" class="card" data-candidate=${id} @click=${() => actions.identLook(id)}>
        ${drawing(table, each.drawings[0], false)}
        <span><b>${say(each.name)}</b> <i class="taxon" lang="la">${each.taxon}</i><small>${listing(each)}</small></span>
      </button>`;
    })}
  </div>
  <section class="sheet rows" aria-labelledby="unclear"><h2 id="unclear">${t("If it stays unclear")}</h2>${unclearView(table, found, door)}</section>
`;

/** @param {Table} table @param {string} id @param {Actions} actions @param {Door} door */
function candidateView(table, id, actions, door) {
  const each = table.candidates[id];
  const part = table.parts[each.part];
  const care = table.care[each.care ?? part.care];
  const others = alike(table, id);
  const { mark, list } = numbered(table);
  return html`
    <h1 tabindex="-1">${say(each.name)}</h1>
    <p><i class="taxon" lang="la">${each.taxon}</i> · ${say(part.name)} · <b>${listing(each)}</b> ${each.listing ? mark(each.listing) : nothing}</p>
    ${door.species(each)}
    ${part.term === "LIV" ? careView(care, mark) : nothing}
    <section class="sheet rows" aria-labelledby="tell">
      <h2 id="tell">${t("Look at this")}</h2>
      <div class="drawings">${each.drawings.map((name) => drawing(table, name))}</div>
      <p class="big">${say(each.tell)} ${mark(each.sources)}</p>
      <p class="how" data-how=${each.by}>${icon(each.by === "eye" ? "look" : "ask")}<span>${howWord(each.by)}</span></p>
    </section>
    <section class="sheet rows" aria-labelledby="alike">
      <h2 id="alike">${t("Taken for it")}</h2>
      ${others.map(
        (other) => html`<div class="alike">
          <button type="button" class="card" data-candidate=${other.id} @click=${() => actions.identLook(other.id)}>
            ${drawing(table, table.candidates[other.id].drawings[0], false)}<span><b>${say(table.candidates[other.id].name)}</b><small>${listing(table.candidates[other.id])}</small></span>
          </button>
          <p>${say(other.tell)} ${mark(other.sources)}</p>
        </div>`,
      )}
    </section>
    <section class="sheet rows" aria-labelledby="measure">
      <h2 id="measure">${t("Measure and photograph")}</h2>
      <ol>${[...part.measure, ...(each.measure ?? [])].map((name) => html`<li>${say(table.measure[name].text)} ${mark(table.measure[name].sources)}</li>`)}</ol>
    </section>
    ${part.term === "LIV" ? nothing : careView(care, mark)}
    <section class="sheet rows" aria-labelledby="call">
      <h2 id="call">${t("Whom to call")}</h2>
      ${part.call.map((name) => html`<p>${say(table.call[name].text)} ${mark(table.call[name].sources)}</p>`)} ${door.telephone}
    </section>
    ${door.next(id, each, part)}
    ${list()}
  `;
}

/** @param {import('./ident.js').Statement} care @param {(names: string[]) => unknown} mark */
const careView = (care, mark) => html`<section class="sheet rows" aria-labelledby="care">
  <h2 id="care">${t("First care")}</h2>
  <p>${say(care.text)} ${mark(care.sources)}</p>
</section>`;

/** A screen's sources, numbered in the order of their naming: what marks a statement, and the list at the end. @param {Table} table */
function numbered(table) {
  /** @type {string[]} */
  const named = [];
  return {
    /** @param {string[]} names */
    mark(names) {
      named.push(...names.filter((name) => !named.includes(name)));
      const numbers = names.map((name) => named.indexOf(name) + 1).join(", ");
      return html`<small class="source"><span aria-hidden="true">[${numbers}]</span><span class="unseen">${t("Sources: {numbers}", { numbers })}</span></small>`;
    },
    list: () => html`<details class="sheet" id="sources">
      <summary>${t("Where this is from")}</summary>
      <ol>${named.map((name) => html`<li>${cited(table, name)}</li>`)}</ol>
    </details>`,
  };
}

/** @param {Candidate} each */
function listing({ appendix, listing: outside }) {
  if (appendix === "none") return t("not listed by CITES");
  return outside ? t("Appendix {appendix} (not in the ministry’s list of species: ask)", { appendix }) : t("Appendix {appendix}", { appendix });
}

/** @param {import('./ident.js').How} how */
function howWord(how) {
  const words = {
    eye: t("Can be told by eye, if this character is there to be seen."),
    expert: t("Only somebody who knows the group can be sure: ask an expert."),
    laboratory: t("Cannot be told by eye: take a sample for the laboratory (DNA), or ask an expert."),
  };
  return words[how];
}
