// Cases at the desk: the list, the table for the ministry's database, one case and what became of it.

import { caseOptions, caseWord, firstFields, furtherFields, goodsFields, lawFields, listedAs, personFields, rareGoodsFields } from "../shared/case-fields.js";
import { entry } from "../shared/entry.js";
import { country, day, named, t } from "../shared/i18n.js";
import { amount } from "../shared/permit-view.js";
import { may } from "../shared/person.js";
import { appendixWord } from "../shared/taxa.js";
import { apart, html, nothing } from "../shared/view.js";
import { rowsOf } from "./case-table.js";
import { sent } from "./foreign.js";
import { when } from "./history.js";
import { photographsView } from "./photographs.js";
import { spreadView } from "./spread.js";

/**
 * @typedef {import('./main.js').State} State @typedef {import('./enforcement.js').EnforcementActions} Actions
 * @typedef {import('./enforcement-service.js').Case} Case @typedef {import('./enforcement-service.js').CaseEntry} CaseEntry
 */

/** @param {State} state @param {Actions} actions */
export const caseListView = (state, actions) => html`
  <h1 tabindex="-1">${t("Cases")}</h1>
  ${may(state.me, "open_case") ? html`<p><a href="#/cases/new">${t("Open a case")}</a></p>` : nothing}
  <section class="sheet">
    ${
      state.enforcement.cases === null
        ? html`<p role="status">${t("Loading …")}</p>`
        : state.enforcement.cases.items.length
          ? html`<table class="queue">
              <thead><tr><th scope="col">${t("Case")}</th><th scope="col">${t("Place")}</th><th scope="col">${t("Goods")}</th><th scope="col">${t("Why")}</th></tr></thead>
              <tbody>${state.enforcement.cases.items.map((each) => row(state, each))}</tbody>
            </table>`
          : html`<p>${t("There is nothing here.")}</p>`
    }
    ${state.enforcement.cases?.cursor ? html`<p><button type="button" ?disabled=${state.busy} @click=${() => void actions.moreCases()}>${t("Show older ones")}</button></p>` : nothing}
  </section>
  ${countsView(state)}
  ${may(state.me, "export_cases") && (state.enforcement.cases || state.trouble) ? tableView(state, actions) : nothing}
`;

/** Those that this person may see. @param {State} state */
function countsView({ enforcement: { caseSummary }, stage }) {
  if (!caseSummary) return nothing;
  const { complete, ...spread } = caseSummary;
  return html`${complete ? nothing : html`<p><b>${t("Older cases were left out of the counts.")}</b></p>`}
    ${spreadView(spread, stage.issuer, t("Cases"), t("What was found in another place stands at the post that wrote it down."))}`;
}

/** @param {State} state @param {CaseEntry} each */
const row = (state, each) => html`<tr class="row">
  <th scope="row"><a href="#/cases/${each.id}">${when(each.occurred_at, state)}</a><br /><small class="mono">${each.database_id ?? each.id.slice(0, 8)}</small></th>
  <td>${each.place || (each.post ? named("posts", each.post) : "–")}</td>
  <td>${each.goods.map((line) => html`<div>${line.scientific_name ? html`<span class="taxon" translate="no">${line.scientific_name}</span>` : html`<span translate="no">${line.common_name}</span>`}: ${named("terms", line.term)}, ${amount(line.quantity, line.unit)}</div>`)}</td>
  <td>${caseWord("reason", each.reason)}<br /><span class="state">${each.state === "closed" ? t("closed") : caseWord("kind", each.kind)}</span></td>
</tr>`;

