// An endorsement taken back: the form that asks for it, and why it was not. Who may is the service's word alone.
// Keyed by the endorsement: what was written and ticked for one never stands under another.

import { keyed } from "../node_modules/lit-html/directives/keyed.js";
import { t } from "./i18n.js";
import { html } from "./view.js";

/** @param {string} event  the endorsement's @param {boolean} busy @param {(event: string, reason: string) => Promise<unknown>} send */
export const takeBackForm = (event, busy, send) => keyed(event, html`<details>
  <summary>${t("Take this endorsement back")}</summary>
  <form class="rows" @submit=${(/** @type {SubmitEvent} */ submitted) => {
    submitted.preventDefault();
    void send(event, String(new FormData(/** @type {HTMLFormElement} */ (submitted.target)).get("reason")).trim());
  }}>
    <p>${t("Where the goods are still here, or something was entered wrongly. The endorsement counts no longer; nothing is erased, and for 180 days each check says that it was taken back.")}</p>
    <div><label for="reason-${event}">${t("Why it is taken back")}</label><input type="text" id="reason-${event}" name="reason" required pattern=".*\\S.*" maxlength="2000" autocomplete="off" /></div>
    <label class="tick"><input type="checkbox" name="sure" required /><span>${t("I have made sure of it: this endorsement shall not count.")}</span></label>
    <div><button type="submit" ?disabled=${busy}>${t("Take it back")}</button></div>
  </form>
</details>`);

/** Why it was not taken back, by the name of the service's problem; "": nothing that is of taking back. @param {string} slug */
export function notTakenBack(slug) {
  const words = {
    "two-people": t("Not taken back: whoever endorsed it, or sent it in for somebody, does not take it back. Another officer of the post does, or an approver."),
    "not-usable": t("Not taken back: it was taken back already, or the goods have arrived."),
    forbidden: t("Not taken back: within 24 hours another officer of its post does it, later an approver of the ministry."),
  };
  return words[/** @type {keyof typeof words} */ (slug)] ?? "";
}
