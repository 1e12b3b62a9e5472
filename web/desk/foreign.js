// Permits of other countries that bear no code of ours: the list, one paper, and asking its issuer.

import { OTHER_IMPORTER, answerWord, remarkWord } from "../shared/foreign.js";
import { country, day, named, t } from "../shared/i18n.js";
import { icon } from "../shared/icons.js";
import { importPermitView, importersView } from "../shared/import-permit.js";
import { chosenLines } from "../shared/permit-lines.js";
import { moved, spelled } from "../shared/quantity.js";
import { html, nothing } from "../shared/view.js";
import { arrivedView } from "./arrived.js";
import { correctionsView } from "./correction.js";
import { faultWord } from "./faults.js";
import { formView } from "./form-view.js";
import { when } from "./history.js";
import { photographsView } from "./photographs.js";

/**
 * @typedef {import('./main.js').State} State @typedef {import('./enforcement.js').EnforcementActions} Actions
 * @typedef {import('./enforcement-service.js').Paper} Paper @typedef {import('./enforcement-service.js').PaperEntry} PaperEntry
 * @typedef {{line: string, scientific_name: string}} Line
 */

const ANSWERS = ["confirmed", "denied", "differs", "no_answer"];

/** @param {State} state @param {Actions} actions */
export const foreignListView = (state, actions) => html`
  <h1 tabindex="-1">${t("Permits of other countries")}</h1>
  <p>${t("Papers without a code that can be checked here, as officers wrote them down at the posts. Nothing of them is verified.")}</p>
  <section class="sheet">
    ${
      state.enforcement.papers === null
        ? html`<p role="status">${t("Loading …")}</p>`
        : state.enforcement.papers.items.length
          ? html`<table class="queue">
              <thead><tr><th scope="col">${t("Number")}</th><th scope="col">${t("Post")}</th><th scope="col">${t("Species")}</th><th scope="col">${t("State")}</th></tr></thead>
              <tbody>${state.enforcement.papers.items.map((each) => row(state, each))}</tbody>
            </table>`
          : html`<p>${t("There is nothing here.")}</p>`
    }
    ${state.enforcement.papers?.cursor ? html`<p><button type="button" ?disabled=${state.busy} @click=${() => void actions.morePapers()}>${t("Show older ones")}</button></p>` : nothing}
  </section>
`;

/** @param {State} state @param {PaperEntry} each */
const row = (state, each) => html`<tr class="row">
  <th scope="row"><a href="#/foreign/${each.id}"><span class="mono">${each.number}</span></a><br />${country(each.issuer)}</th>
  <td>${named("posts", each.post)}<br /><small>${when(each.at, state)}</small></td>
  <td class="taxon" translate="no">${[...new Set(each.scientific_names)].join(", ")}</td>
  <td>
    <span class="state">${each.state === "endorsed" ? t("endorsed, kept here") : t("written down")}</span>
    ${each.flagged ? html`<br /><b>${icon("hold")} ${remarkWord(each.remarks[0])}</b>` : each.remarks.length ? html`<br />${t("Remarks: {count}", { count: each.remarks.length })}` : nothing}
    ${each.answer ? html`<br />${answerWord(each.answer)}` : each.asked ? html`<br />${t("an enquiry to its issuer is written")}` : nothing}
  </td>
</tr>`;

/** @param {State} state @param {Actions} actions */
export function foreignView(state, actions) {
  const { paper } = state.enforcement;
  if (!paper) return html`<h1 tabindex="-1">${t("Permit of another country")}</h1>`;
  return html`
    <h1 tabindex="-1"><span class="mono">${paper.number}</span> · ${country(paper.issuer)}</h1>
    <p>${named("posts", paper.post)}, ${when(paper.at, state)}, <span translate="no">${paper.officer}</span></p>
    ${
      paper.remarks.length
        ? html`<section class="sheet" aria-labelledby="odd"><h2 id="odd">${t("What is odd about it")}</h2><ul>${paper.remarks.map((each) => html`<li>${remarkWord(each)}</li>`)}</ul>
            ${paper.remarks.includes(OTHER_IMPORTER) ? importersView(/** @type {import('../shared/import-permit.js').ForeignDocument} */ (paper.permit), paper.import_permit_importer) : nothing}
            ${paper.used.map((each) => {
              const words = `${named("posts", each.post)}, ${when(each.at, state)}`;
              return html`<p>${each.paper ? html`<a href="#/foreign/${each.id}">${words}</a>` : t("By its code: {where}", { where: words })}</p>`;
            })}</section>`
        : nothing
    }
    <div class="beside">
      <div>${formView({ ...paper.permit, form: "paper" }, paper.number)} ${paper.steps.includes("correct") ? html`<p><a href="#/foreign/${paper.id}/correct">${t("Correct what was typed")}</a></p>` : nothing} ${correctionsView(state, paper, state.enforcement.history)} ${uses(state, paper, actions)}</div>
      <div>${photos(state, paper, actions)} ${enquiry(state, paper, actions)} ${arrivedView(state, state.enforcement.arrived, () => void actions.tellIssuer())}</div>
    </div>
  `;
}

