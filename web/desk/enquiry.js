// An enquiry from abroad: is this permit yours, and is it good? The answer is ready to be sent, in English, a language of the Convention.

import { kindOf } from "../core/codes.js";
import { authorityName } from "../shared/frame.js";
import { t } from "../shared/i18n.js";
import { crossings } from "../shared/permit-view.js";
import { codeList, verdictCard } from "../shared/verdict-view.js";
import { html, nothing } from "../shared/view.js";
import { lookForm } from "./look.js";

/** @typedef {import('./main.js').State} State @typedef {import('../shared/show.js').Verdict} Verdict */

/** @param {State} state @param {import('./actions.js').Actions} actions */
export const enquiryView = (state, actions) => html`
  <h1 tabindex="-1">${t("Enquiry from abroad")}</h1>
  <p>${t("The person asking has the number and the check code on the paper. The answer below contains only what they are allowed to know.")}</p>
  ${lookForm(state, actions)}
  ${state.verdict
    ? html`${verdictCard(state.verdict, nothing)} ${codeList(state.verdict)}
        <section class="sheet rows" aria-labelledby="answer-title">
          <h2 id="answer-title">${t("Answer")}</h2>
          <label for="answer">${t("English, ready to send; read it first")}</label>
          <textarea id="answer" lang="en" rows="18" readonly .value=${answerTo(state.verdict, state)}></textarea>
          <div class="steps">
            <a class="button" href=${letter(answerTo(state.verdict, state))}>${t("Write an e-mail")}</a>
            <button type="button" @click=${() => void actions.copy(answerTo(/** @type {Verdict} */ (state.verdict), state))}>${t("Copy")}</button>
          </div>
        </section>`
    : nothing}
`;

/** To whom is for the person to enter: who asked is not known here. @param {string} text */
const letter = (text) => `mailto:?subject=${encodeURIComponent(text.split("\n")[0] ?? "")}&body=${encodeURIComponent(text)}`;

/** @param {import('../shared/show.js').PermitShown} permit @param {Verdict['register']} register */
const usage = ({ document_type: kind }, register) =>
  register && kindOf(kind).manyCrossings ? `crossings so far: ${crossings(register.uses)}` : `use: ${register?.use ?? "not known"}`;

/** Signed fields and the register's word; no address, no officer, no hour. @param {Verdict} verdict @param {State} state */
export function answerTo(verdict, state) {
  const { permit, register } = verdict;
  if (!permit) return `Our register holds no permit under number ${state.asked.number} with this check code.`;
  const lines = permit.lines.map((line) => `  ${line.line ?? ""} ${line.scientific_name}, Appendix ${line.appendix}, source ${line.source ?? "-"}, ${line.term}, quantity ${line.quantity}${line.unit ? ` ${line.unit}` : ""}${line.marks ? `, marks ${line.marks}` : ""}`);
  const uses = (register?.uses ?? []).filter((use) => !use.withdrawn).map((use) => `  ${use.kind} on ${use.day}: ${use.lines.map((line) => `${line.line} ${line.quantity}`).join(", ")}`);
  return [
    `Re: CITES document ${permit.number}`,
    "",
    `Document ${permit.number} (${permit.document_type}) was signed by us on ${permit.issued_at.slice(0, 10)} and is valid until ${permit.valid_until}.`,
    `State in our register today: ${register?.state ?? "not known"}; ${usage(permit, register)}.`,
    ...(register?.replaced_by ? [`It was replaced by ${register.replaced_by}.`] : []),
    "",
    `Exporter: ${permit.exporter.name ?? "-"}, ${permit.exporter.country}`,
    `Importer: ${permit.importer.name ?? "-"}, ${permit.importer.country}`,
    "Specimens:",
    ...lines,
    uses.length ? "Endorsed by our officers:" : "Our officers have endorsed nothing on it.",
    ...uses,
    "",
    "Please compare these fields with the paper and the goods, and tell us of any difference.",
    `Anybody can check this document at https://${state.stage.host}/1`,
    "",
    state.stage.authority.name ?? authorityName(state.stage),
  ].join("\n");
}
