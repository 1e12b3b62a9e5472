// The camera's screen. It comes when it is wanted, with the decoder, which is large.

import "../shared/camera.js";
import { t } from "../shared/i18n.js";
import { icon } from "../shared/icons.js";
import { html } from "../shared/view.js";

/** @typedef {import('./main.js').State} State @typedef {import('./main.js').Actions} Actions */

/** @param {State} state @param {Actions} actions */
export const lookView = (state, actions) => html`
  <h1 tabindex="-1">${state.subject ? t("Scan the next page") : t("Scan the square code")}</h1>
  <tamga-camera
    @code=${(/** @type {CustomEvent<import('../shared/camera.js').Seen>} */ { detail: { texts } }) => {
      navigator.vibrate?.(40);
      const [text, ...pages] = texts;
      if (state.subject) actions.addPages(texts);
      else actions.check({ way: "code", text, pages });
    }}
  ></tamga-camera>
  <button type="button" @click=${actions.start}>${icon("close")}<span>${t("Stop")}</span></button>
`;