/** @param {State} state @param {Paper} paper @param {Actions} actions */
const uses = (state, paper, actions) => html`<section class="sheet rows" aria-labelledby="use">
  <h2 id="use">${t("At the post")}</h2>
  <dl class="facts">
    <div><dt>${t("Issued on")}</dt><dd>${paper.issued_on ? day(paper.issued_on) : "–"}</dd></div>
    <div><dt>${t("Stamp, signature, seal")}</dt><dd>${paper.sealed ? t("there") : t("missing")}</dd></div>
    ${paper.note ? html`<div><dt>${t("What the officer saw")}</dt><dd translate="no">${paper.note}</dd></div>` : nothing}
    ${
      paper.endorsed
        ? html`<div><dt>${t("Endorsed")}</dt><dd>${when(paper.endorsed.at, state)}, <span translate="no">${paper.endorsed.officer}</span>: ${moved(paper.endorsed.lines)}; <span translate="no">${paper.endorsed.transport_document}</span></dd></div>
            ${paper.endorsed.brought_by ? html`<div><dt>${t("Sent by another")}</dt><dd>${t("In the name of {name}; brought by {by}, {when}", { name: paper.endorsed.officer, by: paper.endorsed.brought_by, when: when(paper.endorsed.received_at, state) })}</dd></div>` : nothing}
            ${paper.endorsed.result === "pending" ? html`<div><dt>${t("State")}</dt><dd>${t("Waits for a second person")}</dd></div>` : nothing}
            ${paper.endorsed.confirmed_by ? html`<div><dt>${t("Confirmed")}</dt><dd translate="no">${paper.endorsed.confirmed_by}</dd></div>` : nothing}
            ${paper.import_permit_use ? html`<div><dt>${t("Import permit used with it")}</dt><dd><span class="mono">${paper.import_permit_use.number}</span>: ${moved(paper.import_permit_use.lines)}</dd></div>` : nothing}
            <div><dt>${t("Cancelled and retained")}</dt><dd>${paper.endorsed.retained ? t("yes") : t("no")}</dd></div>
            ${paper.endorsed.withdrawn ? html`<div><dt>${t("Taken back")}</dt><dd>${when(paper.endorsed.withdrawn.at, state)}, <span translate="no">${paper.endorsed.withdrawn.by_name}: ${paper.endorsed.withdrawn.reason}</span></dd></div>` : nothing}`
        : nothing
    }
  </dl>
  ${paper.steps.includes("endorse") ? stampForm(state, paper, actions) : nothing}
  ${
    paper.steps.includes("confirm")
      ? html`<p>${t("Compare with the photograph or the paper itself. Whoever entered it may not confirm it.")}</p>
          <div><button type="button" class="main" ?disabled=${state.busy} @click=${() => void actions.confirmPaper()}>${t("Confirm this endorsement")}</button></div>`
      : nothing
  }
  ${
    paper.steps.includes("withdraw")
      ? html`<form class="rows" @submit=${sent((entered) => actions.takeBack(entered.reason))}>
          <div><label for="reason">${t("An error of entry? Say why it is taken back")}</label><input type="text" id="reason" name="reason" required maxlength="2000" autocomplete="off" /></div>
          <div><button type="submit" ?disabled=${state.busy}>${t("Take the endorsement back")}</button></div>
        </form>`
      : nothing
  }
</section>`;

/** A stamp that was made by hand at the post. @param {State} state @param {Paper} paper @param {Actions} actions */
const stampForm = (state, paper, actions) => html`<form class="rows" aria-labelledby="stamped" @submit=${sent((entered) => actions.usePaper(stampOf(paper, state.enforcement.importPermit, entered)))}>
  <h3 id="stamped">${t("Stamped by hand earlier, entered now")}</h3>
  <div>
    <label for="stamped_at">${t("Day and hour of the stamp")}</label>
    <input type="datetime-local" id="stamped_at" name="stamped_at" required aria-describedby="stamped_at-hint stamped_at-wrong" />
    <p class="hint" id="stamped_at-hint">${t("As the clock of this device has it.")}</p>
    ${wrong(state, "stamped_at")}
  </div>
  <div><label for="transport">${t("Transport document")}</label><input type="text" id="transport" name="transport" required maxlength="70" autocomplete="off" /></div>
  ${/** @type {Line[]} */ (paper.permit.lines).map((line, index) => html`<div><label for="q-${line.line}">${line.line} <span class="taxon" translate="no">${line.scientific_name}</span>: ${t("real quantity")}</label><input type="text" inputmode="decimal" id="q-${line.line}" name="q-${line.line}" required autocomplete="off" aria-describedby="lines[${index}].quantity-wrong" />${wrong(state, `lines[${index}].quantity`)}</div>`)}
  ${state.enforcement.importPermit && paper.direction === "import" ? importPermitView(state.enforcement.importPermit, /** @type {import('../shared/import-permit.js').ForeignDocument} */ (paper.permit), {}, state.stage.zone) : nothing}
  ${paper.direction === "import" ? html`<div><label><input type="checkbox" name="retained" aria-describedby="retained-wrong" /> ${t("Cancelled and retained")}</label>${wrong(state, "retained")}</div>` : nothing}
  <div><button type="submit" class="main" ?disabled=${state.busy}>${t("Enter the stamp")}</button></div>
</form>`;

