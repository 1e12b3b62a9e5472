// What stands around every page: brand, language switch, practice strip, official address, telephone.

import { LANGUAGES, jsonFile, language, offered, remember, t, whole } from "./i18n.js";
import { html, nothing } from "./view.js";

/**
 * What a page knows of the deployment (local/site.py, stage_facts).
 * @typedef {{version: string, issuer: string, host: string, zone: string, practice: boolean, duty_number: string,
 *   pins: {country: string, thumbprints: string[], practice: boolean, practice_host: string}[], authority: Record<string, string>,
 *   offline_limits: Record<string, string>, offered_first: string[], sign_in: {host: string, client_id: string},
 *   rehearsal: {host: string, pins: Stage["pins"]} | null}} Stage  `rehearsal`: what practice inside a real installation believes
 */

let issuer = "";
/** @type {string[]} */
let first = [];

/** The deployment's own country, once `readStage` has answered. */
export const home = () => issuer;

/** How a permit of this country is numbered. */
export const exampleNumber = () => `26${issuer}000123/E`;

/** The countries that forms offer before all others, by the country's own choice. */
export const offeredFirst = () => first;

/** @returns {Promise<Stage>} */
export async function readStage() {
  const stage = await jsonFile(new URL("../stage.json", import.meta.url));
  issuer = stage.issuer;
  first = stage.offered_first;
  return stage;
}

/** The authority's name, and where it is, in the reader's language, or in English. @param {Stage} stage */
export const authorityName = ({ authority }) => authority[`name_${language()}`] ?? authority.name;
/** @param {Stage} stage */
export const authorityAddress = ({ authority }) => authority[`address_${language()}`] ?? authority.address;

/** The release, which a report of a fault names. @param {Stage} stage */
export const versionLine = ({ version }) => html`<p>Tamga ${version}</p>`;

/** @param {string} title @param {string} home */
export const brand = (title, home) => html`<a class="brand" href=${home}>
  <svg viewBox="0 0 48 48" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="3.5" stroke-linecap="round">
    <circle cx="24" cy="24" r="21.5" stroke-width="2" />
    <path d="M24 11v26M14 14c0 9 20 9 20 0M14 34c0-9 20-9 20 0" />
  </svg>
  <span><b>Tamga</b><span>${title}</span></span>
</a>`;

/** @param {(wanted: string) => void} choose */
export const languageSwitch = (choose) => html`<nav class="unprinted" aria-label=${t("Language")}>
  <ul class="languages">
    ${offered().map(
      (each) => html`<li>
        <button
          type="button"
          lang=${each}
          aria-pressed=${each === language()}
          @click=${() => {
            remember(each);
            choose(each);
          }}
        >
          ${LANGUAGES[each]}
        </button>
      </li>`,
    )}
  </ul>
</nav>`;

/** @param {Stage} stage */
export const practiceStrip = (stage) =>
  stage.practice
    ? html`<aside class="practice" aria-label=${t("Practice")}><p>${t("Practice register: its permits have no value.")}</p></aside>`
    : nothing;

/** @param {string} number */
export const dialled = (number) => `tel:${number.replaceAll(/[^+0-9]/g, "")}`;

/** To tap, and never in two lines. @param {string} number */
export const telephoneLink = (number) => html`<a class="tel" href=${dialled(number)}>${whole(number)}</a>`;