/** @param {State} state @param {Actions} actions */
const tableView = (state, actions) => html`<section class="sheet rows" aria-labelledby="table">
  <h2 id="table">${t("Table for the wildlife-crime database")}</h2>
  <p class="hint">${t("One row for each line of goods. The database’s own numbers are kept; loading the same file again changes nothing.")}</p>
  <div class="steps">
    <button type="button" ?disabled=${state.busy} @click=${() => void actions.saveTable(false)}>${t("Save the table, without people")}</button>
    ${may(state.me, "export_people") ? html`<button type="button" ?disabled=${state.busy} @click=${() => void actions.saveTable(true)}>${t("Save the table, with people")}</button>` : nothing}
  </div>
  ${
    may(state.me, "import_cases")
      ? html`<div class="button file">
          <label for="csv">${t("Import a table (CSV, UTF-8)")}</label>
          <input type="file" id="csv" accept=".csv,text/csv" @change=${(/** @type {Event} */ event) => void actions.takeTable(/** @type {HTMLInputElement} */ (event.target))} />
        </div>`
      : nothing
  }
  ${
    state.enforcement.taken
      ? html`<div role="status">
          <p><b>${t("New: {stored}, linked: {linked}, changed: {updated}, the same as before: {unchanged}, refused: {refused}.", { ...state.enforcement.taken, refused: state.enforcement.taken.refused.length, noted: null })}</b></p>
          ${rowsOf(state.enforcement.taken.refused, t("Why not"))}
          ${state.enforcement.taken.noted.length ? html`<p>${t("Taken, but please look at this:")}</p>` : nothing}
          ${rowsOf(state.enforcement.taken.noted, t("Why"))}
        </div>`
      : nothing
  }
</section>`;

/** @param {State} state @param {Actions} actions */
export function caseView(state, actions) {
  const held = state.enforcement.case;
  if (!held) return html`<h1 tabindex="-1">${t("Case")}</h1>`;
  return html`
    <h1 tabindex="-1">${t("Case")} <span class="mono">${held.database_id ?? held.id.slice(0, 8)}</span> <span class="state">${held.state === "closed" ? t("closed") : caseWord("kind", held.kind)}</span></h1>
    <p>${held.place || (held.post ? named("posts", held.post) : "")}, ${when(held.occurred_at, state)}${held.officer ? html`, <span translate="no">${held.officer}</span>` : nothing}</p>
    ${earlier(state, held, actions)}
    <div class="beside">
      <div>${goods(held)} ${facts(held)} ${"people" in held ? people(held) : nothing} ${"followups" in held ? followUps(state, held, actions) : nothing}</div>
      <div>${photos(state, held, actions)} ${custody(state, held, actions)} ${abroad(state, held, actions)}</div>
    </div>
    ${held.steps.includes("amend") ? html`<p><a href="#/cases/${held.id}/edit">${t("Complete or correct it")}</a></p>` : nothing}
  `;
}

/** What stood there before amendments. @param {State} state @param {Case} held @param {Actions} actions */
function earlier(state, held, actions) {
  if (!held.earlier.length) return nothing;
  const old = held.earlier.includes(held.version);
  const shown = (/** @type {number | null} */ version, /** @type {string} */ words) => html`<button type="button" ?disabled=${state.busy} @click=${() => void actions.caseAt(version)}>${words}</button>`;
  return html`<section class="sheet rows" aria-labelledby="earlier">
    <h2 id="earlier">${t("Earlier versions")}</h2>
    ${old ? html`<p role="status"><b>${t("This is version {version}, which was amended since. Custody, photographs and what became of it are as they are now.", { version: held.version })}</b></p>` : nothing}
    <div class="steps">${held.earlier.filter((each) => each !== held.version).map((each) => shown(each, t("Version {version}", { version: each })))} ${old ? shown(null, t("As it is now")) : nothing}</div>
  </section>`;
}

/** @param {Case} held */
const goods = (held) => html`<section class="sheet" aria-labelledby="goods">
  <h2 id="goods">${t("Goods")}</h2>
  ${held.goods.map((line) => html`<div class="line"><h3><span class="taxon" translate="no">${line.scientific_name ?? ""}</span> <span translate="no">${line.common_name ?? ""}</span></h3>${listedAs(line) ? html`<p class="hint">${listedAs(line)}</p>` : nothing}<p>${named("terms", line.term)}, <b>${amount(line.quantity, line.unit)}</b>${line.marks ? html` · <b translate="no">${line.marks}</b>` : nothing}${line.appendix ? html` · ${appendixWord({ appendix: line.appendix })}` : nothing}</p>${line.description ? html`<p translate="no">${line.description}</p>` : nothing}</div>`)}
</section>`;

