// The ways back to what was begun and left for another screen: the permit in hand, as far as it has come, and the forms.

import { t } from "../shared/i18n.js";
import { icon } from "../shared/icons.js";
import { html, nothing } from "../shared/view.js";
import { kindWord } from "./event-words.js";
import { currentVerdict } from "./state.js";

/** @typedef {import('./state.js').State} State @typedef {import('./main.js').Actions} Actions */

const HOLDS = 600; // seconds: what a verdict said may have changed since, so it is scanned again

/** @param {State} state @param {Actions} actions */
export const begunView = ({ subject, form, receipt, unfinished }, actions) => html`
  ${subject ? permitInHand(subject, receipt ? "receipt" : form ? "endorse" : "verdict", actions) : nothing}
  ${unfinished.map((each) => html`<button class="main" type="button" @click=${() => actions.goOn(each)}>${icon("again")}<span>${goOnWith(kindWord(each), each.fields.number)}</span></button>`)}
`;

/** @param {import('./state.js').Subject} subject @param {'receipt' | 'endorse' | 'verdict'} screen @param {Actions} actions */
const permitInHand = (subject, screen, actions) => {
  if (screen === "verdict" && Date.now() / 1000 - subject.at > HOLDS) return nothing;
  const number = currentVerdict(subject)?.permit?.number;
  const words = screen === "verdict" ? [t("Back to the verdict"), number].filter(Boolean).join(": ") : goOnWith(kindWord({ kind: "endorsement" }), number);
  return html`<button class=${screen === "verdict" ? "" : "main"} type="button" id="in-hand" @click=${() => actions.go(screen)}>${icon("again")}<span>${words}</span></button>`;
};

/** @param {string} kind @param {string} [number] */
const goOnWith = (kind, number) => `${t("Go on with what you were writing down")}: ${[kind, number].filter(Boolean).join(" ")}`;
