// What was typed wrongly off another Party's paper, put right: the form, what is sent, and what its history says of it.

import { LINES_AT_MOST, lineLetter } from "../core/permit.js";
import { valueAt } from "../shared/application.js";
import { countryOptions, entry, filled } from "../shared/entry.js";
import { home } from "../shared/frame.js";
import { t } from "../shared/i18n.js";
import { spelled } from "../shared/quantity.js";
import { html, nothing } from "../shared/view.js";
import { blocks, lineBlocks } from "./blocks.js";
import { when } from "./history.js";

/**
 * @typedef {import('./main.js').State} State @typedef {import('./enforcement.js').EnforcementActions} Actions
 * @typedef {import('./enforcement-service.js').Paper} Paper @typedef {import('../shared/entry.js').Field} Field
 * @typedef {{at: string, by_name: string, action: string, detail: Record<string, any>}} Line
 */

const NOT_ON_IT = ["form", "transport_document"]; // of an application alone

/** @param {Field & {block?: string}} field @returns {Field} */
const onPaper = ({ path, label, look, options, block }) => ({ path: `permit.${path}`, label: block ? `${block}: ${label}` : label, look, options });

/** @param {Record<string, any>} permit @returns {{title: string, fields: Field[]}[]} */
const fieldsets = (permit) => [
  {
    title: t("Number"),
    fields: [
      { path: "issuer", label: t("Country that issued it"), options: countryOptions().filter((each) => each.value !== home()) },
      { path: "number", label: t("Number, as it stands on the paper"), most: 60 },
      { path: "issued_on", label: t("Issued on"), look: "day" },
      { path: "direction", label: t("What happens to the goods here"), options: directions() },
    ],
  },
  ...blocks(permit).map(({ title, fields }) => ({ title, fields: fields.filter(({ path }) => !NOT_ON_IT.includes(path)).map(onPaper) })),
  ...permit.lines.map((/** @type {unknown} */ _, /** @type {number} */ index) => ({ title: t("Line {letter}", { letter: lineLetter(index) }), fields: lineBlocks(permit, index, true).map(onPaper) })),
  { title: t("At the post"), fields: [{ path: "sealed", label: t("Stamp, signature, seal"), look: /** @type {const} */ ("tick") }, { path: "note", label: t("What the officer saw"), look: /** @type {const} */ ("long") }] },
];

const directions = () => [
  { value: "import", text: t("The goods arrive") },
  { value: "transit", text: t("The goods pass in transit") },
  { value: "export", text: t("The goods leave") },
  { value: "return", text: t("The goods come back") },
];

/** The form's fields out of a paper, in a copy. @param {Paper} paper */
export const correctionOf = ({ direction, issuer, number, issued_on, sealed, note, permit }) => ({
  ...structuredClone({ direction, issuer, number, issued_on: issued_on ?? "", sealed, note, permit }),
  reason: "",
});

/** What the service takes. @param {Record<string, any>} fields @param {number} version */
export function correctionBody({ sealed, permit, ...fields }, version) {
  const { lines, ...rest } = filled(permit);
  const read = lines.map((/** @type {Record<string, any>} */ { line: _, ...line }) => ({ ...line, ...(line.quantity && { quantity: spelled(line.quantity) }) }));
  return { ...filled(fields), reason: fields.reason.trim(), sealed: sealed === true, permit: { ...rest, lines: read }, version };
}

/** @param {State} state @param {Actions & {redraw: () => void}} actions */
export function correctionView(state, actions) {
  const { form, paper } = state.enforcement;
  if (!form || !paper) return html`<h1 tabindex="-1">${t("Permit of another country")}</h1>`;
  const { lines } = form.fields.permit;
  return html`
    <h1 tabindex="-1">${t("Correct what was typed")}: <span class="mono">${paper.number}</span></h1>
    <p>${t("As it stands on the paper. What stood here before, your name and the reason stay in its history.")}</p>
    <form class="rows" novalidate @submit=${(/** @type {SubmitEvent} */ event) => { event.preventDefault(); void actions.savePaper(); }}>
      ${fieldsets(form.fields.permit).map(({ title, fields }) => html`<fieldset class="sheet"><legend>${title}</legend><div class="pair low">${fields.map((field) => entry(form, field, actions.redraw))}</div></fieldset>`)}
      <div class="steps">
        ${lines.length < LINES_AT_MOST ? html`<button type="button" @click=${() => { lines.push({}); actions.redraw(); }}>${t("One more line")}</button>` : nothing}
        ${lines.length > 1 ? html`<button type="button" @click=${() => { lines.pop(); actions.redraw(); }}>${t("Remove the last line")}</button>` : nothing}
      </div>
      <section class="sheet">${entry(form, { path: "reason", label: t("Why it is corrected"), look: "long" }, actions.redraw)}</section>
      <div><button type="submit" class="main" ?disabled=${state.busy}>${t("Save")}</button> <a href="#/foreign/${paper.id}">${t("Leave it as it is")}</a></div>
    </form>
  `;
}

/** Who corrected what, when and why. @param {State} state @param {Paper} paper @param {Line[]} history */
export function correctionsView(state, paper, history) {
  const made = history.filter((each) => each.action === "correct");
  const labels = new Map(fieldsets(paper.permit).flatMap(({ fields }) => fields.map(({ path, label }) => [path, label])));
  const at = (/** @type {string} */ path) => [...path.matchAll(/\[(\d+)\]/g)].map(([, index]) => lineLetter(Number(index))).join("");
  const named = (/** @type {string} */ path) => [at(path), labels.get(path) ?? (path === "endorsed" ? t("Taken back") : path)].filter(Boolean).join(" · ");
  const said = (/** @type {any} */ value) => (value === null || value === undefined ? "–" : value === true ? t("yes") : value === false ? t("no") : typeof value === "object" ? `${valueAt(value, "by_name")}: ${valueAt(value, "transport_document")}` : String(value));
  return made.length
    ? html`<section class="sheet rows" aria-labelledby="corrected"><h2 id="corrected">${t("Corrected")}</h2>
        ${made.map((each) => html`<p>${when(each.at, state)}, <span translate="no">${each.by_name}: ${each.detail.reason}</span></p>
          <ul>${each.detail.changes.map((/** @type {any} */ change) => html`<li>${named(change.field)}: <span translate="no"><s>${said(change.was)}</s> → <b>${said(change.is)}</b></span></li>`)}</ul>`)}
      </section>`
    : nothing;
}
