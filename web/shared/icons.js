// The icons, drawn here. Each outcome has a silhouette of its own, so that nobody needs its colour.

import { svg } from "../node_modules/lit-html/lit-html.js";
import { html } from "./view.js";

/** @typedef {keyof typeof DRAWN} Icon */

const DRAWN = {
  // Outcomes
  accept: svg`<circle cx="32" cy="32" r="28.5"/><path d="M18 33l10 10 19-22"/>`,
  accept_offline: svg`<path d="M4 5h56v37L32 60 4 42z"/><path d="M20 24l8 8 16-17"/><path d="M22 44h2m7 0h2m7 0h2"/>`,
  check: svg`<path d="M32 5l29 53H3z"/><path d="M26 30v18m12-18v18"/>`,
  not_valid: svg`<path d="M5 5h54v54H5z"/><path d="M18 18l28 28"/>`,
  hold: svg`<path d="M21 4h22l17 17v22L43 60H21L4 43V21z"/><path d="M18 32h28"/>`,
  cannot_tell: svg`<path d="M32 3l29 29-29 29L3 32z"/><path d="M24.5 26c0-10 15-10 15-1 0 6-7.5 6-7.5 12"/><path d="M32 45v1"/>`,
  pending: svg`<path d="M32 4a28 28 0 1 0 28 28" class="busy"/>`,
  // Stages
  yes: svg`<path d="M12 33l14 14 26-30"/>`,
  no: svg`<path d="M14 14l36 36m0-36L14 50"/>`,
  unknown: svg`<path d="M14 32h36"/>`,
  // Ways and actions
  camera: svg`<path d="M6 20h12l6-9h16l6 9h12v34H6z"/><circle cx="32" cy="36" r="11"/>`,
  file: svg`<path d="M14 4h24l14 14v42H14z"/><path d="M38 4v14h14M32 52V28m-9 8l9-9 9 9"/>`,
  number: svg`<path d="M5 14h54v36H5z"/><path d="M15 26h6m6 0h6m6 0h10M15 38h22"/>`,
  print: svg`<path d="M16 22V5h32v17M16 48H5V22h54v26H48"/><path d="M16 38h32v21H16z"/>`,
  ask: svg`<path d="M6 10h52v34H28L16 56V44H6z"/>`,
  again: svg`<path d="M54 32a22 22 0 1 1-7-16"/><path d="M48 4v13H35"/>`,
  leave: svg`<path d="M36 8H8v48h28"/><path d="M24 32h34M46 18l14 14-14 14"/>`,
  arrive: svg`<path d="M28 8h28v48H28"/><path d="M4 32h34M26 18l14 14-14 14"/>`,
  look: svg`<path d="M3 32c14-25 44-25 58 0-14 25-44 25-58 0z"/><circle cx="32" cy="32" r="9"/>`,
  close: svg`<path d="M14 14l36 36m0-36L14 50"/>`,
  torch: svg`<path d="M20 6h24v10l-6 10v32H26V26l-6-10z"/><path d="M32 34v6"/>`,
};

/** An icon beside words that say the same: hidden from who listens. @param {Icon} name */
export const icon = (name) => html`<svg
  viewBox="0 0 64 64"
  fill="none"
  stroke="currentColor"
  stroke-width="5"
  stroke-linecap="round"
  stroke-linejoin="round"
  aria-hidden="true"
>${DRAWN[name]}</svg>`;
