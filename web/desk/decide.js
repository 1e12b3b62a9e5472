// What this person may do with this permit: a button a step, and behind it the form that the step asks for.

import { t } from "../shared/i18n.js";
import { may } from "../shared/person.js";
import { html, nothing } from "../shared/view.js";
import { keepNote } from "./kept.js";
import { SCIENTIFIC, findingWord, resultWord } from "./words.js";

/** @typedef {import('./main.js').State} State @typedef {import('./actions.js').Actions} Actions @typedef {import('./service.js').Permit} Permit */

/** Steps that have a place of their own: the form, the papers, the preview. */
const ELSEWHERE = ["edit", "attach", "detach", "preview", "override"];

/** @param {State} state @param {Permit} permit @param {Actions} actions */
export function decideView(state, permit, actions) {
  const against = permit.steps.includes("approve") ? standsAgainst(state, permit) : [];
  const hidden = [...ELSEWHERE, ...(against.length ? ["approve"] : []), ...(findable(state, permit).length ? [] : ["find"])];
  const steps = permit.steps.filter((step) => !hidden.includes(step));
  const mine = permit.state === "submitted" && state.me?.roles.includes("approver") && !permit.steps.includes("approve");
  const printed = permit.check_code !== undefined;
  return html`<section class="sheet rows" aria-labelledby="decide">
    <h2 id="decide">${t("What you can do")}</h2>
    ${mine ? html`<p>${t("You took part in this application, so another person has to approve it.")}</p>` : nothing}
    ${against.map((words) => html`<p>${words}</p>`)}
    <div class="steps">
      ${permit.steps.includes("edit") ? html`<a class="button" href="#/prepare/${permit.id}">${t("Open the form")}</a>` : nothing}
      ${steps.map((step) => html`<button type="button" class=${step === "approve" || step === "issue" ? "main" : ""} aria-expanded=${state.step === step ? "true" : "false"} @click=${() => actions.open(step)}>${stepWord(step)}</button>`)}
      ${printed ? html`<button type="button" ?disabled=${state.busy} @click=${() => void actions.print(false)}>${t("Preview the print (PDF)")}</button>` : nothing}
      ${permit.state === "issued" && permit.form !== "electronic" && may(state.me, "original") ? html`<button type="button" ?disabled=${state.busy} @click=${() => void actions.print(true)}>${t("Print the original for stamp and ink")}</button>` : nothing}
    </div>
    ${!steps.length && !permit.steps.includes("edit") && !printed && !mine && !against.length ? html`<p>${t("Nothing, at the moment.")}</p>` : nothing}
    ${state.print ? html`<p><a class="button main" href=${state.print} target="_blank" rel="noopener">${t("Open the PDF")}</a></p>` : nothing}
    ${permit.check_code ? html`<p>${t("Check code:")} <b class="mono">${permit.check_code}</b></p>` : nothing}
    ${state.step && steps.includes(state.step) ? stepForm(state, permit, actions) : nothing}
  </section>`;
}

/** What an approval waits for, a sentence each; with none it may succeed. @param {State} state @param {Permit} permit */
function standsAgainst(state, permit) {
  const missing = missingFindings(permit);
  const negative = [...results(permit)].filter(([, result]) => result === "negative").map(([kind]) => kind);
  return [
    ...(missing.length && onlyLooked(permit) ? [t("The rules ask for no finding on this document. An exporter’s application is looked into all the same, before somebody approves it.")] : []),
    ...(missing.length ? [t("It cannot be approved yet. Still missing: {findings}", { findings: missing.map(findingWord).join(", ") })] : []),
    ...(negative.length ? [t("It cannot be approved as it stands. Negative: {findings}", { findings: negative.map(findingWord).join(", ") })] : []),
    ...(state.stops?.items.some((each) => !each.override) ? [t("It cannot be approved while it is stopped: see above.")] : []),
  ];
}

/** Whether the finding is asked for because an exporter applied: the table has it for export permits alone (permits/model/findings.py). @param {Permit} permit */
const onlyLooked = ({ findings_needed: [kind], document_type: document }) => kind === "legal_acquisition" && document !== "E";

/** Kind of finding -> the newest result on the present content. @param {Permit} permit */
const results = (permit) => new Map(permit.findings.filter((each) => each.current).map((each) => [each.kind, each.result]));

/** The findings that its approval waits for. @param {Permit} permit */
export function missingFindings(permit) {
  const made = results(permit);
  return permit.findings_needed.filter((kind) => !made.has(kind));
}

/** The kinds of finding that this person's role makes, what is missing first. @param {State} state @param {Permit} permit */
function findable(state, permit) {
  const mine = permit.findings_needed.filter((kind) => state.me?.roles.includes(SCIENTIFIC.includes(kind) ? "scientist" : "preparer"));
  const made = results(permit);
  return [...mine.filter((kind) => !made.has(kind)), ...mine.filter((kind) => made.has(kind))];
}

/** @param {string} kind @param {Permit} permit */
const kindToFind = (kind, permit) =>
  results(permit).has(kind) ? t("{finding}: there is one, and a new one takes its place", { finding: findingWord(kind) }) : findingWord(kind);

