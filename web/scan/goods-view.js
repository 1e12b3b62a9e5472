// Beside a line of a permit: what the goods are called, and the aid's drawings to compare them with, each a way into the aid.

import { t } from "../shared/i18n.js";
import { html, nothing } from "../shared/view.js";
import { drawing } from "../shared/drawing.js";
import { called, drawnAs } from "./goods.js";
import { say } from "../shared/ident.js";

/** @param {import('./goods.js').Goods} goods @param {import('./main.js').Actions} actions */
export const goodsBeside = (goods, actions) => (/** @type {import('../shared/show.js').Line} */ line) => {
  const { aid } = goods;
  const [common, drawn] = [called(goods, line.scientific_name), drawnAs(goods, line)];
  return html`${common ? html`<p class="common" lang=${common.language}>${common.name}</p>` : nothing}
    ${aid ? drawn.map((id) => drawnView(aid, id, common !== null, actions)) : nothing}`;
};

/** @param {import('../shared/ident.js').Table} aid @param {string} id @param {boolean} named  above it @param {import('./main.js').Actions} actions */
const drawnView = (aid, id, named, actions) => html`<button type="button" class="card across" data-candidate=${id} @click=${() => actions.identCompare(aid, id)}>
  ${drawing(aid, aid.candidates[id].drawings[0], false)}
  <span>${named ? nothing : html`<b>${say(aid.candidates[id].name)}</b>`}<span>${say(aid.parts[aid.candidates[id].part].name)}</span><small class="on">${t("What to look at, and what it is taken for")}</small></span>
</button>`;
