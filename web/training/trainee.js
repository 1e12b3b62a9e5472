// The trainee's page: a decision for each sheet of paper, then a code that the trainer reads off the screen.

// @ts-expect-error its types are those of the package, not of this file
import { generate } from "../node_modules/lean-qr/index.mjs";
import { t } from "../shared/i18n.js";
import { html, nothing } from "../shared/view.js";
import { isName, toText } from "./answers.js";

/**
 * @typedef {import('./answers.js').Decision} Decision
 * @typedef {import('./main.js').State} State
 * @typedef {import('./main.js').Actions} Actions
 */

/** @returns {Record<Decision, string>} */
export const decisionWords = () => ({
  release: t("Let it go"),
  refuse: t("Do not let it go"),
  ask: t("Cannot tell: ask"),
});

/** @param {State} state @param {Actions} actions */
export function traineeView({ own }, actions) {
  const words = decisionWords();
  const open = own.decided.filter((each) => each === null).length;
  return html`<h1 tabindex="-1">${t("My answers")}</h1>
    <p>${t("Scan each sheet with the scanner, look at the goods on its card, and decide.")}</p>
    <form class="sheet rows" @submit=${(/** @type {Event} */ event) => event.preventDefault()}>
      <div>
        <label for="name">${t("Your name")}</label>
        <input type="text" id="name" autocomplete="name" maxlength="60" .value=${own.name}
          aria-invalid=${own.name && !isName(own.name) ? "true" : "false"} aria-describedby="name-wrong"
          @input=${(/** @type {InputEvent} */ event) => actions.call(/** @type {HTMLInputElement} */ (event.target).value)} />
        <p class="wrong" id="name-wrong">${own.name && !isName(own.name) ? t("Letters, digits, spaces and hyphens only.") : nothing}</p>
      </div>
    </form>
    <ol class="sheets">
      ${own.decided.map(
        (decided, index) => html`<li class="sheet">
          <h2 id=${`sheet-${index + 1}`}>${t("Sheet {number}", { number: index + 1 })}</h2>
          <div class="choices" role="group" aria-labelledby=${`sheet-${index + 1}`}>
            ${/** @type {Decision[]} */ (Object.keys(words)).map(
              (each) => html`<button type="button" aria-pressed=${decided === each} @click=${() => actions.decide(index, each)}>
                ${words[each]}
              </button>`,
            )}
          </div>
        </li>`,
      )}
    </ol>
    ${isName(own.name)
      ? html`<section class="sheet rows" aria-labelledby="show">
          <h2 id="show">${t("For the trainer")}</h2>
          <p role="status">${open ? t("Sheets still open: {count}.", { count: open }) : t("All sheets are decided.")}</p>
          <canvas class="code" role="img" aria-label=${t("Code with your answers")} data-text=${toText(own)}></canvas>
          <p class="hint">${t("The trainer reads this code with the camera. It holds your name and your answers, nothing else.")}</p>
        </section>`
      : html`<p role="status">${t("Write your name, and a code for the trainer appears here.")}</p>`}
    <p><button type="button" class="plain" @click=${actions.again}>${t("Begin again")}</button></p>`;
}

/** The code, drawn where the view left its place. */
export function drawCode() {
  const canvas = document.querySelector("canvas.code");
  if (canvas instanceof HTMLCanvasElement && canvas.dataset.text) generate(canvas.dataset.text).toCanvas(canvas);
}
