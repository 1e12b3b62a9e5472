// A guided tour of a page: one thing after another is ringed, and a panel at the lower edge says what it is for. The page
// stays as it is and can be used meanwhile; what is not on the screen now is left out.

import { t } from "./i18n.js";
import { Living, html } from "./view.js";

/** @typedef {{at: string, say: string}} Stop  `at`: a selector */

const RINGED = "ringed";

class Tour extends Living {
  /** @type {Stop[]} */
  stops = [];
  at = 0;
  /** @type {HTMLElement | null} */
  home = null; // where the focus goes back to

  connectedCallback() {
    super.connectedCallback();
    this.setAttribute("role", "dialog");
    this.setAttribute("aria-label", t("Tour"));
    this.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.remove();
    });
    this.show(0);
  }

  disconnectedCallback() {
    ring(null);
    this.home?.focus();
  }

  /** @param {number} at */
  show(at) {
    if (at >= this.stops.length) return this.remove();
    this.at = at;
    ring(document.querySelector(this.stops[at].at));
    this.changed();
    queueMicrotask(() => queueMicrotask(() => /** @type {HTMLElement | null} */ (this.querySelector("p"))?.focus()));
  }

  view() {
    const last = this.at === this.stops.length - 1;
    return html`<p tabindex="-1">${this.stops[this.at].say}</p>
      <div class="choices">
        <button type="button" class="main" @click=${() => this.show(this.at + 1)}>${last ? t("Done") : t("Next")}</button>
        ${last ? "" : html`<button type="button" @click=${() => this.remove()}>${t("End the tour")}</button>`}
      </div>
      <p class="hint">${t("{at} of {count}", { at: this.at + 1, count: this.stops.length })}</p>`;
  }
}

customElements.define("tamga-tour", Tour);

/** @param {Element | null} target */
function ring(target) {
  document.querySelector(`.${RINGED}`)?.classList.remove(RINGED);
  target?.classList.add(RINGED);
  target?.scrollIntoView({ block: "center" });
}

/** Goes round the stops that are on the screen; one tour at a time. @param {Stop[]} stops */
export function goRound(stops) {
  document.querySelector("tamga-tour")?.remove();
  const tour = new Tour();
  tour.stops = stops.filter(({ at }) => document.querySelector(at));
  tour.home = /** @type {HTMLElement | null} */ (document.activeElement);
  if (tour.stops.length) document.body.append(tour);
}

/** Films and workshops stand on the public host; a local run has one host. @param {import('./frame.js').Stage} stage */
export const trainingAt = (stage) =>
  ["localhost", "127.0.0.1", "[::1]"].includes(location.hostname) ? "/training/" : `https://${stage.host}/training/`;

/** The way to learn that stands on a door. @param {import('./frame.js').Stage} stage @param {() => Stop[]} stops */
export const learnView = (stage, stops) => html`<p class="learn">
  <button class="plain" type="button" @click=${() => goRound(stops())}>${t("Show me round")}</button>
  <a href=${trainingAt(stage)}>${t("Films and practice")}</a>
</p>`;
