// The species list: which is in use, what an uploaded one would change, and the second person's word on it.

import { language, t } from "../shared/i18n.js";
import { dataOrigin, listDays } from "../shared/listed.js";
import { may } from "../shared/person.js";
import { html, nothing } from "../shared/view.js";
import { faultWord } from "./faults.js";
import { when } from "./history.js";

/** @typedef {import('./main.js').State} State @typedef {import('./actions.js').Actions} Actions @typedef {import('./species-list-actions.js').Proposed} Proposed */

/** @param {State} state @param {Actions} actions */
export function speciesListsView(state, actions) {
  const lists = state.speciesLists;
  if (!lists) return html`<h1 tabindex="-1">${t("Species list")}</h1><p role="status">${t("Loading …")}</p>`;
  const { in_use: used, proposed, items } = lists;
  return html`
    <h1 tabindex="-1">${t("Species list")}</h1>
    <section class="sheet" aria-labelledby="in-use">
      <h2 id="in-use">${t("In use")}</h2>
      <p>${t("Taxa: {count}", { count: used.taxa })} · ${listDays(used)} · <span class="mono">${used.version}</span>${used.release ? html`<br /><small>${t("The list that the program came with.")} ${dataOrigin()}</small>` : nothing}</p>
      ${items.length ? html`<ul class="plainlist">${items.map((each) => html`<li>${t("Taxa: {count}", { count: each.taxa })} · ${listDays(each)} <small><span translate="no">${each.file}</span> · ${t("uploaded by {name}", { name: each.by_name })} · ${t("put in use by {name}", { name: each.decided_by_name })}, ${when(each.decided_at ?? each.at, state)}</small></li>`)}</ul>` : nothing}
    </section>
    ${proposed ? waiting(proposed, state, actions) : nothing}
    ${may(state.me, "propose_species") ? uploadForm(state, actions) : nothing}
  `;
}

/** @param {Proposed} proposed @param {State} state @param {Actions} actions */
const waiting = (proposed, state, actions) => html`<section class="sheet rows" aria-labelledby="proposed">
  <h2 id="proposed">${t("Waits for a second person")}</h2>
  <p><span translate="no">${proposed.file}</span>: ${t("Taxa: {count}", { count: proposed.taxa })} · ${listDays(proposed)}<br /><small>${t("uploaded by {name}", { name: proposed.by_name })}, ${when(proposed.at, state)}</small></p>
  <h3>${t("What it would change")}</h3>
  ${kindsOf(proposed.counts).map((what) => kind(what, proposed))}
  <p><button type="button" ?disabled=${state.busy} @click=${() => void actions.changesFile(proposed.digest)}>${t("Download every change (CSV)")}</button></p>
  ${may(state.me, "publish_species") && proposed.by !== state.me?.id
    ? html`<div class="steps"><button type="button" class="main" ?disabled=${state.busy} @click=${() => void actions.publishList(proposed.digest)}>${t("Put this list in use")}</button></div>`
    : html`<p class="hint">${t("An approver who is another person puts it in use.")}</p>`}
  ${may(state.me, "publish_species") || may(state.me, "propose_species") ? rejectForm(proposed, state, actions) : nothing}
</section>`;

/** Every kind of change of the list: those with words here first, a new kind of the service after them. @param {Record<string, number>} counts */
const kindsOf = (counts) => [...new Set([...Object.keys(WHAT()), ...Object.keys(counts)])].filter((what) => counts[what]);

/** @param {string} what @param {Proposed} proposed */
function kind(what, { counts, changes }) {
  const found = changes.filter((each) => each.what === what);
  return html`<details ?open=${!FOLDED.has(what)}>
    <summary>${WHAT()[/** @type {keyof ReturnType<typeof WHAT>} */ (what)] ?? what}: <b>${counts[what]}</b></summary>
    <ul class="plainlist">
      ${found.map(({ name, before, after }) => html`<li><span class="taxon" translate="no">${name}</span> <small translate="no">${before || after ? `${before || "–"} → ${after || "–"}` : ""}</small></li>`)}
      ${counts[what] > found.length ? html`<li>${t("and {count} more: they are in the file", { count: counts[what] - found.length })}</li>` : nothing}
    </ul>
  </details>`;
}

/** Kinds that change neither what a document needs nor which entry a name has: folded at first. */
const FOLDED = new Set(["added", "renamed", "listed_by", "since", "annotation", "names", "group", "source", "species_plus_id", "choice", "kept", "unlisted_by", "ambiguous", "older"]);

/** chalicelib/species/model/list_changes.py, Change; in the order in which one reads them. */
const WHAT = () => ({
  appendix: t("In another Appendix"),
  removed: t("No longer in the list"),
  added: t("New in the list"),
  renamed: t("Under another name"),
  listed_by: t("Listed in Appendix III by another country"),
  symbol: t("With another annotation symbol"),
  except: t("With other exceptions from the listing"),
  synonyms_added: t("Synonyms added"),
  synonyms_removed: t("Synonyms removed"),
  kingdom: t("In another kingdom (animals or plants)"),
  class: t("In another class"),
  order: t("In another order"),
  family: t("In another family"),
  rank: t("With another rank"),
  open: t("With other open points"),
  decided: t("With another decision made here"),
  since: t("In force since another day"),
  range_states: t("With other range States"),
  range_sure: t("The range is certain now, or no longer"),
  annotation: t("With another note"),
  names: t("With other common names"),
  group: t("In another group of the scanner"),
  source: t("With another source"),
  species_plus_id: t("With another number in Species+"),
  choice: t("The Appendix hangs on the population: to be decided"),
  kept: t("Kept as decided here, against Species+"),
  unlisted_by: t("In Appendix III without a country"),
  ambiguous: t("Synonyms that lead nowhere"),
  older: t("Older in the file than here: left out"),
});

