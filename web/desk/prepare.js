// The form in the order of its blocks, to be filled in: saved as one goes, with what stands against submitting it beside each
// field; names in Cyrillic get a proposal in Latin letters; at the end the answers once more, and submit.

import { LINES_AT_MOST, lineLetter } from "../core/permit.js";
import { putAt, valueAt } from "../shared/application.js";
import { conflictView } from "../shared/conflict-view.js";
import { t } from "../shared/i18n.js";
import { optionsView } from "../shared/options.js";
import { spelled } from "../shared/quantity.js";
import "../shared/species-field.js";
import { listedHint } from "../shared/taxa.js";
import { transliterated } from "../shared/transliterate.js";
import { html, nothing } from "../shared/view.js";
import { warningsView } from "../shared/warnings.js";
import { blocks, lineBlocks } from "./blocks.js";
import { formView } from "./form-view.js";
import { faultWord } from "./faults.js";
import { neededView } from "./needed.js";
import { speciesKnown } from "./species-known.js";
import { findingWord, titleOf } from "./words.js";

/** @typedef {import('./main.js').State} State @typedef {import('./actions.js').Actions} Actions @typedef {import('./blocks.js').Field} Field */

/** @param {State} state @param {Actions} actions */
export function prepareView(state, actions) {
  const { record } = state;
  const lines = record.lines ?? [];
  if (!state.opened) return html`<h1 tabindex="-1">${t("Application")}</h1><p role="status">${t("Loading …")}</p>`;
  return html`
    <h1 tabindex="-1">${titleOf({ replaces: state.stored?.replaces })}</h1>
    <p role="status">${state.saved ? t("Saved.") : state.busy ? t("Saving …") : t("Not saved yet; kept in this tab.")}</p>
    ${state.theirs ? meeting(state, actions) : nothing}
    <form class="rows" novalidate @submit=${(/** @type {Event} */ event) => event.preventDefault()}>
      ${blocks(record).map((group) => section(group.title, group.fields, state, actions))}
      ${lines.map((/** @type {any} */ _, /** @type {number} */ index) => html`
        ${section(t("Line {letter}", { letter: lineLetter(index) }), lineBlocks(record, index), state, actions)}
        ${lines.length > 1 ? html`<div><button type="button" @click=${() => { lines.splice(index, 1); actions.entered(); }}>${t("Remove line {letter}", { letter: lineLetter(index) })}</button></div>` : nothing}
      `)}
      ${lines.length < LINES_AT_MOST ? html`<div><button type="button" @click=${() => { putAt(record, `lines[${lines.length}]`, {}); actions.entered(); }}>${t("Add a line")}</button></div>` : nothing}
    </form>
    ${neededView(state.needed, record, state.stage.issuer)} ${speciesKnown(state.known, state.bounds)}
    <section aria-labelledby="answers">
      <h2 id="answers">${t("Check your answers")}</h2>
      ${formView({ ...record, block_5: state.stored?.block_5 }, null, state.known)}
    </section>
    ${state.findings.length ? html`<p class="note done">${t("It will ask for:")} ${state.findings.map(findingWord).join(", ")}</p>` : nothing}
    ${warningsView(state.warnings, (field) => placeWord(field, state.record), (field, value) => { putAt(state.record, field, value); actions.entered(); })}
    ${state.faults.length ? faultList(state) : nothing}
    <div class="steps">
      <button type="button" class="main" ?disabled=${state.busy || state.faults.length > 0 || state.place.id === "new"} @click=${() => void actions.submit()}>${t("Submit")}</button>
      <button type="button" ?disabled=${state.busy} @click=${() => void actions.save()}>${t("Save now")}</button>
      ${state.place.id === "new" ? nothing : html`<a class="button" href="#/permit/${state.place.id}">${t("Papers and history")}</a>`}
    </div>
  `;
}

/** @param {State} state @param {Actions} actions */
const meeting = (state, actions) =>
  conflictView(t("{name} has changed this application meanwhile", { name: state.theirs?.by || t("Somebody else") }), `#/permit/${state.place.id}`, state.busy, actions);

/** @param {State} state */
const faultList = (state) => html`<section class="sheet" aria-labelledby="open">
  <h2 id="open">${t("Still open: {count}", { count: state.faults.length })}</h2>
  <ul class="plainlist">
    ${state.faults.map((fault) => html`<li><button type="button" class="plain" @click=${() => document.getElementById(idOf(near(fault.field)))?.focus()}>${placeWord(fault.field, state.record)}</button> ${faultWord(fault)}${fault.overridable ? html` (${t("an approver may grant an exception, under Papers and history")})` : nothing}</li>`)}
  </ul>
</section>`;

