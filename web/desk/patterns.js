// Suspicious patterns: what was flagged and why, by month and post, and what somebody answered.

import { named, t } from "../shared/i18n.js";
import { icon } from "../shared/icons.js";
import { may } from "../shared/person.js";
import { html, nothing } from "../shared/view.js";
import { sent } from "./foreign.js";
import { when } from "./history.js";
import { spreadView } from "./spread.js";

/**
 * @typedef {import('./main.js').State} State @typedef {import('./actions.js').Actions} Actions
 * @typedef {import('./pattern-service.js').Pattern} Pattern @typedef {import('./pattern-service.js').Summary} Summary
 */

const RESULTS = ["explained", "confirmed", "followed_up"];

/** @param {string} result */
function resultWord(result) {
  if (result === "explained") return t("Explained: nothing wrong");
  return result === "confirmed" ? t("Confirmed: something was wrong") : t("Passed on to a case or an audit");
}

/** @param {string} severity */
const severityWord = (severity) => (severity === "high" ? t("serious") : severity === "medium" ? t("medium") : t("minor"));

/** @param {string} owner */
const ownerWord = (owner) => (owner === "auditor" ? t("auditor") : t("enforcement"));

/** @param {State} state @param {Actions} actions */
export function patternsView(state, actions) {
  const { items, cursor, summary, asked } = state.patterns;
  return html`
    <h1 tabindex="-1">${t("Suspicious patterns")}</h1>
    <p>${t("A flag is a reason to look, not an accusation: somebody looks into it and records what it was.")}</p>
    ${summary ? lookedView(state, summary) : html`<p role="status">${t("Loading …")}</p>`}
    <section class="sheet" aria-labelledby="flags">
      <h2 id="flags">${t("What was flagged")}</h2>
      ${filterView(state, actions)}
      ${
        items === null
          ? html`<p role="status">${t("Loading …")}</p>`
          : items.length
            ? html`<table class="queue">
                <thead><tr><th scope="col">${t("Pattern")}</th><th scope="col">${t("Why flagged")}</th><th scope="col">${t("Found")}</th><th scope="col">${t("Answer by")}</th></tr></thead>
                <tbody>${items.map((each) => row(state, each))}</tbody>
              </table>`
            : html`<p>${asked.state || asked.rule ? t("Nothing of this kind.") : t("There is nothing here.")}</p>`
      }
      ${cursor ? html`<p><button type="button" ?disabled=${state.busy} @click=${() => void actions.morePatterns()}>${t("Show older ones")}</button></p>` : nothing}
    </section>
    ${summary ? html`${spreadView(summary, state.stage.issuer, t("Flags"))} ${rulesView(summary)}` : nothing}
  `;
}

/** @param {State} state @param {Summary} summary */
const lookedView = (state, summary) => html`<p>
  ${summary.looked_at ? t("Last check: {when}. Permits read: {count}.", { when: when(summary.looked_at, state), count: summary.permits_read }) : t("Not checked yet: the first check runs within the hour.")}
  ${summary.looked_at && !summary.complete ? html`<b>${t("Not all could be read: older permits were left out.")}</b>` : nothing}
</p>`;

/** @param {State} state @param {Actions} actions */
const filterView = (state, actions) => html`<div class="pair">
  <div>
    <label for="of-state">${t("State")}</label>
    <select id="of-state" @change=${(/** @type {Event} */ event) => void actions.filterPatterns({ state: chosen(event) })}>
      ${[["open", t("not answered yet")], ["overdue", t("overdue")], ["answered", t("answered")], ["", t("all")]].map(([value, words]) => html`<option value=${value} ?selected=${value === state.patterns.asked.state}>${words}</option>`)}
    </select>
  </div>
  <div>
    <label for="of-rule">${t("Pattern")}</label>
    <select id="of-rule" @change=${(/** @type {Event} */ event) => void actions.filterPatterns({ rule: chosen(event) })}>
      <option value="">${t("all")}</option>
      ${(state.patterns.summary?.rules ?? []).map((each) => html`<option value=${each.rule} ?selected=${each.rule === state.patterns.asked.rule}>${each.name}</option>`)}
    </select>
  </div>
</div>`;

/** @param {Event} event */
const chosen = (event) => /** @type {HTMLSelectElement} */ (event.target).value;

/** @param {State} state @param {Pattern} each */
const row = (state, each) => html`<tr class="row">
  <th scope="row"><a href="#/patterns/${each.id}">${each.name}</a><br /><small>${severityWord(each.severity)}${each.insider ? html` · ${t("about people inside")}` : nothing}</small></th>
  <td>${each.why}</td>
  <td data-label=${t("Found")}>${when(each.found_at, state)}</td>
  <td data-label=${t("Answer by")}>${dueView(state, each)}</td>
</tr>`;

/** @param {State} state @param {Pattern} each */
function dueView(state, each) {
  if (each.state === "answered") return html`<span class="state">${t("answered")}</span>`;
  return html`${when(each.due_at, state)}${each.overdue ? html`<br /><b>${icon("hold")} ${t("overdue")}</b>` : each.acknowledged ? html`<br />${t("seen by {name}", { name: each.acknowledged.by_name })}` : nothing}${chargeView(state, each)}`;
}

