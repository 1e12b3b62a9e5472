// A telephone number: to tap, and never in two lines.

import { whole } from "./i18n.js";
import { html } from "./view.js";

/** @param {string} number */
export const dialled = (number) => `tel:${number.replaceAll(/[^+0-9]/g, "")}`;

/** @param {string} number */
export const telephoneLink = (number) => html`<a class="tel" href=${dialled(number)}>${whole(number)}</a>`;
