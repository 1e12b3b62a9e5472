// The trainer's page: who decided what at which sheet, what was right, and why.

import { t } from "../shared/i18n.js";
import { html, nothing } from "../shared/view.js";
import { inWords } from "./films.js";
import { decisionWords } from "./trainee.js";

/**
 * @typedef {{sheet: number, decision: import('./answers.js').Decision, goods: string, why: string}} Sheet
 * @typedef {import('./main.js').State} State
 * @typedef {import('./main.js').Actions} Actions
 */

/** @param {State} state @param {Actions} actions */
export function trainerView(state, actions) {
  const { read, sheets, told } = state;
  return html`<h1 tabindex="-1">${t("For the trainer")}</h1>
    <p>${t("Ask the trainees for the code on their screens. Nothing leaves this device.")}</p>
    <section class="sheet rows">
      <div class="choices">
        <label class="button main file">
          ${t("Photograph a code")}
          <input type="file" accept="image/*" capture="environment" @change=${actions.photographed} />
        </label>
      </div>
      <form class="rows" @submit=${actions.typed}>
        <div>
          <label for="text">${t("Or what a scanner types")}</label>
          <input type="text" id="text" name="text" autocomplete="off" spellcheck="false" maxlength="800" />
        </div>
        <button type="submit">${t("Take it")}</button>
      </form>
      <p role="status">${told}</p>
    </section>
    ${read.length ? table(state, actions) : html`<p>${t("Nobody's answers have been read yet.")}</p>`}
    <section class="rows" aria-labelledby="key">
      <h2 id="key">${t("What is right, and why")}</h2>
      <details class="sheet">
        <summary>${t("Show the key (not on the wall)")}</summary>
        ${sheets.map(
          (each) => html`<h3>${t("Sheet {number}", { number: each.sheet })}: ${decisionWords()[each.decision]}</h3>
            <p class="soft">${inWords(each.goods)}</p>
            <p>${inWords(each.why)}</p>`,
        )}
      </details>
    </section>`;
}

/** @param {State} state @param {Actions} actions */
function table({ read, sheets, opened }, actions) {
  const words = decisionWords();
  const shown = sheets.find((each) => each.sheet === opened);
  return html`<div class="rows">
    <h2 id="who">${t("Who decided what")}</h2>
    <div class="scroll" tabindex="0" role="region" aria-labelledby="who">
      <table class="decided">
        <thead>
          <tr>
            <th scope="col">${t("Sheet")}</th>
            ${read.map((each) => html`<th scope="col">${each.name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${sheets.map(
            ({ sheet, decision }, index) => html`<tr>
              <th scope="row">
                <button type="button" class="plain" aria-expanded=${opened === sheet} aria-label=${t("Sheet {number}", { number: sheet })} @click=${() => actions.open(sheet)}>${sheet}</button>
              </th>
              ${read.map(({ decided }) => mark(decided[index], decision, words))}
            </tr>`,
          )}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">${t("Right")}</th>
            ${read.map(({ decided }) => html`<td>${sheets.filter((each, index) => decided[index] === each.decision).length}/${sheets.length}</td>`)}
          </tr>
        </tfoot>
      </table>
    </div>
    ${shown
      ? html`<div class="sheet why" role="status">
          <h3>${t("Sheet {number}", { number: shown.sheet })}: ${words[shown.decision]}</h3>
          <p class="soft">${inWords(shown.goods)}</p>
          <p>${inWords(shown.why)}</p>
        </div>`
      : nothing}
    <p><button type="button" class="plain" @click=${actions.forget}>${t("Forget these people")}</button></p>
  </div>`;
}

/**
 * @param {import('./answers.js').Decision | null} decided @param {import('./answers.js').Decision} right
 * @param {Record<string, string>} words
 */
function mark(decided, right, words) {
  if (decided === null) return html`<td class="soft">–</td>`;
  const good = decided === right;
  return html`<td class=${good ? "good" : "bad"}><b aria-hidden="true">${good ? "✓" : "✗"}</b> ${words[decided]}<span class="unseen">${good ? t("right") : t("wrong")}</span></td>`;
}
