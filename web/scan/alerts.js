// Alerts of this post and of the duty desk: counted each minute where there is a network, answered by name.

import { Problem, Unreachable } from "../shared/api.js";
import { alertText } from "../shared/alert-words.js";
import { t } from "../shared/i18n.js";
import { SignedOut, askAs, bearer } from "../shared/session.js";
import { html, nothing } from "../shared/view.js";
import { busily } from "./busy.js";

/** @typedef {import('./state.js').State} State @typedef {import('./main.js').Actions} Actions @typedef {import('./main.js').Desk} Desk */

/** @param {Desk} desk */
export function alertActions({ state, draw }) {
  let turn = 0; // of the newest list: one that was asked for before an answer was given is older than it

  return {
    /** Those that wait for an answer; silence changes nothing. */
    async lookForAlerts() {
      if (state.practice || !bearer() || !navigator.onLine) return;
      const mine = (turn += 1);
      try {
        const { body } = await askAs("/v1/alerts?open=true");
        if (mine !== turn) return;
        state.alerts = body.items;
        draw();
      } catch (error) {
        if (!(error instanceof Problem || error instanceof Unreachable || error instanceof SignedOut)) throw error;
      }
    },

    /** @param {string} id */
    answerAlert: (id) =>
      busily(state, draw, async () => {
        const { body } = await askAs(`/v1/alerts/${encodeURIComponent(id)}/acknowledge`, { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" });
        turn += 1;
        state.alerts = state.alerts.map((each) => (each.id === id ? body : each));
      }),
  };
}

/** @param {State} state */
export const openCount = (state) => state.alerts.filter((each) => each.state === "open").length;

/** @param {State} state @param {Actions} actions */
export const alertsView = (state, actions) => html`
  <h1 tabindex="-1">${t("Alerts")}</h1>
  <p>${t("Whoever answers does so by name; until somebody else than who raised it has, it goes on from desk to desk.")}</p>
  <p class="wrong" role="alert">${state.wrong}</p>
  ${state.alerts.length === 0 ? html`<p class="sheet">${t("Nothing waits for an answer.")}</p>` : nothing}
  ${state.alerts.map((each) => html`<section class="sheet rows ${each.state === "open" ? "alarm" : ""}">
    ${alertText(each, state.stage.zone)}
    ${each.steps.includes("acknowledge") && each.state === "open" ? html`<button class="main" type="button" ?disabled=${state.busy} @click=${() => void actions.answerAlert(each.id)}>${t("I answer it")}</button>` : nothing}
  </section>`)}
`;
