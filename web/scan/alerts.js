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

    /** @param {string} id @param {'acknowledge' | 'reopen'} step @param {Record<string, string>} said */
    answerAlert: (id, step, said) =>
      busily(state, draw, async () => {
        const { body } = await askAs(`/v1/alerts/${encodeURIComponent(id)}/${step}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(said) });
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
  <p>${t("Answer by name, in words. Until a service that was asked answers, the alert goes on from desk to desk. Whoever raised it adds notes only.")}</p>
  <p class="wrong" role="alert">${state.wrong}</p>
  ${state.alerts.length === 0 ? html`<p class="sheet">${t("Nothing waits for an answer.")}</p>` : nothing}
  ${state.alerts.map((each) => html`<section class="sheet rows ${each.state === "open" ? "alarm" : ""}">
    ${alertText(each, state.stage.zone)}
    ${each.steps.includes("acknowledge") ? wordsForm(state, each.id, t("What you are doing about it"), t("I answer it"), (words) => actions.answerAlert(each.id, "acknowledge", { note: words })) : nothing}
    ${each.steps.includes("note") && each.state === "open" ? wordsForm(state, each.id, t("Note for those who answer"), t("Add the note"), (words) => actions.answerAlert(each.id, "acknowledge", { note: words })) : nothing}
    ${each.steps.includes("reopen") ? wordsForm(state, each.id, t("Why the answer is not enough"), t("Open it again"), (words) => actions.answerAlert(each.id, "reopen", { reason: words })) : nothing}
  </section>`)}
`;

/** @param {State} state @param {string} id @param {string} label @param {string} button @param {(words: string) => Promise<unknown>} send */
const wordsForm = (state, id, label, button, send) => html`<form class="rows" @submit=${async (/** @type {SubmitEvent} */ event) => {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (event.target);
  await send(String(new FormData(form).get("words")));
  if (!state.wrong) form.reset();
}}>
  <div><label for="words-${id}">${label}</label><input type="text" id="words-${id}" name="words" required maxlength="500" autocomplete="off" /></div>
  <div><button class="main" type="submit" ?disabled=${state.busy}>${button}</button></div>
</form>`;
