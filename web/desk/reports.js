// The reports: annual trade with what stands against it and its sums, permits issued against exports, illegal trade, and the
// lists that are read beside them.

import { counted } from "../shared/counted.js";
import { country, day, named, t } from "../shared/i18n.js";
import { html, nothing } from "../shared/view.js";
import { overridesView } from "./stops.js";
import { stateWord } from "./words.js";

/** @typedef {import('./main.js').State} State @typedef {import('./actions.js').Actions} Actions @typedef {import('./report-service.js').Reports} Reports
 * @typedef {import('./report-service.js').Annual} Annual @typedef {import('./report-service.js').Sum} Sum @typedef {import('./report-service.js').Reconciled} Reconciled */

const LISTS = ["issued", "suspended", "revoked", "replaced", "lost", "void"];
const OUTCOMES = ["endorsed", "paper", "eaeu", "returned", "ended", "pending", "open", "unknown"];
const FINDINGS_SHOWN = 200;

/** @param {State} state @param {Actions} actions */
export const reportsView = (state, actions) => html`
  <h1 tabindex="-1">${t("Reports")}</h1>
  ${state.reports ? annualView(state.reports, state, actions) : html`<p role="status">${t("Loading …")}</p>`}
  ${state.reports && (state.reports.annual || state.trouble) ? html`${permitsView(state.reports)} ${illegalView(state.reports, state, actions)} ${overridesView(state)} ${lists()}` : nothing}
`;

const lists = () => html`
  <section class="sheet" aria-labelledby="today">
    <h2 id="today">${t("Lists")}</h2>
    <ul class="plainlist">
      ${LISTS.map((each) => html`<li><a href="#/queue/${each}">${t("Permits: {state}", { state: stateWord(each) })}</a></li>`)}
      <li><a href="#/stamps">${t("Security stamps: what is left, who has which")}</a></li>
      <li><a href="#/deputies">${t("Deputies of approvers")}</a></li>
    </ul>
  </section>
`;

/** @param {Reports} shown @param {State} state @param {Actions} actions */
const annualView = ({ chosen, annual }, state, actions) => html`<section class="sheet rows" aria-labelledby="annual">
  <h2 id="annual">${t("Annual trade report")}</h2>
  <form class="pair low few" @submit=${choose}>
    <div><label for="report-year">${t("Year")}</label><input type="text" id="report-year" name="year" inputmode="numeric" pattern="(19|20|21)[0-9]{2}" maxlength="4" required autocomplete="off" .value=${chosen.year} /></div>
    <div>
      <label for="report-kind">${t("File")}</label>
      <select id="report-kind" name="kind">
        <option value="export" .selected=${chosen.kind === "export"}>${t("Exports and re-exports")}</option>
        <option value="import" .selected=${chosen.kind === "import"}>${t("Imports")}</option>
      </select>
    </div>
    <div>
      <label for="report-basis">${t("Based on")}</label>
      <select id="report-basis" name="basis">
        <option value="actual" .selected=${chosen.basis === "actual"}>${t("Actual trade")}</option>
        <option value="issued" .selected=${chosen.basis === "issued"}>${t("Permits issued")}</option>
      </select>
    </div>
    <div><button type="submit" ?disabled=${state.busy}>${t("Show")}</button></div>
  </form>
  ${annual ? annualFound(annual, state, actions) : html`<p role="status">${t("Loading …")}</p>`}
</section>`;

/** @param {SubmitEvent} event */
function choose(event) {
  event.preventDefault();
  const form = new FormData(/** @type {HTMLFormElement} */ (event.target));
  location.hash = `#/reports/${["year", "kind", "basis"].map((name) => form.get(name)).join("/")}`;
}

