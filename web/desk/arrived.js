// What arrived here under another Party’s permit, what that Party was told of it, and telling it (EPIX ConfirmQuantities).

import { t } from "../shared/i18n.js";
import { moved } from "../shared/quantity.js";
import { html, nothing } from "../shared/view.js";
import { outcomeWord } from "./exchange-words.js";
import { when } from "./history.js";

/** @typedef {import('./main.js').State} State @typedef {import('./exchange-actions.js').Arrived} Arrived */

/** @param {State} state @param {Arrived | null} found @param {() => void} tell */
export const arrivedView = (state, found, tell) =>
  found
    ? html`<section class="sheet rows" aria-labelledby="arrived">
        <h2 id="arrived">${t("What arrived here")}</h2>
        <p>${found.lines.length ? html`<b>${moved(found.lines)}</b>` : t("No import under this number is endorsed here.")}</p>
        ${found.told.length ? html`<h3>${t("What they were told")}</h3><ul class="plainlist">${found.told.map((each) => html`<li><b>${moved(each.lines ?? [])}</b>: ${outcomeWord(each)}<br /><small>${when(each.at, state)} · <span translate="no">${each.by_name}</span></small></li>`)}</ul>` : nothing}
        ${found.lines.length ? telling(state, found, tell) : nothing}
      </section>`
    : nothing;

/** @param {State} state @param {Arrived} found @param {() => void} tell */
function telling(state, { lines, service, told }, tell) {
  if (!service) return html`<p>${t("No service of this Party is known to this register: tell it by letter.")}</p>`;
  if (told[0]?.outcome === "answered" && moved(told[0].lines ?? []) === moved(lines)) return html`<p>${t("They know it as it stands here.")}</p>`;
  return html`<p class="hint">${t("It is sent once. Where no answer comes, telephone them before you send it again.")}</p>
    <div><button type="button" id="tell" ?disabled=${state.busy} @click=${tell}>${t("Tell the issuing country what arrived")}</button></div>`;
}
