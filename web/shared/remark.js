// What our tables of species remark, and who says so, in the reader's language. What another list brought with it is a
// quotation: it stands as it was written, in English.

import { held, language, t } from "./i18n.js";
import { html, nothing } from "./view.js";

/** @param {string} text */
export const remark = (text) => (text in held().remarks ? html`<span>${held().remarks[text]}</span>` : html`<span lang="en">${text}</span>`);

/** Where an entry or a rule comes from; the title of a paper without a translation is cited in English. @param {string} text */
export const citation = (text) => (text in held().remarks ? remark(text) : html`<cite lang="en">${text}</cite>`);

/** What the listing says of a taxon; in English only, whose words they are. @param {{annotation: string, source: string}} taxon */
export const annotation = ({ annotation: text, source }) => html`${language() === "en" || text in held().remarks ? nothing : html`<small>${t("In English, the words of:")} ${citation(source)}.</small> `}<q>${remark(text)}</q>`;
