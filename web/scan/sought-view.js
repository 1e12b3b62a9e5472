// What the aid found, beside the permit that is checked for it: whether a line of the permit names it.

import { t } from "../shared/i18n.js";
import { icon } from "../shared/icons.js";
import { namesOf, say } from "../shared/ident.js";
import { drawing } from "../shared/drawing.js";
import { html, nothing } from "../shared/view.js";

/** @typedef {import('./main.js').Actions} Actions @typedef {import('./state.js').State} State */

/** Where one scans: what the permit is wanted for. @param {State} state @param {Actions} actions */
export const soughtNote = ({ sought }, actions) =>
  sought
    ? html`<section class="sheet rows" id="sought">
        <p>${t("The permit is compared with:")} <b>${say(sought.aid.candidates[sought.id].name)}</b> <i class="taxon" lang="la">${sought.aid.candidates[sought.id].taxon}</i></p>
        <button type="button" @click=${actions.identSoughtNoMore}>${icon("close")}<span>${t("Do not compare")}</span></button>
      </section>`
    : nothing;

/** Beside a verdict. @param {State} state @param {import('../shared/show.js').Verdict['permit']} permit @param {Actions} actions */
export function soughtView({ sought, goods }, permit, actions) {
  if (!sought || !permit) return nothing;
  const { aid, id } = sought;
  const candidate = aid.candidates[id];
  const lines = permit.lines.filter(({ scientific_name: name }) => isNamed(goods, candidate, name));
  const named = lines.length > 0;
  return html`<section class="sheet rows" id="sought" data-named=${named ? "yes" : "no"}>
    <p>${icon(named ? "yes" : "ask")} <b>${named ? t("The permit names what you identified (line {lines}).", { lines: lines.map(({ line }) => line ?? "").join(", ") }) : t("No line of the permit names what you identified. Compare the goods, or ask an expert.")}</b></p>
    <button type="button" class="card across" data-candidate=${id} @click=${() => actions.identCompare(aid, id)}>
      ${drawing(aid, candidate.drawings[0], false)}
      <span><b>${say(candidate.name)}</b><i class="taxon" lang="la">${candidate.taxon}</i><small class="on">${t("What to look at, and what it is taken for")}</small></span>
    </button>
  </section>`;
}

/**
 * Whether a name of a permit is one of the candidate's, one below it, or a synonym of one in this device's list.
 * @param {import('./goods.js').Goods} goods @param {import('../shared/ident.js').Candidate} candidate @param {string} name
 */
function isNamed({ names }, candidate, name) {
  return namesOf(candidate).some((own) => name === own || name.startsWith(`${own} `) || (names.has(own) && names.get(own) === names.get(name)));
}
