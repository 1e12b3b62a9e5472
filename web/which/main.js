// Which permit does one need? At /which/, for anybody, without signing in; the answers are the service's.

import { authorityName, brand, languageSwitch, practiceStrip, readStage, telephoneLink, versionLine } from "../shared/frame.js";
import { preferred, speak, t } from "../shared/i18n.js";
import { icon } from "../shared/icons.js";
import { dataOrigin } from "../shared/listed.js";
import { AID } from "../shared/ident-steps.js";
import { html, mount, need, nothing } from "../shared/view.js";
import "../shared/which-view.js";
import { ours } from "../shared/which.js";
import { findTaxa, tellRequirements } from "../shared/requirements.js";
import { aidView, arrive, inAid } from "./aid.js";

const [stage] = await Promise.all([readStage(), speak("which", preferred())]);

/** @param {Record<string, string>} _ @param {import('../shared/which.js').Found} found */
const further = (_, found) =>
  ours(found, stage.issuer)
    ? html`<section class="sheet rows"><p>${t("You apply for it at the ministry, on the exporters’ page, with an account that the ministry gives you. There the same questions begin an application.")}</p></section>`
    : nothing;

const view = () => html`
  ${practiceStrip(stage)}
  <header class="top">${brand(t("Which permit do I need?"), "/which/")} ${languageSwitch(speakAlso)}</header>
  <main class="page" id="main">
    ${inAid() ? aidView(stage.duty_number, () => draw(), begin) : nothing}
    <tamga-which
      ?hidden=${inAid()}
      .begin=${known}
      .heading=${t("Which permit do I need?")}
      .about=${t("A few questions about the goods, one at a time. Nothing of what you say is kept.")}
      .issuer=${stage.issuer}
      .zone=${stage.zone}
      .find=${findTaxa}
      .answer=${tellRequirements}
      .further=${further}
    ></tamga-which>
    ${inAid() ? nothing : html`<a class="button" id="identify" href=${AID}>${icon("look")}<span>${t("What is it? From what is in the hand")}</span></a>`}
  </main>
  <footer class="foot">
    <p>${authorityName(stage)}</p>
    ${stage.duty_number ? html`<p>${t("Questions:")} ${telephoneLink(stage.duty_number)}</p>` : nothing}
    <p><a href="/1">${t("Check a permit")}</a> · <a href="/training/">${t("Films and practice")}</a></p>
    <p><small>${dataOrigin()}</small></p>
    ${versionLine(stage)}
  </footer>
`;

/** @param {string} wanted */
async function speakAlso(wanted) {
  await speak("which", wanted);
  title();
  draw();
  /** @type {any} */ (need("tamga-which")).spoken();
}

function title() {
  document.title = t("Tamga: which CITES permit?");
}

/** @type {import('./aid.js').Known | null} */
let known = null;

/** From the aid to the questions. @param {import('./aid.js').Known | null} found */
function begin(found) {
  known = found;
  location.hash = "";
}

title();
const draw = mount(need("#app"), view);
addEventListener("hashchange", () => void arrive(draw));
if (inAid()) await arrive(draw);
