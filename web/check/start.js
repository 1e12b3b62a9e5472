// How a check begins: camera, file or photo, number and check code. Not loaded where a code brought the reader here.

import { exampleNumber } from "../shared/frame.js";
import { t } from "../shared/i18n.js";
import { icon } from "../shared/icons.js";
import { html } from "../shared/view.js";
import { complain, fileWay, wrong } from "./file-way.js";

/** @typedef {import('./main.js').State} State @typedef {import('./main.js').Actions} Actions */

const TAMGA = /^\d{2}[A-Z]{2}\d{6}\/[A-Z]{1,2}$/i; // a number of ours (FORMAT.md 1)
const CODE = /^https:\/\/\S+$/i;

/** @param {State} state @param {Actions} actions */
export function startView(state, actions) {
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
        aria-invalid=${wrong()[name] ? "true" : "false"}
        aria-describedby="${name}-hint ${name}-wrong"
      />
      <p class="hint" id="${name}-hint">${hint}</p>
      <p class="wrong" id="${name}-wrong" role="alert">${wrong()[name]}</p>
    </div>`;
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
  const faults = wrong();
  if (TAMGA.test(number) && !code) faults.code = t("Type the check code, too: it stands beside the square code.");
  if (!number) faults.number = t("Type the number.");
  if (code && !/^(?:[\s-]*[0-9A-Z]){8}$/i.test(code)) faults.code = t("Eight letters and digits, such as 7K2M-9QXD.");
  if (number && !code && !faults.code && !validUntil) {
    faults.valid_until = t("Type the check code; or, if the paper has none, the day in its box 2.");
  }
  const first = /** @type {const} */ (["number", "code", "valid_until"]).find((name) => faults[name]);
  if (first) {
    actions.redraw();
    /** @type {HTMLInputElement} */ (form.elements.namedItem(first)).focus();
    return;
  }
  actions.check({ way: "number", number: number.toUpperCase(), code: code.toUpperCase(), validUntil });
}