/** @param {Paper} paper @param {import('../shared/permit-lines.js').ImportPermit | null} permit @param {Record<string, string>} entered */
function stampOf(paper, permit, entered) {
  const choice = Object.fromEntries((permit?.lines ?? []).map(({ line }) => [line, entered[`import-permit-${line}`] ?? ""]));
  const chosen = chosenLines(permit, choice);
  return { ...stamped(paper, entered), ...(chosen && { import_permit_lines: chosen }) };
}

/** @param {Paper} paper @param {Record<string, string>} entered */
const stamped = (paper, entered) => ({
  lines: /** @type {Line[]} */ (paper.permit.lines).map((line) => ({ line: line.line, quantity: spelled(entered[`q-${line.line}`]) })),
  transport_document: entered.transport.trim(),
  retained: "retained" in entered,
  stamped_at: new Date(entered.stamped_at).toISOString().replace(/\.\d+/, ""),
});

/** @param {State} state @param {Paper} paper @param {Actions} actions */
const photos = (state, paper, actions) => html`<section class="sheet rows" aria-labelledby="photos">
  <h2 id="photos">${t("Photographs")}</h2>
  ${photographsView(state, "foreign-permits", paper.photos, actions)}
</section>`;

/** @param {State} state @param {Paper} paper @param {Actions} actions */
const enquiry = (state, paper, actions) => html`<section class="sheet rows" aria-labelledby="enquiry">
  <h2 id="enquiry">${t("Its issuer")}</h2>
  ${paper.answers.map((each) => html`<p><b>${answerWord(each.result)}</b>${each.received_on ? html`, ${day(each.received_on)}` : nothing}<br /><span translate="no">${each.text}</span><br /><small>${each.by_name} · ${when(each.at, state)}</small></p>`)}
  ${paper.enquiries.map(
    (each, index) => html`<details ?open=${index === paper.enquiries.length - 1 && !paper.answers.length}>
      <summary>${each.channel === "letter" ? t("Letter of {when} by {name}", { when: when(each.at, state), name: each.by_name }) : t("Asked electronically {when} by {name}", { when: when(each.at, state), name: each.by_name })}</summary>
      ${each.channel === "letter" ? html`<p><b>${t("Tamga does not send it, and does not know whether it was sent.")}</b> ${t("The address of the Management Authority stands on the website of CITES, under the contacts of its country.")} ${paper.photos.length ? t("Send the photographs of the paper with it.") : nothing}</p>` : nothing}
      <label for="letter-${index}">${t("English, ready to send; read it first")}</label>
      <textarea id="letter-${index}" lang="en" rows="18" readonly .value=${each.letter}></textarea>
      <div><button type="button" @click=${() => void actions.copy(each.letter)}>${t("Copy")}</button></div>
    </details>`,
  )}
  ${paper.steps.includes("ask") ? html`<div><button type="button" id="ask" class=${paper.enquiries.length ? "" : "main"} ?disabled=${state.busy} @click=${() => void actions.askIssuer()}>${t("Ask the issuing country")}</button></div>` : nothing}
  ${paper.steps.includes("answer") ? answerForm(state, actions) : nothing}
</section>`;

/** @param {State} state @param {Actions} actions */
const answerForm = (state, actions) => html`<form class="rows" aria-labelledby="answer" @submit=${sent(actions.answerOf)}>
  <h3 id="answer">${t("Their answer")}</h3>
  <div><label for="result">${t("What they say")}</label><select id="result" name="result" required>${ANSWERS.map((each) => html`<option value=${each}>${answerWord(each)}</option>`)}</select></div>
  <div>
    <label for="received_on">${t("Day it came")}</label>
    <input type="date" id="received_on" name="received_on" required aria-describedby="received_on-wrong" />
    ${wrong(state, "received_on")}
  </div>
  <div><label for="text">${t("Their words")}</label><textarea id="text" name="text" rows="4" required maxlength="2000"></textarea></div>
  <div><button type="submit" class="main" ?disabled=${state.busy}>${t("Keep the answer")}</button></div>
</form>`;

/** @param {State} state @param {string} name */
const wrong = (state, name) => {
  const fault = state.faults.find((each) => each.field === name);
  return html`<p class="wrong" id="${name}-wrong">${fault ? faultWord(fault) : ""}</p>`;
};

/** @param {(entered: Record<string, string>) => Promise<boolean>} send empties the form once it is done */
export const sent = (send) => async (/** @type {SubmitEvent} */ event) => {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (event.target);
  const entered = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));
  if (await send(entered)) form.reset();
};
