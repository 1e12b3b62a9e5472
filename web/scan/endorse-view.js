// Endorsing: what really passes, line by line; then what to write into block 14 by hand, and a photograph of it.

import { day, moment, named, t } from "../shared/i18n.js";
import { icon } from "../shared/icons.js";
import { OTHER_IMPORTER, remarkWord } from "../shared/foreign.js";
import { importPermitView, importersView } from "../shared/import-permit.js";
import { amount } from "../shared/permit-view.js";
import { html, nothing } from "../shared/view.js";
import { calendarDay } from "../core/stage.js";
import { SECOND_USE, asksImportPermit, doneOf, stillTo } from "./endorse.js";
import { directionWord } from "./find-view.js";
import { telephone } from "./frame.js";
import { photoButton } from "./hold-view.js";
import { refusedWord } from "./refused.js";
import { currentVerdict } from "./state.js";
import { mark } from "./verdict-screen.js";

/**
 * @typedef {import('./state.js').State} State @typedef {import('./main.js').Actions} Actions
 * @typedef {import('./endorse.js').Form} Form @typedef {import('../shared/show.js').Line} Line
 */

/** @param {State} state @param {Actions} actions */
export function endorseView(state, actions) {
  const form = /** @type {Form} */ (state.form);
  const subject = /** @type {import('./state.js').Subject} */ (state.subject);
  const permit = currentVerdict(subject)?.permit;
  const lines = permit?.lines ?? [];
  const use = state.faults.find((each) => each.field === "use");
  return html`
    <h1 tabindex="-1">${t("Endorse: what really passes")}</h1>
    <p><b class="mono">${permit?.number}</b> · ${directionWord(subject.direction)}</p>
    ${use ? html`<p class="sheet alarm" role="alert">${faultWord(use.code)}</p>` : nothing}
    <form class="rows" novalidate @input=${actions.mending} @submit=${(/** @type {SubmitEvent} */ event) => actions.endorse(event)}>
      ${form.lines.map((entered, index) => lineFields(state, lines.find((each) => each.line === entered.line), entered, index, actions))}
      <section class="sheet rows">
        ${textField("transport", t("Transport document (block 15)"), form.transport, t("Waybill, or the vehicle's number and its document."), fault(state, "transport"), (text) => (form.transport = text))}
        ${permit && asksImportPermit(subject, permit) ? importPermitFields(state, permit, form, actions) : nothing}
        ${textField("customs", t("Customs document, if there is one"), form.customs, "", "", (text) => (form.customs = text))}
      </section>
      <p class="wrong" role="alert">${fault(state, "lines")}</p>
      <button class="main" type="submit" ?disabled=${state.busy}>${icon("yes")}<span>${state.busy ? t("Writing it down …") : t("Endorse")}</span></button>
      <button type="button" @click=${actions.back}>${t("Back to the verdict")}</button>
    </form>
  `;
}

/** @param {State} state @param {import('../shared/show.js').PermitShown} permit @param {Form} form @param {Actions} actions */
const importPermitFields = (state, permit, form, actions) => html`<div @change=${(/** @type {Event} */ { target }) => /** @type {HTMLElement} */ (target).id === "import-permit" && void actions.askPermit()}>
    ${textField("import-permit", t("Number of our import permit (block 5)"), form.importPermit, t("Appendix I from the wild needs one. Without a network, compare its importer with block 3 yourself."), "", (text) => (form.importPermit = text))}
  </div>
  ${form.permit ? importPermitView(form.permit, permit, form.choice, state.stage.zone) : nothing}`;

