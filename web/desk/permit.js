// One permit on the desk: the form beside its papers, what the authorities found, what may be done with it, who did what.

import { keyed } from "../node_modules/lit-html/directives/keyed.js";
import { day, t } from "../shared/i18n.js";
import { kindWord, remark, waitsWord } from "../shared/permit-view.js";
import { moved } from "../shared/quantity.js";
import { takeBackForm } from "../shared/take-back.js";
import { html, nothing } from "../shared/view.js";
import { stampedView } from "./block14.js";
import { decideView, missingFindings } from "./decide.js";
import { differenceView } from "./difference.js";
import { exchangedView } from "./exchanged.js";
import { faultWord } from "./faults.js";
import { formView } from "./form-view.js";
import { historyView, when } from "./history.js";
import { neededView } from "./needed.js";
import { placeWord } from "./prepare.js";
import { speciesKnown } from "./species-known.js";
import { stopsView } from "./stops.js";
import { findingWord, resultWord, stateWord, titleOf } from "./words.js";

/** @typedef {import('./main.js').State} State @typedef {import('./actions.js').Actions} Actions @typedef {import('./service.js').Permit} Permit */

/** @param {State} state @param {Actions} actions */
export function permitView(state, actions) {
  const { permit } = state;
  if (!permit) return html`<h1 tabindex="-1">${t("Permit")}</h1><p role="status">${t("Loading …")}</p>`;
  return html`
    <h1 tabindex="-1">${titleOf(permit)} <span class="state">${stateWord(permit.state)}</span></h1>
    ${standing(permit)} ${differenceView(state, permit, actions)} ${refused(permit, state)} ${stopsView(state, permit, actions)}
    <div class="beside">
      <div>${preview(permit, state, actions)} ${formView(permit, permit.number, ["draft", "returned"].includes(permit.state) ? state.known : null)}</div>
      <div>
        ${decideView(state, permit, actions)} ${neededView(state.needed, permit, state.stage.issuer)} ${speciesKnown(state.known, state.bounds, permit.species_list)} ${papers(permit, state, actions)} ${findings(permit, state)} ${uses(permit, state, actions)}
        ${exchangedView(state, actions)} ${historyView(state)}
      </div>
    </div>
  `;
}

/** The fields for which the last step or preview was refused. @param {Permit} permit @param {State} state */
const refused = (permit, state) =>
  state.faults.length
    ? html`<section class="note" aria-labelledby="open">
        <h2 id="open">${t("Still open: {count}", { count: state.faults.length })}</h2>
        <ul class="plainlist">${state.faults.map((fault) => html`<li><b>${placeWord(fault.field, permit)}</b>: ${faultWord(fault)}</li>`)}</ul>
      </section>`
    : nothing;

/** What the state means for whoever checks the permit. @param {Permit} permit */
function standing(permit) {
  const effects = {
    suspended: t("Whoever checks it now is told to hold the goods until it is reinstated."),
    revoked: t("Whoever checks it now is told that it is revoked and not to accept it."),
    lost: t("Whoever checks it now is told that it was reported lost or stolen."),
    replaced: t("Whoever checks it now is told that another permit has taken its place."),
  };
  const gone = permit.state === "replaced" && permit.missing; // the code of what was lost or stolen stays on hold (S6)
  const effect = gone ? t("Whoever checks it now is told that it was reported lost or stolen, and which permit has taken its place.") : effects[/** @type {keyof typeof effects} */ (permit.state)];
  return html`${effect ? html`<p class="note">${effect} ${permit.reason ? html`<br /><b>${t("Reason:")}</b> <span translate="no">${permit.reason}</span>` : nothing}</p>` : nothing}
    ${["returned", "refused"].includes(permit.state) && permit.reason ? html`<p class="note"><b>${t("Reason:")}</b> <span translate="no">${permit.reason}</span></p>` : nothing}
    ${permit.uncounted === "waiting" ? html`<p class="note">${waitsWord()} ${t("Until then the register counts the permit as not used.")}</p>` : nothing}
    ${other(permit.replaces, permit.number ? t("Replaces") : t("It is to replace"))} ${other(permit.replaced_by, t("Replaced by"))}`;
}

/** @param {Permit['replaces']} which @param {string} words */
const other = (which, words) => (which ? html`<p>${words} <a href="#/permit/${which.id}">${which.number ?? t("Application")}</a></p>` : nothing);

/** The form as it would print; it stays no permit. @param {Permit} permit @param {State} state @param {Actions} actions */
const preview = (permit, state, actions) =>
  permit.steps.includes("preview")
    ? html`<section class="sheet rows" aria-labelledby="preview">
        <h2 id="preview">${t("As it would print")}</h2>
        <p class="hint">${t("A preview is not a permit: it has no number, no code and no seal, and every sheet says so.")}</p>
        ${state.preview || state.previewing
          ? html`${state.preview
                ? html`<iframe class="preview" src="${state.preview}#toolbar=0" title=${t("The form as it would print")}></iframe>`
                : html`<div class="preview" role="status">${t("Loading …")}</div>`}
              <p><a href=${state.preview || nothing} target="_blank" rel="noopener">${t("Open it in a tab of its own")}</a></p>`
          : html`<div><button type="button" ?disabled=${state.busy} @click=${() => void actions.preview()}>${t("Preview the form (PDF)")}</button></div>`}
      </section>`
    : nothing;