/** Who was asked after the first, and until when. @param {State} state @param {Pattern} each */
function chargeView(state, each) {
  if (each.unheard) return html`<br /><b>${t("Nobody who was asked has answered.")}</b>`;
  return each.escalated ? html`<br />${t("Went on to: {who}, until {when}", { who: ownerWord(each.charge), when: when(each.moves_at ?? each.due_at, state) })}` : nothing;
}

/** @param {Summary} summary */
const rulesView = (summary) => html`<section class="sheet" aria-labelledby="rules">
  <h2 id="rules">${t("The rules, and what each found in a year")}</h2>
  <table class="queue">
    <thead><tr><th scope="col">${t("Pattern")}</th><th scope="col">${t("Answered by")}</th><th scope="col">${t("Hours to answer")}</th><th scope="col">${t("Found")}</th><th scope="col">${t("Not answered")}</th><th scope="col">${t("Overdue")}</th></tr></thead>
    <tbody>
      ${summary.rules.map(
        (each) => html`<tr>
          <th scope="row">${each.name}<br /><small>${severityWord(each.severity)}${each.resting ? html` · ${t("not in use: no breeding operation is registered")}` : nothing}</small></th>
          <td data-label=${t("Answered by")}>${ownerWord(each.owner)}</td><td data-label=${t("Hours to answer")}>${each.hours}</td><td data-label=${t("Found")}>${each.found}</td><td data-label=${t("Not answered")}>${each.open}</td><td data-label=${t("Overdue")}>${each.overdue}</td>
        </tr>`,
      )}
    </tbody>
  </table>
  <p><a href="#/operations">${t("Register of breeding operations")}</a></p>
</section>`;

/** @param {State} state @param {Actions} actions */
export function patternView(state, actions) {
  const each = state.patterns.one;
  if (!each) return html`<h1 tabindex="-1">${t("Suspicious pattern")}</h1><p role="status">${t("Loading …")}</p>`;
  return html`
    <h1 tabindex="-1">${each.name}</h1>
    <p><span class="state">${severityWord(each.severity)}</span> ${each.insider ? t("About people inside: the auditor alone sees it, and who is asked where no auditor answers.") : nothing}</p>
    <section class="sheet" aria-labelledby="why">
      <h2 id="why">${t("Why flagged")}</h2>
      <p>${each.why}</p>
      <dl class="facts">
        <div><dt>${t("Happened")}</dt><dd>${when(each.at, state)}</dd></div>
        <div><dt>${t("Found")}</dt><dd>${when(each.found_at, state)}</dd></div>
        <div><dt>${t("Answer by")}</dt><dd>${dueView(state, each)} · ${ownerWord(each.owner)}</dd></div>
        ${each.posts.length ? html`<div><dt>${t("Posts")}</dt><dd>${each.posts.map((post) => named("posts", post)).join(", ")}</dd></div>` : nothing}
        ${each.permits.length ? html`<div><dt>${t("Permits")}</dt><dd>${each.permits.map(({ id, number }) => html`${may(state.me, "see") && id ? html`<a class="mono" href="#/permit/${id}">${number}</a>` : html`<span class="mono">${number}</span>`} `)}</dd></div>` : nothing}
      </dl>
    </section>
    <section class="sheet rows" aria-labelledby="said">
      <h2 id="said">${t("What was said to it")}</h2>
      ${each.acknowledged ? html`<p>${t("Seen by {name}, {when}", { name: each.acknowledged.by_name, when: when(each.acknowledged.at, state) })}</p>` : nothing}
      ${each.answers.map((said) => html`<p><b>${resultWord(said.result)}</b><br /><span translate="no">${said.reason}</span><br /><small>${said.by_name} · ${when(said.at, state)}</small></p>`)}
      ${each.answers.length || each.acknowledged ? nothing : html`<p>${t("Nothing yet.")}</p>`}
      ${each.steps.includes("acknowledge") ? html`<div><button type="button" ?disabled=${state.busy} @click=${() => void actions.sawPattern()}>${t("I look into it")}</button></div>` : nothing}
      ${each.steps.includes("answer") ? answerForm(state, actions) : nothing}
    </section>
    <p><a href="#/patterns">${t("All patterns")}</a></p>
  `;
}

/** @param {State} state @param {Actions} actions */
const answerForm = (state, actions) => html`<form class="rows" aria-labelledby="answer" @submit=${sent(actions.answerPattern)}>
  <h3 id="answer">${t("Your answer")}</h3>
  <div><label for="result">${t("What it was")}</label><select id="result" name="result" required>${RESULTS.map((each) => html`<option value=${each}>${resultWord(each)}</option>`)}</select></div>
  <div><label for="reason">${t("Reason, in words that somebody can check")}</label><textarea id="reason" name="reason" rows="3" required maxlength="2000"></textarea></div>
  <div><button type="submit" class="main" ?disabled=${state.busy}>${t("Answer")}</button></div>
</form>`;
