// What our tables of species remark, and who says so, in the reader's language. What another list brought with it is a
// quotation: it stands as it was written, in English.

import { held, remarkWords } from "./i18n.js";
import { html } from "./view.js";

/** @param {string} text */
export const remark = (text) => (text in held().remarks ? html`<span>${remarkWords(text)}</span>` : html`<span lang="en">${text}</span>`);
