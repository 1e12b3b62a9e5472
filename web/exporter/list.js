// Somebody's applications and permits: how each stands, by whose turn it is.

import { calendarDay } from "../core/stage.js";
import { goodsWords } from "../shared/goods-words.js";
import { day, named, t } from "../shared/i18n.js";
import { html, nothing } from "../shared/view.js";
import { noticesSheet } from "./notices.js";
import { troubleView } from "./question.js";
import { hurry, standing, turnWord } from "./status.js";

/** @typedef {import('./main.js').State} State @typedef {import('./main.js').Actions} Actions */

const FEW = 3; // kinds of goods
const TURNS = /** @type {const} */ (["you", "ministry", "nobody"]);

/** @param {State} state @param {Actions} actions */
export const listView = (state, actions) => html`
  <h1 tabindex="-1">${t("My applications and permits")}</h1>
  ${troubleView(state, actions)}
  <div class="choices"><a class="button main" href="#apply">${t("Apply for a permit")}</a> <a class="button" href="#which">${t("Which permit do I need?")}</a></div>
  ${state.list === null
    ? state.trouble
      ? nothing
      : html`<p role="status">${t("Fetching your permits …")}</p>`
    : state.list.length === 0
      ? html`<p class="sheet">${t("You have not applied for anything yet. It takes about ten questions; you may stop at any time and go on later.")}</p>`
      : TURNS.map((turn) => group(state, turn, (state.list ?? []).filter((item) => standing(item).turn === turn)))}
  ${state.cursor ? html`<div><button type="button" ?disabled=${state.busy} @click=${() => void actions.more()}>${t("Show older ones")}</button></div>` : nothing}
  ${state.noted && (state.list || state.trouble) ? noticesSheet(state) : nothing}
`;

/** @param {State} state @param {typeof TURNS[number]} turn @param {any[]} items */
const group = (state, turn, items) =>
  items.length
    ? html`<section aria-labelledby="turn-${turn}">
        <h2 id="turn-${turn}">${turnWord(turn)}</h2>
        <ul class="cards">${items.map((item) => html`<li>${card(state, item)}</li>`)}</ul>
      </section>`
    : nothing;

/** @param {State} state @param {any} item a row of GET /v1/permits */
function card(state, item) {
  const { word, next, turn, ended } = standing(item);
  const late = hurry(item, state.now, state.stage.zone);
  const goods = goodsWords(item.lines, FEW);
  return html`<article class="sheet rows ${ended ? "ended" : ""}">
    <h3><a href="#${item.id}">${item.number ?? html`${item.document_type ? named("kinds", item.document_type) : t("New application")}${item.lines.length ? html`: ${goods}` : nothing}`}</a></h3>
    <p>
      ${item.number ? html`${item.document_type ? html`${named("kinds", item.document_type)} · ` : nothing}${goods}` : t("Begun on {day}", { day: day(calendarDay(Date.parse(item.created_at) / 1000, state.stage.zone)) })}
      ${item.replaces ? html`<br />${t("Takes the place of:")} <span class="mono">${item.replaces.number}</span>` : nothing}
      ${item.importer ? html`<br />${t("to {name}", { name: item.importer })}` : nothing}
    </p>
    <p><span class="turn" data-turn=${turn}>${turnWord(turn)}</span> <b>${word}</b></p>
    <p class="soft">${next}</p>
    ${item.number && item.valid_until ? html`<p>${t("Valid until {day}", { day: day(item.valid_until) })}</p>` : nothing}
    ${late ? html`<p class="warn">${late}</p>` : nothing}
  </article>`;
}

