// The duty desk: a post that has no network telephones, or brings in later what it stamped by hand; a second person confirms.

import { amount, kindWord, registerSide, signedFields } from "../shared/permit-view.js";
import { day, held, moment, named, t } from "../shared/i18n.js";
import { spelled } from "../shared/quantity.js";
import { takeBackForm } from "../shared/take-back.js";
import { codeList, verdictCard } from "../shared/verdict-view.js";
import { html, nothing } from "../shared/view.js";
import { addStampedView, stampedView } from "./block14.js";
import { waitingOf } from "./duty-actions.js";
import { faultWord } from "./faults.js";
import { lookForm } from "./look.js";
import { byWhom } from "./permit.js";

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
  return html`${verdictCard(verdict, nothing)} ${codeList(verdict)} ${permit ? html`${signedFields(permit)} ${register ? registerSide(permit, register) : nothing} ${waiting(state, register?.uses ?? [], actions)} ${state.receipt ? block14(state.receipt, permit) : endorseForm(state, verdict, permit, actions)} ${standing(state, register?.uses ?? [], actions)}` : nothing}`;
}

/** Paper endorsements that wait for a second person. @param {State} state @param {import('../shared/show.js').UseShown[]} uses @param {Actions} actions */
function waiting(state, uses, actions) {
  const open = waitingOf(uses);
  if (!open.length) return nothing;
  return html`<section class="sheet rows" aria-labelledby="waiting">
    <h2 id="waiting">${t("Waits for a second person")}</h2>
    <p>${t("Compare with the photograph or the paper itself. Whoever entered it may not confirm it.")}</p>
    ${open.map((use) => html`<div>
      <p>${day(use.day)} · ${named("posts", use.post)} · ${papers(use)} · ${byWhom(use)}</p>
      ${use.brought_by && use.received_at ? html`<p class="soft">${t("In the name of {name}; brought by {by}, {when}", { name: use.officer ?? "", by: use.brought_by, when: moment(Date.parse(use.received_at) / 1000, state.stage.zone) })}</p>` : nothing}
      ${stampedView(state, use.event_id, actions)} ${addStampedView(state, use.event_id, actions)}
      <button type="button" ?disabled=${state.busy} @click=${() => void actions.confirm(use.event_id)}>${t("Confirm this endorsement")}</button>
    </div>`)}
  </section>`;
}

/** Under what the goods went. @param {import('../shared/show.js').UseShown} use */
const papers = (use) => html`<bdi class="mono">${use.transport_document}</bdi>${use.customs_document ? html` · ${t("Customs document:")} <bdi class="mono">${use.customs_document}</bdi>` : nothing}`;

/** Those that may be taken back. @param {State} state @param {import('../shared/show.js').UseShown[]} uses @param {Actions} actions */
function standing(state, uses, actions) {
  const stand = uses.filter((use) => use.event_id && !use.withdrawn);
  if (!stand.length) return nothing;
  return html`<section class="sheet rows" aria-labelledby="standing">
    <h2 id="standing">${t("Endorsements that stand")}</h2>
    ${stand.map((use) => html`<div>
      <p><b>${kindWord(use.kind)}</b> · ${day(use.day)} · ${named("posts", use.post)} · ${papers(use)} · ${byWhom(use)}</p>
      ${takeBackForm(use.event_id ?? "", state.busy, actions.takeBackUse)}
    </div>`)}
  </section>`;
}

/** What the post writes by hand, read out to it. @param {import('./duty-actions.js').Receipt} receipt @param {import('../shared/show.js').PermitShown} permit */
const block14 = (receipt, permit) => html`<section class="sheet rows" aria-labelledby="block14">
  <h2 id="block14">${t("Read out to the post, for block 14")}</h2>
  <dl class="facts">
    ${receipt.lines.map(({ line, quantity }) => html`<div><dt>${t("Line {letter}", { letter: line })}</dt><dd><b>${quantity === "0" ? t("strike it out") : amount(quantity, permit.lines.find((each) => each.line === line)?.unit)}</b></dd></div>`)}
    <div><dt>${t("Place")}</dt><dd>${named("posts", receipt.post)}</dd></div>
    <div><dt>${t("Date")}</dt><dd>${day(receipt.day)}</dd></div>
    <div><dt>${t("Block 15")}</dt><dd class="mono">${receipt.transport_document}</dd></div>
  </dl>
  <p>${t("The officer at the post writes it by hand, signs and stamps it. Many countries refuse a permit without it.")}</p>
</section>`;