/** @param {Annual} annual @param {State} state @param {Actions} actions */
const annualFound = (annual, state, actions) => html`
  <p>
    <b class="state">${annual.why.length ? t("Draft") : t("Checked")}</b>
    ${t("Rows: {rows}. Errors: {errors}. To review: {warnings}.", { rows: annual.rows, errors: annual.errors, warnings: annual.warnings })}
  </p>
  ${annual.why.includes("year_not_over") ? html`<p>${t("The year is not over: more may come.")}</p>` : nothing}
  ${annual.why.includes("errors") ? html`<p>${t("The Trade Database refuses rows with errors. They are left in the file as they are: correct the permits, not the file.")}</p>` : nothing}
  ${leftOut(annual)}
  <div><button type="button" class="main" ?disabled=${state.busy} @click=${() => void actions.annualFile()}>${annual.why.length ? t("Download the draft (CSV)") : t("Download the file (CSV)")}</button></div>
  ${annual.findings.length ? findings(annual) : nothing}
  ${annual.rows ? html`${sumsTable(t("By species"), t("Species"), annual.sums, (each) => each.scientific_name, (name) => html`<i translate="no">${name}</i>`)}
        ${annual.sums.some((each) => each.post) ? sumsTable(t("By border post"), t("Post"), annual.sums, (each) => each.post, (post) => html`${named("posts", post)}`) : nothing}
        ${sumsTable(t("By month"), t("Month"), annual.sums, (each) => each.month, (month) => html`${month}`)}` : html`<p>${t("No line in this year.")}</p>`}
`;

/** @param {Annual} annual */
function leftOut(annual) {
  /** @type {Record<string, string>} */
  const words = {
    unlisted: t("in no Appendix"),
    replaced: t("replaced by another permit"),
    ended_unused: t("revoked or returned unused"),
    unread: t("goods not on record"),
  };
  const told = Object.entries(annual.left_out).filter(([, count]) => count);
  return told.length ? html`<p class="hint">${t("Left out of the report:")} ${told.map(([name, count]) => `${words[name] ?? name}: ${count}`).join("; ")}</p>` : nothing;
}

/** @param {Annual} annual */
const findings = (annual) => html`<h3>${t("To correct or review")}</h3>
  <div class="wide"><table class="queue">
    <thead><tr><th scope="col">${t("Row")}</th><th scope="col">${t("Permit")}</th><th scope="col">${t("Field")}</th><th scope="col">${t("Finding")}</th></tr></thead>
    <tbody>
      ${annual.findings.slice(0, FINDINGS_SHOWN).map(
        (each) => html`<tr class="row">
          <th scope="row">${each.row}</th>
          <td>${each.permit_id ? html`<a class="mono" href="#/permit/${each.permit_id}">${each.number}</a>` : html`<span class="mono" translate="no">${each.number}</span>`} ${each.line}</td>
          <td translate="no">${each.field}${each.value ? html`: <b>${each.value}</b>` : nothing}</td>
          <td><b>${each.level === "error" ? t("Error") : t("To review")}:</b> ${ruleWord(each.rule)}${each.event_id ? html` <span class="mono" translate="no">${each.event_id.slice(0, 8)}</span>` : nothing}${each.expected.length ? html`<br /><small>${t("Usual:")} <span class="mono" translate="no">${each.expected.join(", ")}</span>${each.as_of ? html` (${t("the list of {day}", { day: day(each.as_of) })})` : nothing}</small>` : nothing}</td>
        </tr>`,
      )}
    </tbody>
  </table></div>
  ${annual.findings.length > FINDINGS_SHOWN ? html`<p>${t("And {count} more.", { count: annual.findings.length - FINDINGS_SHOWN })}</p>` : nothing}`;

/** @param {number} rule of chalicelib/reports/model/annual_checks.py */
function ruleWord(rule) {
  return (
    [
      t("Must not be empty"),
      t("Not a number, or not a year"),
      t("Not in the list of codes or species"),
      t("Another Appendix than in the species list"),
      t("Not a usual unit of this kind of specimen"),
      t("Not a usual purpose of this kind of specimen"),
      t("Not a usual kind of specimen of this taxon"),
      t("From the wild, but not known to live there"),
      t("Country of origin and exporter are the same"),
      t("Exporter and importer are the same"),
      t("The source does not fit the kingdom"),
      t("This endorsement contradicts another of this permit, or came late. It counts until somebody takes it back"),
    ][rule - 1] ?? String(rule)
  );
}

