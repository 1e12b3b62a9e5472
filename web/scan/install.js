// Keeping the scanner on the phone like an app: what the browser offers, and how it is done where it offers nothing.

import { t } from "../shared/i18n.js";
import { icon } from "../shared/icons.js";
import { html, nothing } from "../shared/view.js";

/** @type {(Event & {prompt(): Promise<unknown>}) | null} */
let offer = null;

/** Chromium says once, at any time, that it would install this page. @param {() => void} draw */
export function listenForOffer(draw) {
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault(); // no banner of the browser's own over a verdict
    offer = /** @type {typeof offer} */ (event);
    draw();
  });
  addEventListener("appinstalled", () => {
    offer = null;
    draw();
  });
}

/** Not shown where it was opened as an app (scan.css). */
export const installView = () => html`<section class="sheet rows install">
  <h2>${t("On this phone")}</h2>
  <p>${t("Keep the scanner on the home screen: it opens there like an app, without a network too. In Chrome: the menu, then “Install app”. On an iPhone: Share, then “Add to Home Screen”.")}</p>
  ${offer ? html`<button type="button" id="install" @click=${() => void offer?.prompt()}>${icon("arrive")}<span>${t("Install")}</span></button>` : nothing}
</section>`;