/** @param {State} state @param {import('../shared/show.js').Verdict} verdict @param {import('../shared/show.js').PermitShown} permit @param {Actions} actions */
const endorseForm = (state, { outcome }, permit, actions) => html`<form class="sheet rows" aria-labelledby="endorse" @submit=${(/** @type {SubmitEvent} */ event) => send(event, state, permit, actions)}>
  <h2 id="endorse">${t("Endorse for a post")}</h2>
  ${howOf(outcome).length === 1 ? html`<p>${t("Nothing is endorsed on it now. What was stamped by hand before is entered all the same.")}</p>` : nothing}
  <div class="pair">
    <div>
      <label for="how">${t("How")}</label>
      <select id="how" name="how">${howOf(outcome).map(([how, words]) => html`<option value=${how}>${words}</option>`)}</select>
    </div>
    <div>
      <label for="post">${t("Post")}</label>
      <select id="post" name="post" required><option value="">–</option>${Object.keys(held().codes.posts).filter((post) => post !== DUTY_POST).map((post) => html`<option value=${post}>${named("posts", post)}</option>`)}</select>
    </div>
    <div>
      <label for="direction">${t("Direction")}</label>
      <select id="direction" name="direction" required><option value="">–</option><option value="export">${t("The goods leave")}</option><option value="import">${t("The goods arrive")}</option><option value="transit">${t("The goods pass in transit")}</option><option value="return">${t("The goods come back")}</option></select>
    </div>
    <div><label for="officer">${t("Officer at the post")}</label><input type="text" id="officer" name="officer" required maxlength="100" autocomplete="off" /></div>
    <div><label for="transport">${t("Transport document")}</label><input type="text" id="transport" name="transport" required maxlength="100" autocomplete="off" /></div>
    <div><label for="customs">${t("Customs document, if there is one")}</label><input type="text" id="customs" name="customs" maxlength="100" autocomplete="off" aria-describedby="customs-wrong" />${wrong(state, "customs_document", "customs")}</div>
    <div class="late">
      <label for="at">${t("Day and hour of the stamp")}</label>
      <input type="datetime-local" id="at" name="at" aria-describedby="at-hint at-wrong" />
      <p class="hint" id="at-hint">${t("As the clock of this device has it. Empty: now.")}</p>
      ${wrong(state, "endorsed_at", "at")}
    </div>
  </div>
  ${permit.lines.map((line, index) => html`<div><label for="q-${line.line}">${line.line} <span class="taxon" translate="no">${line.scientific_name}</span>: ${t("real quantity")}</label><input type="text" inputmode="decimal" id="q-${line.line}" name="q-${line.line}" required autocomplete="off" aria-describedby="q-${line.line}-hint q-${line.line}-wrong" /><p class="hint" id="q-${line.line}-hint">${t("Permitted: {amount}", { amount: amount(line.quantity, line.unit) })}</p>${wrong(state, `lines[${index}].quantity`, `q-${line.line}`)}</div>`)}
  <div><button type="submit" class="main" ?disabled=${state.busy}>${t("Endorse")}</button></div>
</form>`;

/** What may be endorsed under this outcome. @param {string} outcome @returns {[string, string][]} */
const howOf = (outcome) => [
  ...(["hold", "not_valid"].includes(outcome) ? [] : [/** @type {[string, string]} */ (["live", t("By telephone, now")])]),
  ["paper", t("Stamped by hand earlier, entered now")],
];

/** @param {State} state @param {string} name of the request's field @param {string} id of the page's */
function wrong({ faults }, name, id) {
  const fault = faults.find((each) => each.field === name);
  const words = fault?.code === "window" ? t("a stamp of the last 30 days, and none that is still to come") : fault && faultWord(fault);
  return html`<p class="wrong" id="${id}-wrong">${words ?? ""}</p>`;
}

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
    lines: permit.lines.map((line) => ({ line: line.line, quantity: spelled(text(`q-${line.line}`)) })),
    transport_document: text("transport"),
    ...(text("customs") && { customs_document: text("customs") }),
    on_behalf_of: text("officer"),
    recorded: text("how"),
  });
}