/** What of one kind and unit, exactly. @param {string} title @param {string} column @param {Sum[]} sums @param {(each: Sum) => string} of @param {(name: string) => unknown} shown */
function sumsTable(title, column, sums, of, shown) {
  /** @type {Map<string, {name: string, term: string, unit: string, quantity: bigint, lines: number}>} */
  const found = new Map();
  for (const each of sums) {
    const key = [of(each), each.term, each.unit].join("\n");
    const held = found.get(key) ?? { name: of(each), term: each.term, unit: each.unit, quantity: 0n, lines: 0 };
    found.set(key, { ...held, quantity: held.quantity + micro(each.quantity), lines: held.lines + each.lines });
  }
  const rows = [...found.entries()].sort(([one], [other]) => (one < other ? -1 : 1));
  return html`<h3>${title}</h3>
    <div class="wide"><table class="queue">
      <thead><tr><th scope="col">${column}</th><th scope="col">${t("Kind of specimen")}</th><th scope="col">${t("Quantity")}</th><th scope="col">${t("Rows")}</th></tr></thead>
      <tbody>${rows.map(([, each]) => html`<tr class="row"><th scope="row">${each.name ? shown(each.name) : "–"}</th><td>${named("terms", each.term)}</td><td>${counted(written(each.quantity), each.unit)}</td><td data-label=${t("Rows")}>${each.lines}</td></tr>`)}</tbody>
    </table></div>`;
}

/** Millionths, so that sums are exact. @param {string} quantity */
function micro(quantity) {
  const [whole, part = ""] = quantity.split(".");
  return BigInt(whole + part.padEnd(6, "0"));
}

/** @param {bigint} millionths */
function written(millionths) {
  const text = String(millionths).padStart(7, "0");
  const part = text.slice(-6).replace(/0+$/, "");
  return text.slice(0, -6) + (part ? `.${part}` : "");
}

/** @param {string} outcome of chalicelib/reports/model/reconciliation.py */
function outcomeWord(outcome) {
  /** @type {Record<string, string>} */
  const words = {
    endorsed: t("Endorsed at the border"),
    paper: t("Stamped on paper, entered later"),
    eaeu: t("Within the Eurasian Economic Union, no customs there"),
    returned: t("Returned unused"),
    ended: t("Replaced, or revoked without a use"),
    pending: t("Stamped on paper, waits for a second person"),
    open: t("Not used yet, still valid"),
    unknown: t("No information"),
  };
  return words[outcome] ?? outcome;
}

/** @param {Reports} shown */
const permitsView = ({ chosen, permits }) => html`<section class="sheet rows" aria-labelledby="against">
  <h2 id="against">${t("Permits of {year} against exports", { year: chosen.year })}</h2>
  ${!permits ? html`<p role="status">${t("Loading …")}</p>` : !permits.length ? html`<p>${t("No export permits in this year.")}</p>` : OUTCOMES.map((outcome) => outcomeList(outcome, permits.filter((each) => each.outcome === outcome)))}
</section>`;

/** @param {string} outcome @param {Reconciled[]} permits */
const outcomeList = (outcome, permits) =>
  permits.length
    ? html`<details>
        <summary>${outcomeWord(outcome)}: <b>${permits.length}</b></summary>
        <ul class="plainlist">
          ${permits.map(
            (each) => html`<li>
              <a class="mono" href="#/permit/${each.id}">${each.number}</a> ${day(each.issued_on)}${each.importer_country ? ` · ${country(each.importer_country)}` : nothing}${each.post ? ` · ${named("posts", each.post)}` : nothing}
              ${each.lines.map((line) => html`<br /><i translate="no">${line.scientific_name}</i>, ${named("terms", line.term)}: ${t("{exported} of {permitted} exported", { exported: line.exported, permitted: line.permitted })}${line.unit ? ` (${named("units", line.unit)})` : nothing}`)}
            </li>`,
          )}
        </ul>
      </details>`
    : nothing;

/** @param {Reports} shown @param {State} state @param {Actions} actions */
const illegalView = ({ chosen }, state, actions) => html`<section class="sheet rows" aria-labelledby="illegal">
  <h2 id="illegal">${t("Annual illegal trade report")}</h2>
  <p>${t("A row for each line of goods that was seized in {year}, from the cases. No person is named in it; its second sheet says what was not entered.", { year: chosen.year })}</p>
  <div><button type="button" ?disabled=${state.busy} @click=${() => void actions.illegalFile()}>${t("Download (XLSX)")}</button></div>
</section>`;
