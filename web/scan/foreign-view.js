// Another Party's paper, written down: what stands on it, whether it is used here, photographs, what to write on it.

import { LINES_AT_MOST, lineLetter } from "../core/permit.js";
import { entry } from "../shared/entry.js";
import { OTHER_IMPORTER, remarkWord } from "../shared/foreign.js";
import { moment, named, t } from "../shared/i18n.js";
import { icon } from "../shared/icons.js";
import { importPermitView, importersView } from "../shared/import-permit.js";
import { html, nothing } from "../shared/view.js";
import { formOfNumber, furtherLine, furtherPaper, importPermit, keeps, paperFields, paperLine } from "./foreign-fields.js";
import { directionWord } from "./find-view.js";
import { telephone } from "./frame.js";
import { photoButton } from "./hold-view.js";
import { lostWord } from "./refused.js";
import { mayEndorse } from "./state.js";
import { mark } from "./verdict-screen.js";

/** @typedef {import('./state.js').State} State @typedef {import('./main.js').Actions} Actions @typedef {import('./record.js').Record_} Record_ */

/** @param {State} state @param {Record_} record @param {Actions} actions */
export function foreignView(state, record, actions) {
  const { fields } = record;
  const directions = /** @type {const} */ (["import", "transit", "export", "return"]);
  const choose = [{ path: "direction", label: t("What happens to the goods here"), options: directions.map((value) => ({ value, text: directionWord(value) })) }];
  return html`
    <h1 tabindex="-1">${t("Permit of another country")}</h1>
    <p>${t("Nothing here proves that it is genuine. Write down what stands on it; the ministry asks the country that issued it.")}</p>
    <form class="rows" novalidate @submit=${(/** @type {SubmitEvent} */ event) => actions.write(event)}>
      <section class="sheet rows" @change=${() => void actions.askNumber()}>
        ${[...choose, ...paperFields()].map((field) => html`${entry(record, field, actions.changed)}${field.path === "number" ? numberSays(state, record) : nothing}`)}
        ${further(record, t("More of this paper"), furtherPaper(), actions)}
      </section>
      ${fields.permit.lines.map(
        (/** @type {unknown} */ _, /** @type {number} */ index) => html`<fieldset class="sheet rows">
          <legend>${t("Line {letter}", { letter: lineLetter(index) })}</legend>
          ${paperLine(index).map((field) => entry(record, field, actions.changed))}
          ${further(record, t("More of this line"), furtherLine(index), actions)}
          ${fields.permit.lines.length > 1 ? html`<button type="button" @click=${() => actions.dropLine(index)}>${t("Remove this line")}</button>` : nothing}
        </fieldset>`,
      )}
      ${fields.permit.lines.length < LINES_AT_MOST ? html`<button type="button" id="add-line" @click=${actions.addLine}>${t("One more line")}</button>` : nothing}
      <section class="sheet rows">
        ${importPermit(fields).map((field) => html`<div @change=${() => void actions.askRecordPermit()}>${entry(record, field, actions.changed)}</div>`)}
        ${fields.importPermit && fields.use ? importPermitView(fields.importPermit, fields.permit, fields.choice, state.stage.zone) : nothing}
        ${entry(record, { path: "sealed", label: t("Stamp, signature and seal of the issuing country are there"), options: [{ value: "yes", text: t("yes") }, { value: "no", text: t("no") }] }, actions.changed)}
        ${entry(record, { path: "note", label: t("What else you saw"), look: "long" }, actions.changed)}
      </section>
      ${use(state, record, actions)} ${recordPhotos(state, record, t("Photograph the paper"), actions)}
      <p class="wrong" role="alert">${record.faults.length ? t("Something is missing or wrong: it is marked above.") : state.wrong}</p>
      <button class="main" type="submit" ?disabled=${state.busy}>${icon("yes")}<span>${state.busy ? t("Writing it down …") : t("Write it down")}</span></button>
      <button type="button" @click=${actions.leaveRecord}>${t("Leave without writing it down")}</button>
    </form>
  `;
}

/** What may wait for the desk. @param {Record_} record @param {string} words @param {import('../shared/entry.js').Field[]} fields @param {Actions} actions */
const further = (record, words, fields, actions) => html`<details><summary>${words}</summary><div class="rows">${fields.map((field) => entry(record, field, actions.changed))}</div></details>`;