/** @param {Proposed} proposed @param {State} state @param {Actions} actions */
const rejectForm = (proposed, state, actions) => html`<form class="rows" @submit=${(/** @type {SubmitEvent} */ event) => {
  event.preventDefault();
  void actions.rejectList(proposed.digest, String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get("reason")));
}}>
  <div>
    <label for="list-reason">${t("Reason")}</label>
    <input type="text" id="list-reason" name="reason" required maxlength="2000" autocomplete="off" />
  </div>
  <div><button type="submit" ?disabled=${state.busy}>${t("Reject this list")}</button></div>
</form>`;

/** @param {State} state @param {Actions} actions */
const uploadForm = (state, actions) => html`<form class="sheet rows" aria-labelledby="upload" @submit=${(/** @type {SubmitEvent} */ event) => void sent(event, actions)}>
  <h2 id="upload">${t("Upload a new list")}</h2>
  <p class="hint">${t("The CSV of Species+, as it was downloaded: its listings, or the index of its checklist. A file with one wrong row is refused as a whole, and every fault is told.")}</p>
  ${faultList(state)}
  <div class="pair low">
    <div><label for="list-file">${t("File")}</label><input type="file" id="list-file" name="file" accept=".csv,.gz,text/csv" required @change=${dated} /></div>
    <div><label for="list-day">${t("The day that it speaks of")}</label><input type="date" id="list-day" name="as_of" required /></div>
    <div><label for="list-force">${t("Appendices in force on")}</label><input type="date" id="list-force" name="in_force" aria-describedby="force-hint" /><small id="force-hint" class="hint">${t("If the file says so.")}</small></div>
  </div>
  <div><label class="tick"><input type="checkbox" name="whole" value="yes" /> ${t("It is the whole of CITES: what it lacks has left the Appendices")}</label></div>
  ${state.faults.some(({ code }) => code === "too_few") ? html`<div><label class="tick"><input type="checkbox" name="replace" value="yes" /> ${t("It replaces the whole list, although it has far fewer taxa")}</label></div>` : nothing}
  <div><button type="submit" class="main" ?disabled=${state.busy}>${t("Upload and compare")}</button></div>
</form>`;

/** @param {State} state */
const faultList = ({ faults }) =>
  faults.length
    ? html`<div class="note" role="alert"><b>${t("Nothing was stored. What is wrong with the file:")}</b>
        <ul class="plainlist">${faults.map((fault) => html`<li>${placeOf(fault.field)}: ${fileFault(fault)}${language() === "en" ? html`<br /><small translate="no">${fault.detail}</small>` : nothing}</li>`)}</ul>
      </div>`
    : nothing;

/** Of a file a code may say something else than of a form. @param {import('../shared/api.js').FieldError} fault */
function fileFault(fault) {
  const words = {
    half: t("a row or cell is empty or cut off"),
    unknown: t("no word that is known here"),
    contradicts: t("two rows, or two cells of one, contradict each other"),
    encoding: t("read in another encoding: download the file again"),
    header: t("its columns are not those of Species+"),
    empty: t("nothing of it is listed"),
    nothing: t("the list in use says the same already"),
    too_few: t("far fewer taxa than CITES lists: send it as a part, or confirm below that it replaces the whole list"),
  };
  return words[/** @type {keyof typeof words} */ (fault.code)] ?? faultWord(fault);
}

/** The day in the name that Species+ gives its files. @param {Event} event */
function dated(event) {
  const input = /** @type {HTMLInputElement} */ (event.target);
  const found = /\d{4}-\d\d-\d\d/.exec(input.files?.[0]?.name ?? "");
  const field = /** @type {HTMLInputElement} */ (input.form?.elements.namedItem("as_of"));
  if (found) field.value = found[0];
}

/** @param {SubmitEvent} event @param {Actions} actions */
async function sent(event, actions) {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (event.target);
  const entered = new FormData(form);
  const file = /** @type {File} */ (entered.get("file"));
  const [asOf, inForce] = ["as_of", "in_force"].map((name) => String(entered.get(name) ?? ""));
  if (await actions.proposeList(file, { as_of: asOf, in_force: inForce, whole: entered.has("whole"), replace: entered.has("replace") })) form.reset();
}

/** "list.csv row 7": the file and its row; a column after it stays. @param {string} field */
function placeOf(field) {
  const [, file, row, rest] = /^(.*) row (\d+)(.*)$/.exec(field) ?? [];
  return row ? html`<span class="mono" translate="no">${file}</span> ${t("row {number}", { number: row })}<span class="mono" translate="no">${rest}</span>` : html`<span class="mono" translate="no">${field}</span>`;
}
