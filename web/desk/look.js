// The form that asks the register about a number and its check code.

import { exampleNumber } from "../shared/frame.js";
import { t } from "../shared/i18n.js";
import { html } from "../shared/view.js";

/** @param {import('./main.js').State} state @param {import('./actions.js').Actions} actions */
export const lookForm = (state, actions) => html`<form
  class="sheet rows"
  @submit=${(/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const form = new FormData(/** @type {HTMLFormElement} */ (event.target));
    void actions.look(String(form.get("number")).trim().toUpperCase(), String(form.get("code")).trim().toUpperCase());
  }}
>
  <div class="pair">
    <div><label for="number">${t("Number of the permit")}</label><input class="mono" type="text" id="number" name="number" required maxlength="35" autocomplete="off" spellcheck="false" placeholder=${exampleNumber()} /></div>
    <div><label for="code">${t("Check code")}</label><input class="mono" type="text" id="code" name="code" maxlength="9" autocomplete="off" spellcheck="false" placeholder="XXXX-XXXX" /></div>
  </div>
  <div><button type="submit" ?disabled=${state.busy}>${t("Ask the register")}</button></div>
</form>`;