/** @param {State} state @param {Permit} permit @param {Actions} actions */
const stepForm = (state, permit, actions) => html`<form
  class="rows step"
  @input=${(/** @type {Event} */ event) => keepNote(permit.id, state.step, /** @type {HTMLFormElement} */ (event.currentTarget))}
  @submit=${(/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    void actions.take(permit, state.step, said(state.step, permit, new FormData(/** @type {HTMLFormElement} */ (event.target))));
  }}
>
  <h3 tabindex="-1">${stepWord(state.step)}</h3>
  ${fields(state, permit)}
  <div class="steps">
    <button type="submit" class="main" ?disabled=${state.busy}>${stepWord(state.step)}</button>
    <button type="button" @click=${() => actions.open("")}>${t("Cancel")}</button>
  </div>
</form>`;

/** @param {State} state @param {Permit} permit */
function fields(state, permit) {
  switch (state.step) {
    case "submit":
      return html`<p>${t("From now on it cannot be edited unless it is returned. Findings and approval apply to exactly this content.")}</p>`;
    case "approve":
      return html`<p>${t("You approve exactly the content that has this checksum. First read the form block by block, together with its papers.")}</p>
        <code class="digest" id="digest">${grouped(permit.digest ?? "")}</code>
        <label class="tick"><input type="checkbox" name="read" required aria-describedby="digest" /><span>${t("I have read every block and the papers, and I approve this content.")}</span></label>`;
    case "issue":
      return html`<p>${t("It gets its number, its signature and its check code now, and is valid at once.")}</p>`;
    case "find":
      return html`<div><label for="kind">${t("Finding")}</label><select id="kind" name="kind" required>${findable(state, permit).map((kind) => html`<option value=${kind}>${kindToFind(kind, permit)}</option>`)}</select></div>
        <div><label for="result">${t("Result")}</label><select id="result" name="result">${["positive", "conditional", "negative"].map((each) => html`<option value=${each}>${resultWord(each)}</option>`)}</select></div>
        ${words("note", t("Note"), t("Needed unless the result is positive: conditions, or why not."), false)}`;
    case "stamp":
      return html`<div>
        <label for="number">${t("Number of the stamp")}</label>
        <input type="text" id="number" name="number" required maxlength="40" autocomplete="off" spellcheck="false" aria-describedby="number-hint" />
        <p class="hint" id="number-hint">${t("As printed on the stamp in block 5b. The stamp leaves the stock.")}</p>
      </div>`;
    case "revoke":
      return html`${words("reason", t("Reason"), t("Stays in the register with your name. An exporter who applied reads these words, without the name."), true)}
        <label class="tick"><input type="checkbox" name="for_cause" /><span>${t("For cause (fraud, illegal trade): officers hold the goods, and do not only refuse the permit.")}</span></label>`;
    case "lost":
      return html`<div><label for="how">${t("How")}</label><select id="how" name="how"><option value="lost">${t("Lost")}</option><option value="stolen">${t("Stolen")}</option></select></div>
        ${words("reason", t("Reason"), t("Stays in the register with your name. An exporter who applied reads these words, without the name."), true)}`;
    case "withdraw":
      return words("reason", t("Reason"), t("Stays in the register with your name."), true);
    default:
      return words("reason", t("Reason"), t("Stays in the register with your name. An exporter who applied reads these words, without the name."), true);
  }
}

/** @param {string} name @param {string} label @param {string} hint @param {boolean} needed */
const words = (name, label, hint, needed) => html`<div>
  <label for=${name}>${label}</label>
  <textarea id=${name} name=${name} rows="3" maxlength="2000" ?required=${needed} aria-describedby="${name}-hint"></textarea>
  <p class="hint" id="${name}-hint">${hint}</p>
</div>`;

/** The body of the request. @param {string} step @param {Permit} permit @param {FormData} form */
function said(step, permit, form) {
  const text = (/** @type {string} */ name) => String(form.get(name) ?? "").trim();
  switch (step) {
    case "submit":
    case "issue":
      return {};
    case "approve":
      return { digest: permit.digest }; // the one that was shown: another one is refused
    case "find":
      return { digest: permit.digest, kind: text("kind"), result: text("result"), note: text("note") };
    case "revoke":
      return { reason: text("reason"), for_cause: form.has("for_cause") };
    case "lost":
      return { reason: text("reason"), how: text("how") };
    case "stamp":
      return { number: text("number") };
    default:
      return { reason: text("reason") };
  }
}

/** Eight at a time, to be read aloud. @param {string} digest */
export const grouped = (digest) => digest.replaceAll(/(.{8})(?=.)/g, "$1 ");

/** @param {string} step */
function stepWord(step) {
  const words = {
    submit: t("Submit"),
    withdraw: t("Withdraw it for good"),
    return: t("Return to the author"),
    refuse: t("Refuse"),
    find: t("Record a finding"),
    approve: t("Approve"),
    issue: t("Issue"),
    suspend: t("Suspend"),
    reinstate: t("Reinstate"),
    revoke: t("Revoke"),
    lost: t("Report lost or stolen"),
    replace: t("Replace"),
    stamp: t("Record the stamp put on by hand"),
    surrender: t("Record the return of the unused permit"),
  };
  return words[/** @type {keyof typeof words} */ (step)] ?? step;
}
