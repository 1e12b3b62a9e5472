// "Ask the ministry about this permit": a question that is ready to be sent. The service takes no messages from strangers,
// so it goes by the reader's own mail, or is read out on the telephone. Loaded when it is asked for.

import { moment, t } from "../shared/i18n.js";
import { word } from "../shared/verdict-view.js";
import { html, need, nothing } from "../shared/view.js";

/** @typedef {import('./main.js').State} State @typedef {import('../shared/show.js').Verdict} Verdict */

/** @param {State} state @param {Verdict | null} verdict */
export function questionView(state, verdict) {
  const { email } = state.stage.authority;
  const text = question(state, verdict);
  return html`<div>
      <label for="question">${t("Your question, ready to send or to read out")}</label>
      <textarea id="question" readonly rows="9" .value=${text}></textarea>
    </div>
    <div class="choices">
      ${email ? html`<a class="button" href=${letter(email, state, verdict, text)}>${t("Write an e-mail")}</a>` : nothing}
      <button type="button" @click=${() => void copy(text)}>${t("Copy the question")}</button>
    </div>
    <p class="hint" id="copied" role="status"></p>`;
}

/** @param {State} state @param {Verdict | null} verdict */
function question(state, verdict) {
  const at = verdict ? Date.parse(verdict.checked_at) : Date.now();
  return [
    t("CITES document: {number}", { number: numberOf(state, verdict) ?? "–" }),
    t("Checked: {when}", { when: moment(at / 1000, state.stage.zone) }),
    t("Result: {result}", { result: verdict?.words ?? word("cannot_tell") }),
    ...(state.reference ? [t("Reference: {reference}", { reference: state.reference })] : []),
    "",
    t("Please tell us whether you issued this document, whether it is still valid and unused, and for which goods."),
    t("Our name, authority and telephone:"),
    "",
  ].join("\n");
}

/** A verified number, or the one that the reader typed. @param {State} state @param {Verdict | null} verdict */
const numberOf = (state, verdict) =>
  verdict?.permit?.number ?? (state.subject?.way === "number" ? state.subject.number : undefined);

/** @param {string} to @param {State} state @param {Verdict | null} verdict @param {string} text */
function letter(to, state, verdict, text) {
  const subject = t("CITES document: {number}", {
    number: `${numberOf(state, verdict) ?? "–"} ${state.reference.slice(0, 8)}`.trim(),
  });
  return `mailto:${to}?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(text)}`;
}

/** @param {string} text */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    need("#copied").textContent = t("Copied.");
  } catch {
    /** @type {HTMLTextAreaElement} */ (need("#question")).select(); // the browser's own way to copy remains
  }
}
