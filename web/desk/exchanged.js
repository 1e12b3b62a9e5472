// What went between Parties about a permit: its XML, what they say they found, who asked for it.

import { keyed } from "../node_modules/lit-html/directives/keyed.js";
import { country, t } from "../shared/i18n.js";
import { moved } from "../shared/quantity.js";
import { html, nothing } from "../shared/view.js";
import { operationWord, outcomeWord } from "./exchange-words.js";
import { when } from "./history.js";

/** @typedef {import('./main.js').State} State @typedef {import('./actions.js').Actions} Actions */
/** @typedef {import('./service.js').Exchanged} Exchanged */

/** Nothing before there is a number that anybody could ask for. @param {State} state @param {Actions} actions */
export function exchangedView(state, actions) {
  const { permit, exchanged } = state;
  if (!permit?.number || !exchanged) return nothing;
  return html`<section class="sheet rows" aria-labelledby="exchanged">
    <h2 id="exchanged">${t("Exchange with other Parties")}</h2>
    ${permit.state === "issued" ? html`<div><button type="button" ?disabled=${state.busy} @click=${() => void actions.xml()}>${t("Download as CITES e-permit (XML)")}</button></div>` : nothing}
    ${exchanged.confirmations.length ? reports(exchanged.confirmations, state, actions) : nothing}
    ${exchanged.calls.length ? calls(exchanged.calls, state) : html`<p>${t("No other Party has asked for it.")}</p>`}
  </section>`;
}

/** @param {Exchanged["confirmations"]} found @param {State} state @param {Actions} actions */
const reports = (found, state, actions) => html`
  <h3>${t("What they say they found")}</h3>
  <p class="hint">${t("This is what another Party reported. It does not count as an endorsement here.")}</p>
  <ul class="plainlist">
    ${found.map(
      (each) => html`<li>
        <b>${country(each.country)}</b>: ${moved(each.lines)}
        ${each.remarks.map((remark) => html`<br /><b class="remark">${remarkWord(remark)}</b>`)}
        ${each.remarks.length ? nothing : html`<br />${t("The same as endorsed here.")}`}
        <br /><small>${when(each.at, state)}</small>
        ${each.set_aside ? html`<p>${setAsideWord(each.set_aside)}<br /><b>${t("Reason:")}</b> <span translate="no">${each.set_aside.reason}</span></p>` : nothing}
        ${found.filter((other) => other.country === each.country).at(-1) === each ? setAsideForm(each, state, actions) : nothing}
      </li>`,
    )}
  </ul>
`;

/** @param {NonNullable<Exchanged["confirmations"][0]["set_aside"]>} aside */
const setAsideWord = ({ by_name: name, confirmed_by_name: other }) =>
  other ? t("Set aside by {name} and {other}.", { name, other }) : t("{name} proposes to set it aside. It counts until another person confirms.", { name });

/**
 * What this person can do about the reports of this Party. Keyed by the proposal: once it is sent, the form is empty and shut.
 * @param {Exchanged["confirmations"][0]} newest @param {State} state @param {Actions} actions
 */
const setAsideForm = ({ country: of, steps, set_aside: aside }, state, actions) => keyed(aside?.at, html`<div class="rows">
  ${steps.includes("set_aside") ? html`<div><button type="button" ?disabled=${state.busy} @click=${() => void actions.setAside(of)}>${t("Confirm: the reports no longer count")}</button></div>` : nothing}
  ${
    steps.includes("propose_set_aside")
      ? html`<details>
          <summary>${aside ? t("Propose it again, with another reason") : t("Set the reports of this Party aside")}</summary>
          <form class="rows" @submit=${(/** @type {SubmitEvent} */ event) => propose(event, of, actions)}>
            <div>
              <label for="aside-${of}">${t("Reason")}</label>
              <textarea id="aside-${of}" name="reason" rows="2" maxlength="2000" required aria-describedby="aside-hint-${of}"></textarea>
              <p class="hint" id="aside-hint-${of}">${t("Stays in the register with your name. An approver other than you confirms it.")}</p>
            </div>
            <div><button type="submit" ?disabled=${state.busy}>${t("Propose to set them aside")}</button></div>
          </form>
        </details>`
      : nothing
  }
</div>`);

/** @param {SubmitEvent} event @param {string} of @param {Actions} actions */
function propose(event, of, actions) {
  event.preventDefault();
  const form = new FormData(/** @type {HTMLFormElement} */ (event.target));
  void actions.setAside(of, String(form.get("reason") ?? "").trim());
}

/** @param {Exchanged["calls"]} found @param {State} state */
const calls = (found, state) => html`
  <h3>${t("Who asked")}</h3>
  <ul class="plainlist">
    ${found.map(
      (each) => html`<li>
        <b>${country(each.country)}</b> ${operationWord(each.operation)}: ${outcomeWord(each)}
        <br /><small>${when(each.at, state)}</small>
      </li>`,
    )}
  </ul>
`;

/** @param {{code: string, line: string, theirs: string, ours: string}} remark */
function remarkWord({ code, line, theirs, ours }) {
  if (code === "not_left") return t("No export endorsement is known here.");
  if (code === "differs") return t("Line {line}: they reported {ours} before, now {theirs}.", { line, ours, theirs });
  return t("Line {line}: they found {theirs}, here it is {ours}.", { line, ours, theirs });
}