/** @param {State} state @param {Line | undefined} line @param {import('./endorse.js').Entered} entered @param {number} index @param {Actions} actions */
const lineFields = (state, line, entered, index, actions) => html`<fieldset class="sheet rows">
  <legend><span class="letter">${entered.line}</span> <span class="taxon" translate="no">${line?.scientific_name}</span></legend>
  <p>${t("Permitted: {quantity}", { quantity: line ? amount(line.quantity, line.unit) : "–" })}${toCome(state, entered.line, line?.unit)}${line?.marks ? html` · <b>${line.marks}</b>` : nothing}</p>
  <div class="beside">
    ${quantityField(`quantity-${index}`, t("Passes now"), entered.quantity, fault(state, `lines[${index}].quantity`), (text) => (entered.quantity = text))}
    <button type="button" @click=${() => actions.all(index)}>${t("All of it")}</button>
  </div>
  ${
    state.subject?.direction === "import"
      ? quantityField(`dead-${index}`, t("Of these dead on arrival"), entered.dead, fault(state, `lines[${index}].dead_on_arrival`), (text) => (entered.dead = text))
      : nothing
  }
</fieldset>`;

/** @param {State} state @param {string} letter @param {string} [unit] */
function toCome({ subject }, letter, unit) {
  const quantity = stillTo(subject).get(letter);
  return quantity === undefined ? nothing : html` · ${t("Still to arrive: {quantity}", { quantity: amount(quantity, unit) })}`;
}

/** @param {string} id @param {string} label @param {string} value @param {string} wrong @param {(text: string) => void} typed */
const quantityField = (id, label, value, wrong, typed) => html`<div>
  <label for=${id}>${label}</label>
  <input
    class="mono quantity"
    type="text"
    inputmode="decimal"
    id=${id}
    maxlength="16"
    autocomplete="off"
    .value=${value}
    aria-invalid=${wrong ? "true" : "false"}
    aria-describedby="${id}-wrong"
    @input=${(/** @type {InputEvent} */ event) => typed(/** @type {HTMLInputElement} */ (event.target).value)}
  />
  <p class="wrong" id="${id}-wrong" role="alert">${wrong}</p>
</div>`;

/** @param {string} id @param {string} label @param {string} value @param {string} hint @param {string} wrong @param {(text: string) => void} typed */
const textField = (id, label, value, hint, wrong, typed) => html`<div>
  <label for=${id}>${label}</label>
  <input
    type="text"
    id=${id}
    maxlength="100"
    autocomplete="off"
    .value=${value}
    aria-invalid=${wrong ? "true" : "false"}
    aria-describedby="${id}-hint ${id}-wrong"
    @input=${(/** @type {InputEvent} */ event) => typed(/** @type {HTMLInputElement} */ (event.target).value)}
  />
  <p class="hint" id="${id}-hint">${hint}</p>
  <p class="wrong" id="${id}-wrong" role="alert">${wrong}</p>
</div>`;

/** @param {State} state @param {string} field */
const fault = ({ faults }, field) => faultWord(faults.find((each) => each.field === field)?.code ?? "");

/** @param {string} code */
function faultWord(code) {
  const words = {
    required: t("Block 15 names it: type it as it stands on the paper."),
    quantity: t("A number: whole for specimens, with a comma or point for weights. Nothing passes: 0."),
    exceeded: t("More than the permit allows. The rest needs another permit."),
    nothing_moved: t("At least one line passes with more than 0."),
    missing_lines: t("Every line is named."),
    already_used: t("This device knows that the permit was used already. Scan it again and read the verdict."),
    not_usable: t("An import permit is endorsed on arrival only. Scan the export document."),
  };
  return words[/** @type {keyof typeof words} */ (code)] ?? code;
}

