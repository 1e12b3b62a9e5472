// The identification aid beside the questions, at `#/identify`, for whoever does not know the name of what they have.

import { telephoneLink } from "../shared/frame.js";
import { t } from "../shared/i18n.js";
import { icon } from "../shared/icons.js";
import { AID, arrived, identSteps, nowhereYet } from "../shared/ident-steps.js";
import { identView } from "../shared/ident-view.js";
import { findTaxa, quietly } from "../shared/requirements.js";
import { html, nothing } from "../shared/view.js";

/** @typedef {{taxon: import('../shared/which.js').Taxon, said: Record<string, string>}} Known  the questions begin behind its name */

let ident = nowhereYet();
let away = false;
const steps = identSteps(() => ident);

export const inAid = () => location.hash.startsWith(AID);

/** Goes where the address says. @param {() => void} draw */
export async function arrive(draw) {
  const asked = location.hash;
  draw();
  const found = inAid() ? await quietly(arrived) : nowhereYet();
  if (asked !== location.hash) return;
  away = found === null;
  ident = found ?? nowhereYet();
  draw();
  await Promise.resolve();
  scrollTo({ top: 0 });
  /** @type {HTMLElement | null} */ (document.querySelector("main h1"))?.focus({ preventScroll: true });
}

/** @param {string} duty @param {() => void} draw @param {(known: Known | null) => void} begin  the questions, with what is known by then */
export function aidView(duty, draw, begin) {
  if (away) return html`<h1 tabindex="-1">${t("No answer at the moment")}</h1><p><button type="button" class="main" @click=${() => void arrive(draw)}>${t("Try again")}</button></p>`;
  const telephone = duty ? html`<p>${t("Questions:")} ${telephoneLink(duty)}</p>` : nothing;
  return identView(ident, steps, {
    leave: html`<button type="button" id="leave-aid" @click=${() => begin(null)}>${icon("close")}<span>${t("Leave the aid")}</span></button>`,
    telephone,
    none: html`<p>${t("None of these? Ask the ministry.")}</p>`,
    species: () => nothing,
    next: (_, { taxon, appendix }, { term }) =>
      appendix === "none"
        ? nothing
        : html`<button type="button" class="main" id="ident-which" @click=${async () => begin(await known(taxon, term))}>${icon("file")}<span>${t("Which permit do I need?")}</span></button>
            <p>${t("Is there a permit? It must name this species.")} <a href="/1">${t("Check a permit")}</a></p>`,
  });
}

/** The list's entry of this very name, and what is in the hand; null: one is asked for it. @param {string} name @param {string} term @returns {Promise<Known | null>} */
async function known(name, term) {
  const taxon = (await findTaxa(name))?.find((each) => each.scientific_name === name || each.found_by === name);
  return taxon ? { taxon, said: { term } } : null;
}
