// Which document should be there, on the scanner: the questions of shared/which-view.js over what this device holds.

import { NO_RULES } from "../core/annotations.js";
import { t } from "../shared/i18n.js";
import { icon } from "../shared/icons.js";
import { listDays } from "../shared/listed.js";
import { html, nothing } from "../shared/view.js";
import "../shared/which-view.js";
import { quotasView } from "./quota-view.js";
import { telephone } from "./frame.js";
import { answerer } from "./which-actions.js";

/** @typedef {import('./state.js').State} State @typedef {import('./main.js').Actions} Actions */

/** @param {State} state @param {Actions} actions */
export function whichScreen(state, actions) {
  const { find, table, list, begin } = state.which;
  if (!find || !table)
    return html`<h1 tabindex="-1">${t("Which document should I see?")}</h1>
      <p>${t("The lists that this needs are not on this device yet: open the scanner where there is a network and sign in.")}</p>
      ${telephone(state)} ${leave(state, actions)}`;
  const further = (/** @type {unknown} */ _, /** @type {import('./which-actions.js').Found} */ found) => html`${found.quotas?.length === 0 ? nothing : quotasView(found.quotas)} ${telephone(state)}`;
  return html`<tamga-which
      .heading=${t("Which document should I see?")}
      .about=${[t("Without a network for the species that officers here meet. For others the service is asked."), list ? listDays(list) : ""].join(" ")}
      .issuer=${state.stage.issuer}
      .zone=${state.stage.zone}
      .annotations=${table.annotations ?? NO_RULES}
      .find=${find}
      .answer=${answerer(state, table)}
      .begin=${begin}
      .further=${further}
    ></tamga-which>
    ${leave(state, actions)}`;
}

/** @param {State} state @param {Actions} actions */
const leave = (state, actions) => html`<div class="choices">
  ${state.subject ? html`<button type="button" @click=${() => actions.go("verdict")}>${icon("again")}<span>${t("Back to the verdict")}</span></button>` : nothing}
  ${state.ident.looked.length > 0 ? html`<button type="button" id="back-to-aid" @click=${() => actions.go("ident")}>${icon("again")}<span>${t("Back to what it may be")}</span></button>` : nothing}
  <button type="button" @click=${() => actions.go("find")}>${icon("close")}<span>${t("Leave the questions")}</span></button>
</div>`;

/** What a permit's line says already. @param {import('../shared/show.js').Verdict['permit'] & {}} permit @param {any} line @param {string} direction @param {string} issuer */
export const knownOf = (permit, line, direction, issuer) => ({
  taxon: line.scientific_name,
  said: {
    direction: direction === "transit" ? "transit" : direction === "return" ? "return" : permit.importer.country === issuer ? "import" : "export",
    term: line.term,
    use: "none",
    source: line.source,
    purpose: permit.purpose ?? "",
    origin: line.origin?.country ?? permit.exporter.country,
    ...(permit.importer.country === issuer ? { exporting: permit.exporter.country } : { destination: permit.importer.country }),
  },
});

/** One for each species of the permit. @param {State} state @param {import('../shared/show.js').Verdict} verdict @param {Actions} actions */
export function askWhich(state, verdict, actions) {
  const { permit } = verdict;
  if (!permit) return nothing;
  const lines = permit.lines.filter((line, index) => permit.lines.findIndex((other) => other.scientific_name === line.scientific_name) === index);
  return html`<section class="rows">
    ${lines.slice(0, 4).map(
      (line) => html`<button type="button" class="ask-which" @click=${() => void actions.which(knownOf(permit, line, state.subject?.direction ?? "export", state.stage.issuer))}>
        ${icon("file")}<span>${t("Which document should I see?")} <i class="taxon" translate="no">${line.scientific_name}</i></span>
      </button>`,
    )}
  </section>`;
}