/** @param {Case} held */
function facts(held) {
  const route = held.route ?? {};
  const places = [route.origin, route.departure, ...(route.transit ?? []), route.destination].filter(Boolean).map((code) => country(code));
  const way = [places.join(" → "), route.transport && caseWord("transport", route.transport), route.document].filter(Boolean);
  const value = held.value?.amount ? `${held.value.amount} ${held.value.currency}` : "";
  const told = [
    [t("Why"), caseWord("reason", held.reason)],
    [t("Agency"), caseWord("agency", held.agency)],
    [t("Route"), way.length ? apart(way, " · ") : ""],
    [t("Number of the vehicle"), held.vehicle],
    [t("Found by"), held.detection && caseWord("detection", held.detection)],
    [t("How it was hidden"), held.concealment],
    [t("The paper that was shown"), held.permit?.issuer || held.permit?.number ? apart([held.permit.issuer && country(held.permit.issuer), held.permit.number]) : ""],
    [t("Law under which charged"), held.law],
    [t("Sanction"), held.sanction],
    [t("What became of the goods"), held.disposal && caseWord("disposal", held.disposal)],
    [t("Value"), value],
    [t("What the officer saw"), held.note],
  ];
  return html`<section class="sheet" aria-labelledby="facts"><h2 id="facts">${t("What is known")}</h2><dl class="facts">${told.filter(([, each]) => each).map(([name, each]) => html`<div><dt>${name}</dt><dd translate="no">${each}</dd></div>`)}</dl></section>`;
}

/** @param {Case} held */
const people = (held) => html`<section class="sheet" aria-labelledby="people">
  <h2 id="people">${t("People")}</h2>
  <p class="hint">${t("Everyone who opens this is recorded.")}</p>
  ${held.people.length ? html`<ul class="plainlist">${held.people.map((/** @type {Record<string, string>} */ each) => html`<li><b translate="no">${each.name ?? "–"}</b> · ${caseWord("role", each.role)}${each.nationality ? html` · ${country(each.nationality)}` : nothing}${each.born ? html` · ${t("born {day}", { day: day(each.born) })}` : nothing}${each.document ? html` · <span class="mono" translate="no">${each.document}</span>` : nothing}</li>`)}</ul>` : html`<p>${t("None.")}</p>`}
</section>`;

/** @param {State} state @param {Case} held @param {Actions} actions */
const followUps = (state, held, actions) => html`<section class="sheet rows" aria-labelledby="followups">
  <h2 id="followups">${t("What became of it")}</h2>
  ${held.followups.map((/** @type {Record<string, string>} */ each) => html`<p><b>${caseWord("followup", each.kind)}</b>${each.on ? html`, ${day(each.on)}` : nothing}: <span translate="no">${each.text}</span><br /><small>${each.by_name} · ${when(each.at, state)}</small></p>`)}
  ${
    held.steps.includes("followup")
      ? html`<form class="rows" @submit=${sent((entered) => actions.followUp(entered))}>
          <div><label for="kind">${t("What happened")}</label><select id="kind" name="kind">${caseOptions("followup").map((each) => html`<option value=${each.value}>${each.text}</option>`)}</select></div>
          <div><label for="text">${t("Details")}</label><textarea id="text" name="text" rows="3" required maxlength="2000"></textarea></div>
          <div><button type="submit" ?disabled=${state.busy}>${t("Add it")}</button></div>
        </form>`
      : nothing
  }
</section>`;

/** @param {State} state @param {Case} held @param {Actions} actions */
const photos = (state, held, actions) => html`<section class="sheet rows" aria-labelledby="photos">
  <h2 id="photos">${t("Photographs")}</h2>
  ${photographsView(state, "cases", held.photos ?? [], actions)}
  ${held.steps.includes("photo") ? html`<div class="button file"><span>${t("Add a photograph")}</span><input type="file" accept="image/*" aria-label=${t("Add a photograph")} ?disabled=${state.busy} @change=${(/** @type {Event} */ event) => void actions.addPhoto(/** @type {HTMLInputElement} */ (event.target))} /></div>` : nothing}
</section>`;

