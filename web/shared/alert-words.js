// An alert in words, for desk and scanner: what it is, who has to answer it.

import { remarkWord } from "./foreign.js";
import { held, moment, named, t } from "./i18n.js";
import { amount } from "./permit-view.js";
import { apart, html, nothing } from "./view.js";
import { text } from "./words.js";

/**
 * Members that this person may not see are not there.
 * @typedef {{id: string, kind: string, state: string, occurred_at: string, post?: string, outcome?: string, codes?: string[],
 *   permit?: {issuer: string, number: string, unverified?: boolean} | null, goods?: Record<string, string>[], case?: string | null,
 *   officer?: string, brought_by?: string, people?: string[], watch?: {id: string, kind: string, value: string, reason: string}[], charge: string,
 *   unheard: boolean, acknowledged?: {kind: string, at: string, by: string, by_name: string, agency: string, note: string}[], steps: string[]}} Alert
 */

/** @param {Alert} alert */
export function alertWord(alert) {
  const words = { hold: t("Goods held"), case: t("Case opened"), watch: t("Something on the watch-list was found"), stamp: t("Hand-stamped endorsement not confirmed") };
  return words[/** @type {keyof typeof words} */ (alert.kind)] ?? alert.kind;
}

/** @param {string} agency */
export function agencyWord(agency) {
  const words = { customs: t("Customs"), border: t("Border guard"), ministry: t("Ministry"), police: t("Police"), auditor: t("Auditors"), scientist: t("Scientific Authority") };
  return words[/** @type {keyof typeof words} */ (agency)] ?? agency;
}

/** @param {string} kind @param {{name: string, agency: string, when: string}} by */
function entryWord(kind, by) {
  if (kind === "note") return t("Note by {name}, {agency}, {when}", by);
  if (kind === "reopened") return t("Opened again by {name}, {agency}, {when}", by);
  return t("Answered by {name}, {agency}, {when}", by);
}

/** A verdict's codes, each beside its words without facts; what is odd about a foreign paper in words. @param {Alert} alert */
const codes = (alert) => (alert.codes ?? []).map((code) => html`<p>${codeWord(code)}</p>`);

/** @param {string} code */
function codeWord(code) {
  if (code === "U0") return html`<b>${code}</b> ${t("The officer scanned it again.")}`; // the verdict says "you"
  return Object.hasOwn(held().verdict.codes, code) ? html`<b>${code}</b> ${text(code, [], {})}` : remarkWord(code);
}

/** What happened, where, when; and what this person may know of it. @param {Alert} alert @param {string} zone */
export const alertText = (alert, zone) => html`
  <p><b>${alertWord(alert)}</b>${alert.post ? html` · ${named("posts", alert.post)}` : nothing} · ${moment(Date.parse(alert.occurred_at) / 1000, zone)}${alert.officer ? html` · <span translate="no">${alert.officer}</span>` : nothing}</p>
  ${alert.brought_by ? html`<p class="soft">${t("In the name of {name}; brought by {by}, {when}", { name: alert.officer ?? "", by: alert.brought_by, when: moment(Date.parse(alert.occurred_at) / 1000, zone) })}</p>` : nothing}
  ${alert.kind === "watch" && !alert.watch ? html`<p>${t("Hold goods and paper, and call the police: they know why.")}</p>` : nothing}
  ${(alert.watch ?? []).map((each) => html`<p><b translate="no">${each.value}</b>: <span translate="no">${each.reason}</span></p>`)}
  ${alert.permit ? html`<p><span class="mono" translate="no">${alert.permit.number}</span>${alert.permit.unverified ? html` · ${t("not verified")}` : nothing}</p>` : nothing} ${codes(alert)}
  ${alert.people?.length ? html`<p translate="no">${apart(alert.people, " · ")}</p>` : nothing}
  ${(alert.goods ?? []).map((line) => html`<p><span class="taxon" translate="no">${line.scientific_name ?? line.common_name}</span>: ${amount(line.quantity, line.unit)} · ${named("terms", line.term)}</p>`)}
  ${
    alert.acknowledged?.map((each) => html`<p>${entryWord(each.kind, { name: each.by_name, agency: agencyWord(each.agency), when: moment(Date.parse(each.at) / 1000, zone) })}${each.note ? html`: <span translate="no">${each.note}</span>` : nothing}</p>`)
  }
  ${
    alert.state === "acknowledged"
      ? nothing
      : html`<p><b>${alert.unheard ? t("Nobody has answered.") : t("To be answered by: {agency}", { agency: agencyWord(alert.charge) })}</b></p>`
  }
`;