/** What the number itself says, and where one like it was used. @param {State} state @param {Record_} record */
function numberSays(state, record) {
  const form = formOfNumber(record.fields);
  const used = record.known?.used[0];
  const unconfirmed = used ? undefined : record.known?.unconfirmed?.[0];
  return html`<div role="status">
    ${form === "unusual" ? html`<p class="sheet alarm">${t("Numbers of this country look otherwise: look twice.")}</p>` : nothing}
    ${form === "other_country" ? html`<p class="sheet alarm">${t("The number names another country: look twice.")}</p>` : nothing}
    ${used ? html`<p class="sheet alarm"><b>${t("A permit with this number was used already: {post}, {when}. Hold, and telephone.", { post: named("posts", used.post), when: moment(Date.parse(used.at) / 1000, state.stage.zone) })}</b></p>` : nothing}
    ${unconfirmed ? html`<p class="sheet alarm">${t("A hand-stamped endorsement under this number waits for a second officer: {post}, {when}. Compare.", { post: named("posts", unconfirmed.post), when: moment(Date.parse(unconfirmed.at) / 1000, state.stage.zone) })}</p>` : nothing}
  </div>`;
}

/** @param {State} state @param {Record_} record @param {Actions} actions */
function use(state, record, actions) {
  const { fields } = record;
  if (!["import", "transit"].includes(fields.direction)) return nothing;
  if (state.device?.lost) return html`<p class="sheet">${lostWord()}</p>`;
  if (!mayEndorse(state)) return html`<p class="sheet">${t("At this post another authority endorses; you scan.")}</p>`;
  return html`<section class="sheet rows">
    ${entry(record, { path: "use", label: t("Goods compared: endorse it now"), look: "tick" }, actions.changed)}
    ${
      fields.use
        ? html`${fields.permit.lines.map((/** @type {any} */ line, /** @type {number} */ index) =>
              entry(record, { path: `arrived[${index}].quantity`, label: t("{letter}: what really arrived", { letter: lineLetter(index) }), look: "number", most: 16, hint: t("Empty: all of it, {quantity}.", { quantity: line.quantity || "–" }) }, actions.changed),
            )}
            ${entry(record, { path: "transport_document", label: t("Transport document (block 15)"), most: 70 }, actions.changed)}
            ${keeps(fields) ? entry(record, { path: "retained", label: t("I have written “cancelled and retained” on it, with day and post, and keep it here"), look: "tick" }, actions.changed) : nothing}`
        : nothing
    }
  </section>`;
}

/** @param {State} state @param {Record_} record @param {string} words @param {Actions} actions */
export function recordPhotos(state, record, words, actions) {
  const taken = state.photos.filter((each) => each.eventId === record.id).length;
  return html`${photoButton(state, words, (file) => void actions.recordPhoto(file))}
    <p class="hint" role="status">${taken > 0 ? t("Photographs kept: {count}. They are sent with the record.", { count: taken }) : ""}</p>`;
}

/** @param {State} state @param {Actions} actions */
export function recordedView(state, actions) {
  const record = /** @type {Record_} */ (state.record);
  const kept = state.done.find((each) => each.id === record.id) ?? record.saved;
  const words = {
    waiting: t("Kept on this device until the register has it."),
    stored: t("The register has it."),
    conflict: t("A permit with this number was used before yours: hold goods and paper, and telephone."),
    rejected: t("Not taken by the register: look under Done here, and correct it."),
  };
  return html`
    <h1 tabindex="-1">${mark(state)}${t("Written down")}</h1>
    <section class="sheet rows ${kept?.state === "conflict" ? "alarm" : ""}" role="status">
      <p><b>${state.practice ? t("Practice: nothing is sent.") : words[kept?.state ?? "waiting"]}</b></p>
      <p>${t("Record {id}", { id: record.id.slice(0, 8) })}${record.fields.number ? html` · <span class="mono">${record.fields.number}</span>` : nothing}</p>
      ${kept?.answer?.remarks?.length ? html`<p>${t("What is odd about it:")}</p><ul>${kept.answer.remarks.map((/** @type {string} */ each) => html`<li><b>${remarkWord(each)}</b></li>`)}</ul>` : nothing}
      ${kept?.answer?.remarks?.includes(OTHER_IMPORTER) ? importersView(record.fields.permit, record.fields.importPermit?.importer) : nothing}
    </section>
    ${recordPhotos(state, record, t("One more photograph"), actions)} ${telephone(state)}
    <button class="main" type="button" id="next" @click=${actions.newConsignment}>${icon("again")}<span>${t("Next consignment")}</span></button>
  `;
}
