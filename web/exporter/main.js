// The exporter's page at /exporter/: apply, follow, download, give back. The service has everything; what has not reached it
// yet is kept in this tab (kept.js, waiting.js). Where one is stands behind # in the address, so Back and Forward work.

import { Unreachable } from "../shared/api.js";
import { authorityName, brand, languageSwitch, practiceStrip, readStage, telephoneLink, versionLine } from "../shared/frame.js";
import { preferred, speak, t } from "../shared/i18n.js";
import { signedIn } from "../shared/sign-in.js";
import { toTitle } from "../shared/title.js";
import { learnView } from "../shared/tour.js";
import { html, mount, need, nothing } from "../shared/view.js";
import { makeActions } from "./actions.js";
import { placeOf } from "./place.js";
import { screen } from "./screens.js";
import { stops } from "./tour.js";

/**
 * @typedef {object} State
 * @property {import('../shared/frame.js').Stage} stage
 * @property {number} now  seconds since 1970, as this device has it: for reminders only
 * @property {import('./place.js').Place} place
 * @property {boolean} busy
 * @property {boolean} signedOut
 * @property {any[] | null} list  rows of GET /v1/permits
 * @property {string | null} cursor  of older rows
 * @property {string} id  of the draft or permit that is open, "" for none
 * @property {import('./record.js').Permit | null} permit  as the service has it
 * @property {import('./record.js').Application} record  the answers, sent or not
 * @property {import('./kept.js').Made} made  what `record` was made of
 * @property {import('./record.js').Permit | null} theirs  what was saved meanwhile in another tab, or by somebody else
 * @property {{at: string, action: string, by: string}[]} history
 * @property {import('./notices.js').Person} person  where notices go, as it stands in the form
 * @property {import('./notices.js').Person | null} noted  the same as the service has it; null: not asked yet
 * @property {import('../shared/api.js').FieldError[]} faults  what sending would refuse, as far as it was asked
 * @property {import("../shared/warnings.js").Warning[]} warnings  remarks that refuse nothing, as far as they were asked
 * @property {Map<string, import('../shared/taxa.js').Entry | null>} taxa  what the list has of the goods' names, as far as it was asked
 * @property {[string, import('../shared/importer.js').ImporterAsk[]][]} abroad  what the importing country also asks for, by species
 * @property {boolean} checked  whether `faults` speaks for `record`
 * @property {Map<string, string>} wrong  path -> words, of the page that is open
 * @property {string} trouble  why the service was not reached, or did not do it
 * @property {(() => unknown) | null} again  what to try again
 * @property {string} done  what was just done
 * @typedef {ReturnType<typeof makeActions>} Actions
 */


const [stage] = await Promise.all([readStage(), speak("exporter", preferred())]);
const known = await signedIn(stage).catch((error) => {
  if (error instanceof Unreachable) return false;
  throw error;
});

/** @type {State} */
const state = {
  stage,
  now: Math.floor(Date.now() / 1000),
  place: placeOf(location.hash),
  busy: false,
  signedOut: !known,
  list: null,
  cursor: null,
  id: "",
  permit: null,
  record: {},
  made: { version: 0, base: "" },
  theirs: null,
  history: [],
  person: { notify: null },
  noted: null,
  faults: [],
  warnings: [],
  taxa: new Map(),
  abroad: [],
  checked: false,
  wrong: new Map(),
  trouble: "",
  again: null,
  done: "",
};

const view = () => html`
  ${practiceStrip(stage)}
  <header class="top">${brand(t("Permits for exporters"), "/exporter/")} ${languageSwitch(speakAlso)}</header>
  <main class="page" id="main">${screen(state, actions)}</main>
  <footer class="foot">
    <p>${authorityName(stage)}</p>
    ${stage.duty_number ? html`<p>${t("Questions:")} ${telephoneLink(stage.duty_number)}</p>` : nothing}
    ${learnView(stage, stops)}
    ${state.signedOut ? nothing : html`<p><button class="plain" type="button" @click=${() => void actions.leave()}>${t("Sign out")}</button></p>`}
    ${versionLine(stage)}
  </footer>
`;

/** @param {string} wanted */
async function speakAlso(wanted) {
  await speak("exporter", wanted);
  Object.assign(state, { trouble: "", done: "" }); // said in the language before
  document.title = t("Tamga: apply for a CITES permit");
  draw();
  void actions.askAbroad();
  /** @type {any} */ (document.querySelector("tamga-which"))?.spoken();
}

async function arrive() {
  state.place = placeOf(location.hash);
  const there = actions.arrive();
  await fromTop();
  await there;
  await Promise.resolve(); // drawn
  if (document.activeElement === document.body) await fromTop(); // nobody is in a field yet
}

async function fromTop() {
  await toTitle();
  scrollTo({ top: 0 });
}

document.title = t("Tamga: apply for a CITES permit");
/** @type {Actions} */
const actions = makeActions(state, () => draw());
const draw = mount(need("#app"), view);
addEventListener("hashchange", () => void arrive());
await actions.begin();
await actions.arrive();