/** @param {State} state @param {Actions} actions */
export function receiptView(state, actions) {
  const made = /** @type {import('./state.js').ReceiptShown} */ (state.receipt);
  const { kept, online, refused } = doneOf(state.done.find((each) => each.id === made.kept.id) ?? made.kept); // a batch may have brought it since
  if (refused) return refusedView(state, refused, actions);
  const { event } = kept;
  const permit = state.subject && currentVerdict(state.subject)?.permit;
  const permitted = permit?.lines ?? [];
  const remarks = kept.answer?.receipt?.remarks ?? [];
  const taken = state.photos.filter((each) => each.eventId === kept.id).length;
  const at = Date.parse(event.endorsed_at) / 1000;
  return html`
    <h1 tabindex="-1">${mark(state)}${t("Endorsed. Now write it into block 14")}</h1>
    <section class="sheet written">
      <table>
        <thead><tr><th scope="col">${t("Line")}</th><th scope="col">${t("Write by hand")}</th></tr></thead>
        <tbody>
          ${event.lines.map((/** @type {{line: string, quantity: string}} */ each) => html`<tr><th scope="row">${each.line}</th><td class="big">${each.quantity === "0" ? t("strike it out") : amount(each.quantity, permitted.find(({ line }) => line === each.line)?.unit)}</td></tr>`)}
        </tbody>
      </table>
      <dl class="facts">
        <div><dt>${t("Place")}</dt><dd>${named("posts", event.post)}</dd></div>
        <div><dt>${t("Date")}</dt><dd>${day(calendarDay(at, state.stage.zone))}</dd></div>
        <div><dt>${t("Block 15")}</dt><dd class="mono">${event.transport_document}</dd></div>
        <div><dt>${t("Officer")}</dt><dd>${state.shift?.officer.name}</dd></div>
      </dl>
      <p>${t("Then sign and stamp it. Many countries refuse a permit without it.")}</p>
    </section>
    ${photoButton(state, t("Photograph block 14"), (file) => void actions.photo(file, "block14"))}
    <p class="hint" role="status">${taken > 0 && !state.practice ? t("Photographs kept: {count}. They are sent with the endorsement.", { count: taken }) : ""}</p>
    <section class="sheet" role="status">
      <p>
        ${receiptWord(state, online)}
        ${t("Receipt {id}, {when}", { id: kept.id.slice(0, 8), when: moment(at, state.stage.zone) })}
      </p>
      ${remarks.map((/** @type {string} */ each) => html`<p><b>${remarkWord(each)}</b></p>`)}
      ${remarks.includes(OTHER_IMPORTER) ? importersView(permit, made.importPermit?.importer) : nothing}
    </section>
    ${closing(actions)}
  `;
}

/** @param {State} state @param {boolean} online */
function receiptWord({ practice }, online) {
  if (practice) return t("Practice: nothing was endorsed, and nothing is sent.");
  return online ? t("The register has it.") : t("Kept on this device until the register has it.");
}

/** The register refused it, or keeps it as a second use. @param {State} state @param {import('./endorse.js').Refused} refused @param {Actions} actions */
const refusedView = (state, refused, actions) => html`
  <section class="verdict" data-outcome="hold">
    <h1 class="word" id="word" tabindex="-1">${icon("hold")}<span>${refused.slug === SECOND_USE ? t("Kept as a second use") : t("Not endorsed")}</span></h1>
    <p class="headline">${refusal(refused)}</p>
  </section>
  <section class="sheet rows">${telephone(state)}</section>
  ${closing(actions)}
`;

/** @param {import('./endorse.js').Refused} refused */
function refusal({ slug, message, lines, codes }) {
  if (slug === SECOND_USE) return t("The permit was used elsewhere, or is no longer valid. Stop the goods and telephone. If they are still here, another officer of this post takes this endorsement back, under “Done here”.");
  if (slug === "already-used") return t("Somebody used this permit before you. Write nothing on the paper; scan it again and read the verdict.");
  return refusedWord(slug, message, lines, codes);
}

/** @param {Actions} actions */
const closing = (actions) => html`<div class="choices">
  <button class="main" type="button" id="next" @click=${actions.next}>${icon("camera")}<span>${t("Next permit, same consignment")}</span></button>
  <button type="button" @click=${actions.newConsignment}>${icon("again")}<span>${t("Next consignment")}</span></button>
</div>`;
