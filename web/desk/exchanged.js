// What went between Parties about a permit: its XML, what they say they found, who asked for it.

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
    ${exchanged.confirmations.length ? reports(exchanged.confirmations, state) : nothing}
    ${exchanged.calls.length ? calls(exchanged.calls, state) : html`<p>${t("No other Party has asked for it.")}</p>`}
  </section>`;
}

/** @param {Exchanged["confirmations"]} found @param {State} state */
const reports = (found, state) => html`
  <h3>${t("What they say they found")}</h3>
  <p class="hint">${t("This is what another Party reported. It does not count as an endorsement here.")}</p>
  <ul class="plainlist">
    ${found.map(
      (each) => html`<li>
        <b>${country(each.country)}</b>: ${moved(each.lines)}
        ${each.remarks.map((remark) => html`<br /><b class="remark">${remarkWord(remark)}</b>`)}
        ${each.remarks.length ? nothing : html`<br />${t("The same as endorsed here.")}`}
        <br /><small>${when(each.at, state)}</small>
      </li>`,
    )}
  </ul>
`;

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