/** @param {Permit} permit @param {State} state @param {Actions} actions */
const papers = (permit, state, actions) => html`<section class="sheet" aria-labelledby="papers">
  <h2 id="papers">${t("Supporting papers")}</h2>
  ${permit.attachments.length
    ? html`<p class="hint">${t("These papers come from outside the ministry. Each is downloaded and opens outside this page.")}</p>
        <ul class="plainlist">
          ${permit.attachments.map(
            (each) => html`<li><button type="button" class="plain" @click=${() => void actions.paper(each.id)}><span translate="no">${each.name}</span></button> <small>${t("{count} kB", { count: Math.ceil(each.size / 1024) })}</small>${permit.steps.includes("detach") && each.by === state.me?.id ? removal(each, state, actions) : nothing}</li>`,
          )}
        </ul>`
    : html`<p>${t("None yet.")}</p>`}
  ${permit.steps.includes("attach")
    ? html`<div class="rows"><div class="button file"><span id="attach">${t("Add a paper (PDF or photo)")}</span><input type="file" accept="application/pdf,image/png,image/jpeg" aria-labelledby="attach" ?disabled=${state.busy} @change=${(/** @type {Event} */ event) => void actions.attach(event)} /></div></div>`
    : nothing}
</section>`;

/** Keyed by the paper: what was written of one never stands under another. @param {Permit['attachments'][number]} paper @param {State} state @param {Actions} actions */
const removal = ({ id, name }, state, actions) => keyed(id, html`<details>
  <summary>${t("Take it out again")}<span class="unseen" translate="no"> ${name}</span></summary>
  <form class="rows" @submit=${(/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    void actions.dropPaper(id, String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get("reason")).trim());
  }}>
    <div><label for="out-${id}">${t("Why it is taken out")}</label><input type="text" id="out-${id}" name="reason" required pattern=".*\\S.*" maxlength="2000" autocomplete="off" aria-describedby="out-${id}-hint" /><p class="hint" id="out-${id}-hint">${t("Stays in the register with your name.")}</p></div>
    <div><button type="submit" ?disabled=${state.busy}>${t("Take the paper out")}</button></div>
  </form>
</details>`);

/** @param {Permit} permit @param {State} state */
function findings(permit, state) {
  const names = new Map(state.history.map((event) => [event.by, event.by_name]));
  const made = permit.findings;
  if (!made.length && permit.state !== "submitted") return nothing;
  return html`<section class="sheet" aria-labelledby="findings">
    <h2 id="findings">${t("Findings")}</h2>
    ${permit.findings_needed.length ? nothing : html`<p>${t("The rules ask for no finding on this document.")}</p>`}
    <ul class="plainlist">
      ${made.map(
        (each) => html`<li>
          <b>${findingWord(each.kind)}</b>: ${resultWord(each.result)}${each.current ? nothing : html` (${t("on an earlier version")})`}
          ${each.note ? html`<br /><span translate="no">${each.note}</span>` : nothing}
          <br /><small>${names.get(each.by) ?? ""} · ${when(each.at, state)}</small>
        </li>`,
      )}
      ${permit.state === "submitted" ? missingFindings(permit).map((kind) => html`<li><b>${findingWord(kind)}</b>: ${t("still missing")}</li>`) : nothing}
    </ul>
  </section>`;
}

/** @param {Permit} permit @param {State} state @param {Actions} actions */
const uses = (permit, state, actions) =>
  permit.uses?.length
    ? html`<section class="sheet" aria-labelledby="uses">
        <h2 id="uses">${t("At the border")}</h2>
        <ul class="plainlist">
          ${permit.uses.map((use) => html`<li><b>${kindWord(use.kind)}</b> · ${day(use.day)} · ${use.post_name ?? use.post}: ${moved(use.lines)} <bdi class="mono">${use.transport_document}</bdi> ${remark(use)}${use.officer ? html`<br /><small>${byWhom(use)}</small>` : nothing}${use.event_id ? html`<div class="rows">${stampedView(state, use.event_id, actions)} ${use.withdrawn || !state.me?.roles.includes("approver") ? nothing : takeBackForm(use.event_id, state.busy, actions.takeBackUse)}</div>` : nothing}</li>`)}
        </ul>
      </section>`
    : nothing;

/** Who endorsed; of what the duty desk entered, the officer at the post too. @param {import('../shared/show.js').UseShown} use */
export const byWhom = ({ officer, on_behalf_of: other }) =>
  other ? html`<span translate="no">${other}</span>, ${t("entered by {name}", { name: officer ?? "" })}` : html`<span translate="no">${officer}</span>`;
