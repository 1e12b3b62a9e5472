// Who did what with a permit and when; many savings of one person on end are one line, the register keeps each.

import { country, moment, t } from "../shared/i18n.js";
import { html, nothing } from "../shared/view.js";
import { actionWord, findingWord } from "./words.js";

/** @typedef {import('./main.js').State} State @typedef {import('./service.js').Event} Event
 * @typedef {Event & {since?: string, count?: number}} Step  `since`: the first of `count` that were made on end */

/** @param {State} state */
export const historyView = (state) => html`<section class="sheet" aria-labelledby="history">
  <h2 id="history">${t("Who did what")}</h2>
  <ol class="plainlist">
    ${folded(state.history).map(
      (event) => html`<li>
        <b>${event.count ? t("Edited, {count} times", { count: event.count }) : actionWord(event.action)}</b>${event.detail.kind && event.action === "find" ? html`: ${findingWord(event.detail.kind)}` : nothing}${event.action === "detach" ? html`: <bdi translate="no">${event.detail.name}</bdi>` : nothing}${event.action === "settled" ? html`: ${event.detail.choice === "withdraw" ? t("withdrawal recorded") : t("put back as in the list")}` : nothing}
        ${event.action === "stamp" ? html`: <span class="mono">${event.detail.stamp_number}</span>` : nothing}
        ${event.action === "settled" ? html`<br />${t("{name} proposed it: {reason}", { name: event.detail.proposed_by_name, reason: event.detail.proposed_reason ?? "" })}` : nothing}
        ${event.detail.reason ? html`<br /><span translate="no">${event.detail.reason}</span>` : nothing}
        <br /><small>${doer(event, state)}</small>
      </li>`,
    )}
  </ol>
</section>`;

/** Edits of one person on end as the last of them. @param {readonly Event[]} events the first first @returns {Step[]} */
export function folded(events) {
  /** @type {Step[]} */
  const steps = [];
  for (const event of events) {
    const last = steps[steps.length - 1];
    if (event.action !== "edit" || last?.action !== "edit" || last.by !== event.by || last.for_name !== event.for_name) steps.push(event);
    else steps[steps.length - 1] = { ...event, since: last.since ?? last.at, count: (last.count ?? 1) + 1 };
  }
  return steps;
}

/** Who did it, for whom, and when; of what another person sent in an officer's name, both. @param {Step} event @param {State} state */
function doer({ by, by_name, for_name, at, since, detail }, state) {
  if (detail.brought_by_name) return t("In the name of {name}; brought by {by}, {when}", { name: by_name, by: detail.brought_by_name, when: when(at, state) });
  const name = by.startsWith("party:") ? t("Management Authority: {country}", { country: country(by.slice(6)) }) : by_name;
  return html`${name}${for_name ? html` ${t("for")} ${for_name}` : nothing} · ${since ? html`${when(since, state)} – ` : nothing}${when(at, state)}`;
}

/** @param {string} at @param {State} state */
export const when = (at, state) => moment(Date.parse(at) / 1000, state.stage.zone);
