// A PDF or a photograph to be checked, and what is wrong with the ways into a check.

import { t } from "../shared/i18n.js";
import { icon } from "../shared/icons.js";
import { html } from "../shared/view.js";

/** @typedef {import('./main.js').Actions} Actions @typedef {(file: Blob) => unknown} Take */

let faults = { file: "", number: "", code: "", valid_until: "" };
let preparing = false;

/** Says why a way is shut, where the ways begin; "": it is open again. @param {string} why */
export function complain(why) {
  faults = { file: why, number: "", code: "", valid_until: "" };
}

/** What is wrong with each way, to be shown and to be said. */
export const wrong = () => faults;

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
  <p class="wrong" id="file-wrong" role="alert">${faults.file}</p>`;

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
    if (typeof ready === "string") faults.file = ready;
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
