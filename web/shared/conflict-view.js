// Two people, or two tabs, at one application: nothing is overwritten unread.

import { t } from "./i18n.js";
import { html } from "./view.js";

/**
 * @param {string} title  what happened @param {string} address  of theirs @param {boolean} busy
 * @param {{takeTheirs: () => unknown, keepMine: () => unknown}} actions
 */
export const conflictView = (title, address, busy, actions) => html`<section class="note rows" aria-labelledby="meeting">
  <h2 id="meeting">${title}</h2>
  <p>${t("What you entered is kept in this tab and was not saved.")} <a href=${address} target="_blank" rel="noopener">${t("Read theirs in another tab")}</a></p>
  <div class="steps">
    <button type="button" class="main" ?disabled=${busy} @click=${() => void actions.takeTheirs()}>${t("Keep theirs, discard mine")}</button>
    <button type="button" ?disabled=${busy} @click=${() => void actions.keepMine()}>${t("Save mine over theirs")}</button>
  </div>
</section>`;