/** The field that shows a refusal of a group. @param {string} field */
const near = (field) => ({ exporter: "exporter.name", importer: "importer.name", lines: "lines[0].scientific_name", number: "stamp_number", retrospective: "retrospective.reason" })[field] ?? field.replace(/last_reexport$/, "$&.country");

/** Block and name of a field. @param {string} path @param {import('../shared/application.js').Application} record */
export function placeWord(path, record) {
  const line = /^lines\[(\d+)\]/.exec(path);
  const fields = line ? lineBlocks(record, Number(line[1])) : blocks(record).flatMap((group) => group.fields);
  const found = fields.find((field) => field.path === near(path));
  return `${line ? `${lineLetter(Number(line[1]))}: ` : ""}${found ? `${found.block} ${found.label}` : path}`;
}

/** @param {string} title @param {Field[]} fields @param {State} state @param {Actions} actions */
const section = (title, fields, state, actions) => html`<fieldset class="sheet"><legend><h2>${title}</h2></legend><div class="pair">${fields.map((field) => control(field, state, actions))}</div></fieldset>`;

/** @param {Field} field @param {State} state @param {Actions} actions */
function control(field, state, actions) {
  const id = idOf(field.path);
  const value = String(valueAt(state.record, field.path));
  const fault = state.faults.find((each) => near(each.field) === field.path);
  const shown = fault && (fault.code !== "required" || value) ? fault : undefined; // what is only missing stands in the list
  const described = `${id}-hint ${id}-wrong`;
  const known = state.known?.get(state.record.lines?.[Number(/^lines\[(\d+)\]/.exec(field.path)?.[1])]?.scientific_name);
  const enter = (/** @type {Event} */ event) => {
    const { value: said } = /** @type {HTMLInputElement} */ (event.target);
    putAt(state.record, field.path, field.look === "number" ? spelled(said) : said);
    if (field.path === "retrospective.reason" && !said) delete state.record.retrospective; // one without a reason asks for it
    if (field.path === "document_type" && said !== "OS") delete state.record.ata_carnet; // only a sample collection has one
    actions.entered();
  };
  const invalid = shown ? "true" : "false";
  return html`<div>
    <label for=${id}><span class="block">${field.block}</span>${field.label}</label>
    ${field.options
      ? html`<select id=${id} aria-invalid=${invalid} aria-describedby=${described} @change=${enter}><option value="" .selected=${!value}>–</option>${optionsView(field.options, value, field.path.endsWith(".term") ? known?.usual_terms : [])}</select>`
      : field.look === "species"
        ? html`<species-field .field=${{ id, described, invalid, most: 200 }} .value=${value} @change=${enter}></species-field>`
        : field.look === "long"
          ? html`<textarea id=${id} rows="3" aria-invalid=${invalid} aria-describedby=${described} .value=${value} @input=${enter}></textarea>`
          : html`<input type=${field.look === "day" ? "date" : "text"} inputmode=${field.look === "number" ? "decimal" : nothing} id=${id} autocomplete="off" aria-invalid=${invalid} aria-describedby=${described} .value=${value} @input=${enter} />`}
    <p class="hint" id="${id}-hint">${field.path.endsWith(".common_name") ? listedHint(known) : (field.hint ?? "")}</p>
    ${proposal(field, state, actions)}
    <p class="wrong" id="${id}-wrong">${shown ? faultWord(shown) : ""}</p>
  </div>`;
}

/** What the name in its own script is in Latin letters, where nothing stands there yet. @param {Field} field @param {State} state @param {Actions} actions */
function proposal(field, state, actions) {
  if (field.path === "stamp_number") return stampProposal(state, actions);
  if (!field.local || valueAt(state.record, field.path)) return nothing;
  const proposed = transliterated(String(valueAt(state.record, field.local)));
  if (!proposed) return nothing;
  return html`<p class="hint"><button type="button" class="plain" @click=${() => { putAt(state.record, field.path, proposed); actions.entered(); }}>${t("Take “{words}” (ICAO Doc 9303)", { words: proposed })}</button></p>`;
}

/** The next free stamp of the stock, where the form bears one. @param {State} state @param {Actions} actions */
function stampProposal({ record, stock }, actions) {
  const next = stock?.next;
  if (!next || record.form === "electronic" || record.stamp_number) return nothing;
  return html`<p class="hint"><button type="button" class="plain" @click=${() => { putAt(record, "stamp_number", next); actions.entered(); }}>${t("Take the next free one: {number}", { number: next })}</button></p>`;
}

/** @param {string} path */
const idOf = (path) => `f-${path.replaceAll(/[.[\]]+/g, "-").replace(/-$/, "")}`;
