// How a check begins: camera, file or photo, number and check code.

import { exampleNumber } from "../shared/frame.js";
import { t } from "../shared/i18n.js";
import { icon } from "../shared/icons.js";
import { html, nothing } from "../shared/view.js";

/** @typedef {import('./main.js').State} State @typedef {import('./main.js').Actions} Actions @typedef {(file: Blob) => unknown} Take */

const TAMGA = /^\d{2}[A-Z]{2}\d{6}\/[A-Z]{1,2}$/i; // a number of ours (FORMAT.md 1)
const CODE = /^https:\/\/\S+$/i;
let wrong = { file: "", number: "", code: "", valid_until: "" };
let preparing = false;

/** Says why a way is shut, where the ways begin; "": it is open again. @param {string} why */
export function complain(why) {
  wrong = { file: why, number: "", code: "", valid_until: "" };
}

/** @param {State} state @param {Actions} actions */
export function startView(state, actions) {
  if (state.screen === "camera") return state.look ? state.look(state, actions) : nothing;
  return html`
    <h1 tabindex="-1">${t("Check a CITES permit")}</h1>
    <p>${t("Anybody may check a permit. No account is needed, and a check leaves nothing in the register.")}</p>
    <div class="ways">
      <button class="main way" type="button" @click=${actions.camera}>${icon("camera")}<span>${t("Scan the square code")}</span></button>
      ${fileWay(actions, (file) => state.subject || actions.check({ way: "file", file }))}
    </div>
    <form class="sheet rows" @submit=${(/** @type {SubmitEvent} */ event) => submit(event, actions)} novalidate>
      <h2>${t("Or type the number")}</h2>
      ${field("number", t("Number of the permit"), exampleNumber(), 6000, t("As printed in box 1 and beside the square code."))}
      ${field("code", t("Check code"), "XXXX-XXXX", 9, t("Eight characters beside the square code. A permit on paper from before Tamga has none: leave it empty."))}
      ${field("valid_until", t("Valid until (box 2)"), "", 10, t("Only for a permit on paper from before Tamga: the day in its box 2."), "date")}
      <div><button type="submit">${icon("number")}<span>${t("Check")}</span></button></div>
    </form>
    <section class="soft">
      <p>${t("If a code brought you here: what stood behind # in the address is the permit. This page took it out of the address, reads it on this device and asks the register about it.")}</p>
    </section>
  `;

  /** @param {'number' | 'code' | 'valid_until'} name @param {string} label @param {string} example @param {number} most @param {string} hint */
  function field(name, label, example, most, hint, type = "text") {
    return html`<div>
      <label for=${name}>${label}</label>
      <input
        class="mono"
        type=${type}
        id=${name}
        name=${name}
        placeholder=${example}
        maxlength=${most}
        autocomplete="off"
        autocapitalize="characters"
        spellcheck="false"
        aria-invalid=${wrong[name] ? "true" : "false"}
        aria-describedby="${name}-hint ${name}-wrong"
      />
      <p class="hint" id="${name}-hint">${hint}</p>
      <p class="wrong" id="${name}-wrong" role="alert">${wrong[name]}</p>
    </div>`;
  }
}

/** @param {Actions} actions @param {Take} take  what becomes of the file */
export const fileWay = (actions, take) => html`<div class="button way file">
    ${icon("file")}<span id="file-label">${preparing ? t("Reading the file …") : t("Send a PDF or a photo")}</span>
    <input
      type="file"
      accept="application/pdf,image/png,image/jpeg,image/webp"
      aria-labelledby="file-label"
      aria-describedby="file-wrong"
      ?disabled=${preparing}
      @change=${(/** @type {Event} */ event) => void choose(event, actions, take)}
    />
  </div>
  <p class="wrong" id="file-wrong" role="alert">${wrong.file}</p>`;

/** @param {Event} event @param {Actions} actions @param {Take} take */
async function choose(event, actions, take) {
  const input = /** @type {HTMLInputElement} */ (event.target);
  const file = input.files?.[0];
  input.value = "";
  if (!file) return;
  complain("");
  preparing = true;
  actions.redraw();
  try {
    const ready = await sendable(file);
    if (typeof ready === "string") wrong.file = ready;
    else await take(ready);
  } finally {
    preparing = false;
    actions.redraw();
  }
}

/** The file as it is sent, or why it cannot be; who has no file does not load how it is made. @param {File} file @returns {Promise<Blob | string>} */
async function sendable(file) {
  const pictures = await import("../shared/picture.js").catch(() => null);
  if (!pictures) return t("There is no connection, or the service does not answer.");
  try {
    return await pictures.prepared(file);
  } catch (error) {
    if (!(error instanceof pictures.FileTrouble)) throw error;
    return pictures.fileWord(error);
  }
}

/** @param {SubmitEvent} event @param {Actions} actions */
function submit(event, actions) {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (event.target);
  const typed = new FormData(form);
  const [number, code, validUntil] = ["number", "code", "valid_until"].map((name) => String(typed.get(name)).trim());
  if (CODE.test(number)) {
    return actions.check({ way: "code", text: number, pages: [] }); // a wedge scanner types what the code holds
  }
  complain("");
  if (TAMGA.test(number) && !code) wrong.code = t("Type the check code, too: it stands beside the square code.");
  if (!number) wrong.number = t("Type the number.");
  if (code && !/^(?:[\s-]*[0-9A-Z]){8}$/i.test(code)) wrong.code = t("Eight letters and digits, such as 7K2M-9QXD.");
  if (number && !code && !wrong.code && !validUntil) {
    wrong.valid_until = t("Type the check code; or, if the paper has none, the day in its box 2.");
  }
  const first = /** @type {const} */ (["number", "code", "valid_until"]).find((name) => wrong[name]);
  if (first) {
    actions.redraw();
    /** @type {HTMLInputElement} */ (form.elements.namedItem(first)).focus();
    return;
  }
  actions.check({ way: "number", number: number.toUpperCase(), code: code.toUpperCase(), validUntil });
}