/** @param {State} state @param {Case} held @param {Actions} actions */
const custody = (state, held, actions) => html`<section class="sheet rows" aria-labelledby="custody">
  <h2 id="custody">${t("Chain of custody")}</h2>
  ${held.custody?.length ? html`<ol>${held.custody.map((each) => html`<li><span translate="no">${each.what}: ${each.giver || "–"} → ${each.taker}${each.place ? `, ${each.place}` : ""}${each.seal ? `, ${each.seal}` : ""}</span><br /><small>${each.by_name} · ${when(each.at, state)}</small></li>`)}</ol>` : html`<p>${t("None.")}</p>`}
  ${
    held.steps.includes("custody")
      ? html`<form class="rows" @submit=${sent((entered) => actions.handOver(entered))}>
          ${[["what", t("What, in which container")], ["giver", t("From")], ["taker", t("To")], ["place", t("Place")], ["seal", t("Number of the seal")]].map(([name, label]) => html`<div><label for="c-${name}">${label}</label><input type="text" id="c-${name}" name=${name} maxlength="200" ?required=${name === "what" || name === "taker"} autocomplete="off" /></div>`)}
          <div><button type="submit" ?disabled=${state.busy}>${t("Add a handover")}</button></div>
        </form>`
      : nothing
  }
</section>`;

/** @param {State} state @param {Case} held @param {Actions} actions */
const abroad = (state, held, actions) =>
  held.steps.includes("share")
    ? html`<section class="sheet rows" aria-labelledby="abroad">
        <h2 id="abroad">${t("For another country")}</h2>
        <p class="hint">${t("Goods, route and method; no person, vehicle or officer.")}</p>
        ${state.enforcement.abroad ? html`<label for="shared">${t("English, ready to send; read it first")}</label><textarea id="shared" lang="en" rows="12" readonly .value=${state.enforcement.abroad}></textarea>` : nothing}
        <div><button type="button" ?disabled=${state.busy} @click=${() => void actions.shareAbroad()}>${t("Write the message")}</button></div>
      </section>`
    : nothing;

/** A new case, or an old one to be completed. @param {State} state @param {Actions & {redraw: () => void}} actions */
export function caseEditView(state, actions) {
  const form = state.enforcement.form;
  if (!form) return html`<h1 tabindex="-1">${t("Case")}</h1>`;
  const one = (/** @type {import('../shared/entry.js').Field} */ field) => entry(form, field, actions.redraw);
  return html`
    <h1 tabindex="-1">${form.id ? t("Complete or correct the case") : t("Open a case")}</h1>
    <form class="rows" novalidate @submit=${(/** @type {SubmitEvent} */ event) => { event.preventDefault(); void actions.saveCase(); }}>
      <section class="sheet pair low">${firstFields().map(one)}</section>
      ${form.fields.goods.map((/** @type {unknown} */ _, /** @type {number} */ index) => html`<fieldset class="sheet"><legend>${t("Goods {number}", { number: index + 1 })}</legend><div class="pair low">${goodsFields(index).map(one)}</div><details><summary>${t("More about these goods")}</summary><div class="pair low">${rareGoodsFields(index).map(one)}</div></details></fieldset>`)}
      <div><button type="button" @click=${() => { form.fields.goods.push({}); actions.redraw(); }}>${t("Other goods too")}</button></div>
      ${furtherFields(form.fields).map(({ title, fields }) => html`<fieldset class="sheet"><legend>${title}</legend><div class="pair low">${fields.map(one)}</div></fieldset>`)}
      ${form.fields.people.map((/** @type {unknown} */ _, /** @type {number} */ index) => html`<fieldset class="sheet"><legend>${t("Person {number}", { number: index + 1 })}</legend><div class="pair low">${personFields(index).map(one)}</div></fieldset>`)}
      <div><button type="button" @click=${() => { form.fields.people.push({}); actions.redraw(); }}>${t("Another person")}</button></div>
      <fieldset class="sheet"><legend>${t("Law and outcome")}</legend><div class="pair low">${lawFields().map(one)}</div></fieldset>
      <section class="sheet">${one({ path: "note", label: t("What else is known"), look: "long" })}</section>
      ${form.id ? nothing : html`<section class="sheet">${one({ path: "post", label: t("Post; for any other place, the ministry’s duty desk"), options: actions.posts() })}</section>`}
      <div><button type="submit" class="main" ?disabled=${state.busy}>${form.id ? t("Save") : t("Open the case")}</button></div>
    </form>
  `;
}
