// One application that was sent, or one permit: how it stands, what comes next, its document to download, what happened.

import { lineLetter } from "../core/permit.js";
import { calendarDay } from "../core/stage.js";
import { country, day, named, t } from "../shared/i18n.js";
import { importerView } from "../shared/importer.js";
import { usesTable } from "../shared/permit-view.js";
import { html, nothing } from "../shared/view.js";
import { lineWords } from "./goods.js";
import { paperList } from "./papers.js";
import { troubleView } from "./question.js";
import { hurry, standing, turnWord } from "./status.js";

/** @typedef {import('./main.js').State} State @typedef {import('./main.js').Actions} Actions
 * @typedef {import('./record.js').Permit} Permit */

const PRINTED = ["issued", "suspended", "revoked", "replaced", "lost"];

/** @param {State} state @param {Actions} actions @param {Permit} permit */
export function permitView(state, actions, permit) {
  const { word, next, turn, ended } = standing(permit);
  const late = hurry(permit, state.now, state.stage.zone);
  return html`
    <p class="soft steps"><a href="#">${t("My applications and permits")}</a></p>
    <h1 tabindex="-1">${permit.number ?? named("kinds", permit.document_type ?? "")}</h1>
    ${state.done ? html`<p class="sheet" role="status"><b>${state.done}</b></p>` : nothing} ${troubleView(state, actions)}
    <section class="sheet rows standing" data-ended=${ended ? "yes" : "no"}>
      <h2>${word}</h2>
      <p><span class="turn" data-turn=${turn}>${turnWord(turn)}</span> ${next}</p>
      ${permit.reason && permit.state !== "issued" ? html`<p>${t("The reason given:")} <q>${permit.reason}</q></p>` : nothing}
      ${permit.replaced_by ? html`<p>${t("The new document:")} <a class="mono" href="#${permit.replaced_by.id}">${permit.replaced_by.number}</a></p>` : nothing}
      ${permit.replaces ? html`<p>${t("Takes the place of:")} <span class="mono">${permit.replaces.number}</span></p>` : nothing}
      ${permit.voided_numbers?.length ? html`<p>${t("Void numbers, never to be used:")} <s class="mono">${permit.voided_numbers.join(", ")}</s></p>` : nothing}
      ${late ? html`<p class="warn">${late}</p>` : nothing}
      ${download(state, actions, permit)}
    </section>
    <section class="sheet">
      <h2>${t("What it is for")}</h2>
      <dl class="facts">
        ${fact(t("Document"), named("kinds", permit.document_type ?? ""))}
        ${permit.valid_until ? fact(t("Last day of validity"), day(permit.valid_until)) : nothing}
        ${fact(t("Sender"), party(permit.exporter))} ${fact(t("Receiver"), party(permit.importer))}
        ${permit.purpose ? fact(t("Purpose"), named("purposes", permit.purpose)) : nothing}
        ${(permit.lines ?? []).map((/** @type {any} */ line) => fact(html`<span class="taxon" translate="no">${line.scientific_name}</span>`, lineWords(line)))}
      </dl>
      ${abroadView(state)}
    </section>
    <section class="sheet rows">
      <h2>${t("Supporting papers")}</h2>
      ${paperList(permit.attachments, actions)}
      ${permit.steps.includes("attach") ? html`<div><a class="button" href="#${permit.id}/papers">${t("Add papers")}</a></div>` : nothing}
    </section>
    ${atTheBorder(permit)} ${history(state)} ${waysOut(permit, actions, state)}
  `;
}

/** What the importing country also asks for, by species. @param {State} state */
export const abroadView = ({ abroad }) => abroad.map(([name, asks]) => html`<div class="rows"><b class="taxon" translate="no">${name}</b> ${importerView(asks)}</div>`);

/** @param {State} state @param {Actions} actions @param {Permit} permit */
function download(state, actions, permit) {
  if (!PRINTED.includes(permit.state)) return nothing;
  const dead = permit.state !== "issued" || permit.expired;
  return html`<div>
      <button class=${dead ? "" : "main"} type="button" ?disabled=${state.busy} @click=${() => void actions.print()}>
        ${dead ? t("Download for your files: NOT VALID") : t("Download the document (PDF)")}
      </button>
    </div>
    ${dead ? nothing : html`<p class="hint">${permit.form === "electronic" ? t("Every print of it is equally valid.") : t("Your print says COPY; only the stamped original travels.")} ${t("The square code on it shows whether it is valid at the border.")}</p>`}`;
}

/** Where, when and how much of it crossed. @param {Permit} permit */
const atTheBorder = ({ lines = [], uses = [] }) =>
  uses.length
    ? html`<section class="sheet"><h2>${t("Endorsed at the border")}</h2>${usesTable({ lines: lines.map((/** @type {any} */ line, /** @type {number} */ index) => ({ ...line, line: lineLetter(index) })) }, uses)}</section>`
    : nothing;

/** @param {State} state */
const history = (state) =>
  state.history.length
    ? html`<section class="sheet">
        <h2>${t("What happened")}</h2>
        <ol class="history">
          ${state.history.map((step) => html`<li><span>${day(calendarDay(Date.parse(step.at) / 1000, state.stage.zone))}</span> ${stepWords(step)}</li>`)}
        </ol>
      </section>`
    : nothing;

/** @param {Permit} permit @param {Actions} actions @param {State} state */
const waysOut = (permit, actions, state) => html`<section class="rows">
  ${permit.state === "draft" ? nothing : html`<button type="button" ?disabled=${state.busy} @click=${() => void actions.copy(permit)}>${t("Apply for the same again")}</button>`}
  ${withdrawLink(permit)}
  ${permit.state === "issued" && permit.use === "unused"
    ? html`<a class="button" href="#${permit.id}/return">${t("Give it back unused")}</a> <a class="button" href="#${permit.id}/lost">${t("Report it lost or stolen")}</a>`
    : nothing}
</section>`;

/** @param {Permit} permit */
export const withdrawLink = (permit) =>
  permit.steps.includes("withdraw") ? html`<a class="button" href="#${permit.id}/withdraw">${t("Withdraw the application")}</a>` : nothing;

/** What a line of the history means to the applicant; "" for what is the ministry's own business. @param {{action: string, by: string}} step  `by`: "" where it was another */
export function stepWords({ action, by }) {
  const words = {
    create: by ? t("You began the application") : t("The ministry began it"),
    submit: by ? t("Sent to the ministry") : t("The ministry filled it in"),
    withdraw: t("Withdrawn"),
    detach: t("A paper was removed"),
    return: t("Sent back to you"),
    refuse: t("Refused"),
    approve: t("Approved"),
    signed: t("Issued"),
    suspend: t("Suspended"),
    reinstate: t("Put in force again"),
    revoke: t("Ended by the ministry"),
    surrender: t("Given back unused"),
    lost: t("Reported lost or stolen"),
    replaced: t("Replaced by another document"),
    endorse: t("Endorsed at the border"),
    sync: t("Endorsed at the border"),
    confirm: t("Endorsement confirmed"),
    undo: t("Endorsement withdrawn"),
    attach: t("A paper was added"),
  };
  return words[/** @type {keyof typeof words} */ (action)] ?? "";
}

/** @param {unknown} name @param {unknown} value */
const fact = (name, value) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`;

/** @param {{name?: string, country?: string} | undefined} who */
const party = (who) => html`<span translate="no">${who?.name ?? "–"}</span>${who?.country ? `, ${country(who.country)}` : ""}`;
