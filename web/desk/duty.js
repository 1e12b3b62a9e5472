// The duty desk: a post that has no network telephones, or brings in later what it stamped by hand; a second person confirms.

import { amount, registerSide, signedFields } from "../shared/permit-view.js";
import { held, named, t } from "../shared/i18n.js";
import { codeList, verdictCard } from "../shared/verdict-view.js";
import { html, nothing } from "../shared/view.js";
import { lookForm } from "./look.js";

/** @typedef {import('./main.js').State} State @typedef {import('./actions.js').Actions} Actions */

const DUTY_POST = "ministry";

/** @param {State} state @param {Actions} actions */
export const dutyView = (state, actions) => html`
  <h1 tabindex="-1">${t("Duty desk")}</h1>
  <p>${t("Ask the caller for the number and the check code, have the goods and the block 9 marks read out, then endorse for the post.")}</p>
  ${lookForm(state, actions)} ${state.verdict ? found(state, state.verdict, actions) : nothing}
`;

/** @param {State} state @param {import('../shared/show.js').Verdict} verdict @param {Actions} actions */
function found(state, verdict, actions) {
  const { permit, register } = verdict;
  return html`${verdictCard(verdict, nothing)} ${codeList(verdict)} ${permit ? html`${signedFields(permit)} ${register ? registerSide(permit, register) : nothing} ${waiting(state, register?.uses ?? [], actions)} ${endorseForm(state, permit, actions)}` : nothing}`;
}

/** Paper endorsements that wait for a second person. @param {State} state @param {import('../shared/show.js').UseShown[]} uses @param {Actions} actions */
function waiting(state, uses, actions) {
  const open = /** @type {(import('../shared/show.js').UseShown & {event_id: string})[]} */ (uses.filter((use) => use.result === "pending" && !use.withdrawn && "event_id" in use));
  if (!open.length) return nothing;
  return html`<section class="sheet rows" aria-labelledby="waiting">
    <h2 id="waiting">${t("Waits for a second person")}</h2>
    <p>${t("Compare with the photograph or the paper itself. Whoever entered it may not confirm it.")}</p>
    ${open.map((use) => html`<div>
      <p>${use.day} · ${named("posts", use.post)} · <span class="mono">${use.transport_document}</span> · ${use.officer}</p>
      <button type="button" ?disabled=${state.busy} @click=${() => void actions.confirm(use.event_id)}>${t("Confirm this endorsement")}</button>
    </div>`)}
  </section>`;
}

/** @param {State} state @param {import('../shared/show.js').PermitShown} permit @param {Actions} actions */
const endorseForm = (state, permit, actions) => html`<form class="sheet rows" aria-labelledby="endorse" @submit=${(/** @type {SubmitEvent} */ event) => send(event, state, permit, actions)}>
  <h2 id="endorse">${t("Endorse for a post")}</h2>
  <div class="pair">
    <div>
      <label for="how">${t("How")}</label>
      <select id="how" name="how"><option value="live">${t("By telephone, now")}</option><option value="paper">${t("Stamped by hand earlier, entered now")}</option></select>
    </div>
    <div>
      <label for="post">${t("Post")}</label>
      <select id="post" name="post" required>${Object.keys(held().codes.posts).filter((post) => post !== DUTY_POST).map((post) => html`<option value=${post}>${named("posts", post)}</option>`)}</select>
    </div>
    <div>
      <label for="direction">${t("Direction")}</label>
      <select id="direction" name="direction"><option value="export">${t("The goods leave")}</option><option value="import">${t("The goods arrive")}</option><option value="transit">${t("The goods pass in transit")}</option></select>
    </div>
    <div><label for="officer">${t("Officer at the post")}</label><input type="text" id="officer" name="officer" required maxlength="100" autocomplete="off" /></div>
    <div><label for="transport">${t("Transport document")}</label><input type="text" id="transport" name="transport" required maxlength="100" autocomplete="off" /></div>
    <div>
      <label for="at">${t("Day and hour of the stamp (for paper)")}</label>
      <input type="datetime-local" id="at" name="at" aria-describedby="at-hint" />
      <p class="hint" id="at-hint">${t("As the clock of this device has it. Empty: now.")}</p>
    </div>
  </div>
  ${permit.lines.map((line) => html`<div><label for="q-${line.line}">${line.line} <span class="taxon" translate="no">${line.scientific_name}</span>: ${t("real quantity")}</label><input type="text" inputmode="decimal" id="q-${line.line}" name="q-${line.line}" required autocomplete="off" aria-describedby="q-${line.line}-hint" /><p class="hint" id="q-${line.line}-hint">${t("Permitted: {amount}", { amount: amount(line.quantity, line.unit) })}</p></div>`)}
  <div><button type="submit" class="main" ?disabled=${state.busy}>${t("Endorse")}</button></div>
</form>`;

/** @param {SubmitEvent} event @param {State} state @param {import('../shared/show.js').PermitShown} permit @param {Actions} actions */
function send(event, state, permit, actions) {
  event.preventDefault();
  const form = new FormData(/** @type {HTMLFormElement} */ (event.target));
  const text = (/** @type {string} */ name) => String(form.get(name) ?? "").trim();
  const at = text("how") === "paper" && text("at") ? new Date(text("at")) : new Date();
  void actions.endorse({
    ...state.asked,
    post: text("post"),
    direction: text("direction"),
    endorsed_at: at.toISOString().replace(/\.\d+/, ""),
    lines: permit.lines.map((line) => ({ line: line.line, quantity: text(`q-${line.line}`).replace(",", ".") })),
    transport_document: text("transport"),
    on_behalf_of: text("officer"),
    recorded: text("how"),
  });
}
