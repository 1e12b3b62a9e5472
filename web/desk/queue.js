// The queue: permits of a state, those first that wait longest in it; and what a search found, newest first.

import { calendarDay } from "../core/stage.js";
import { goodsWords } from "../shared/goods-words.js";
import { day, named, t } from "../shared/i18n.js";
import { html, nothing } from "../shared/view.js";
import { QUEUE } from "./place.js";
import { stateWord, titleOf } from "./words.js";

/** @typedef {import('./main.js').State} State @typedef {import('./actions.js').Actions} Actions @typedef {import('./service.js').Entry} Entry */

const DAY = 86_400_000; // ms

/** @param {State} state @param {Actions} actions */
export const queueView = (state, actions) => html`
  <h1 tabindex="-1">${state.place.words ? t("Search: {words}", { words: state.place.words }) : t("Permits and applications")}</h1>
  <form class="sheet find" role="search" @submit=${search}>
    <div>
      <label for="q">${t("Number, name or species")}</label>
      <input type="search" id="q" name="q" maxlength="100" autocomplete="off" .value=${state.place.words} />
    </div>
    <button type="submit">${t("Search")}</button>
  </form>
  <nav aria-label=${t("State")}>
    <ul class="tabs">
      ${QUEUE.map(
        (each) => html`<li><a href="#/queue/${each}" aria-current=${!state.place.words && each === state.place.id ? "page" : nothing}>${stateWord(each)}</a></li>`,
      )}
    </ul>
  </nav>
  <section class="sheet">
    ${state.list === null ? html`<p role="status">${t("Loading …")}</p>` : state.list.length ? table(state.list, state.stage.zone) : html`<p>${t("There is nothing here.")}</p>`}
    ${state.cursor ? html`<p><button type="button" ?disabled=${state.busy} @click=${() => void actions.more()}>${state.place.words || !state.place.id ? t("Show older ones") : t("Show further ones")}</button></p>` : nothing}
  </section>
`;

/** @param {SubmitEvent} event */
function search(event) {
  event.preventDefault();
  const words = String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get("q")).trim();
  location.hash = words ? `#/search/${encodeURIComponent(words)}` : "#/queue/submitted";
}

/** @param {Entry[]} list @param {string} zone */
const table = (list, zone) => html`<table class="queue">
  <thead>
    <tr><th scope="col">${t("Permit")}</th><th scope="col">${t("State")}</th><th scope="col">${t("Exporter and importer")}</th><th scope="col">${t("Species")}</th><th scope="col">${t("For how long")}</th></tr>
  </thead>
  <tbody>
    ${list.map(
      (each) => html`<tr class="row">
        <th scope="row"><a href="#/permit/${each.id}">${each.number ?? (each.replaces ? titleOf(each) : t("Application of {day}", { day: day(calendarDay(Date.parse(each.created_at) / 1000, zone)) }))}</a>${each.document_type ? html`<br /><small>${named("kinds", each.document_type)}</small>` : nothing}</th>
        <td><span class="state">${stateWord(each.state)}</span>${each.expired ? html` ${t("expired")}` : nothing}</td>
        <td><span translate="no">${each.exporter ?? "–"}</span>${each.importer ? html`<br /><span translate="no">${t("to {name}", { name: each.importer })}</span>` : nothing}</td>
        <td class="goods">${goodsWords(each.lines)}</td>
        <td>${age(each)}</td>
      </tr>`,
    )}
  </tbody>
</table>`;

/** How long it has waited for its next step. @param {Entry} entry */
export function age(entry) {
  const days = Math.floor((Date.now() - Date.parse(entry.waiting_since)) / DAY);
  if (days < 1) return t("less than a day");
  if (days === 1) return t("1 day");
  if (days < 21) return t("{count} days", { count: days });
  return days < 91 ? t("{count} weeks", { count: Math.floor(days / 7) }) : t("{count} months", { count: Math.floor(days / 30.44) });
}
