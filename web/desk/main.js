// The ministry's desk at /desk/: queue, permit, form, duty desk, enquiries. Where one is stands behind # in the address, so
// Back and Forward work; what each screen offers is what the service says that this person could do.

import { Problem, Unreachable } from "../shared/api.js";
import { authorityName, brand, languageSwitch, practiceStrip, readStage, versionLine } from "../shared/frame.js";
import { preferred, speak, t } from "../shared/i18n.js";
import { nowhereYet } from "../shared/ident-steps.js";
import { may, personStrip, signInView, whoAmI } from "../shared/person.js";
import { SignedOut, claim } from "../shared/session.js";
import { signedIn } from "../shared/sign-in.js";
import { learnView } from "../shared/tour.js";
import { roomFor } from "../shared/verdict-view.js";
import { html, mount, need, nothing } from "../shared/view.js";
import { makeActions } from "./actions.js";
import { deputiesView } from "./deputies.js";
import { devicesView } from "./devices.js";
import { dutyView } from "./duty.js";
import { SCREENS, enforcementScreen, enforcementTabs, keepLooking, nothingYet } from "./enforcement.js";
import { enquiryView } from "./enquiry.js";
import { noParties } from "./exchange-actions.js";
import { exchangeView } from "./exchange.js";
import { expertsView, noQuestions } from "./experts.js";
import { identifyView } from "./identify.js";
import { forgetKept } from "./kept.js";
import { neededFor } from "./needed.js";
import { operationsView } from "./operations.js";
import { nothingFlagged } from "./pattern-actions.js";
import { patternView, patternsView } from "./patterns.js";
import { permitView } from "./permit.js";
import { placeOf } from "./place.js";
import { prepareView } from "./prepare.js";
import { queueView } from "./queue.js";
import { quotasView } from "./quotas.js";
import { reportsView } from "./reports.js";
import { speciesListsView } from "./species-lists.js";
import { stampsView } from "./stamps.js";
import { stops } from "./tour.js";

/**
 * @typedef {object} State
 * @property {import('../shared/frame.js').Stage} stage
 * @property {import('../shared/person.js').Person | null} me
 * @property {import('./place.js').Place} place
 * @property {boolean} busy
 * @property {boolean} signedOut
 * @property {string} trouble  why something was not done
 * @property {string} done  what was
 * @property {import('./service.js').Entry[] | null} list
 * @property {string | null} cursor  of older ones
 * @property {import('./service.js').Permit | null} permit
 * @property {import('./service.js').Event[]} history
 * @property {import('./service.js').Exchanged | null} exchanged  with other Parties
 * @property {string} step  whose form is open
 * @property {string} print  address of the print that was fetched
 * @property {string} preview  address of the form as it would print
 * @property {boolean} previewing  it is being made: its place is kept
 * @property {import('./service.js').Application} record  the form that is being filled in
 * @property {boolean} opened  it is the one of this place
 * @property {Pick<import('./service.js').Permit, 'replaces' | 'block_5'> | null} stored  the form's application as the service has it
 * @property {number} version  that the form was made of
 * @property {{version: number, by: string} | null} theirs  what somebody else saved meanwhile
 * @property {boolean} saved  whether the service has it as it stands
 * @property {Map<string, import('../shared/taxa.js').Entry | null> | null} known  of the form's species
 * @property {Awaited<ReturnType<typeof import('./service.js').deputies>> | null} deputies
 * @property {{year: number, items: import('./service.js').Quota[], proposals: import('./service.js').QuotaProposal[]} | null} quotas
 * @property {{items: import('./service.js').QuotaChange[], cursor: string | null} | null} quotaPast  of the one that is chosen
 * @property {Map<string, {year: number, items: import('./service.js').Quota[]}> | null} bounds  the quotas of the form's species
 * @property {{post: string, items: import('./devices.js').Device[], losing: string,
 *   kept: {device: string, items: import('../shared/kept-apart.js').Apart[]} | null} | null} devices  of one post
 * @property {Map<string, import('../shared/which.js').Found> | null} needed  documents, by the form's species
 * @property {Awaited<ReturnType<typeof import('./service.js').stopsOf>> | null} stops  of the permit that is shown
 * @property {Awaited<ReturnType<typeof import('./service.js').overrides>> | null} overrides  of this year
 * @property {import('./report-service.js').Reports | null} reports  of the year, file and basis that are chosen
 * @property {import('./species-list-actions.js').SpeciesLists | null} speciesLists
 * @property {import('./service.js').Stock | null} stock  of security stamps
 * @property {{items: import('./service.js').Stamp[], cursor: string | null} | null} ofRun  those of one run that are not free
 * @property {import('./enforcement.js').Enforcement} enforcement
 * @property {import('./experts.js').Experts} experts  questions to the Scientific Authority
 * @property {import('../shared/ident.js').Ident} ident  where one is in the identification aid
 * @property {Record<string, string> | null} identified  goods that a new case begins with
 * @property {import('./exchange-actions.js').Parties} parties  of the exchange
 * @property {number} openAlerts  that wait for an answer
 * @property {import('./pattern-actions.js').Patterns} patterns
 * @property {string} key  of a new draft or an endorsement: made once, however often it is sent
 * @property {import('../shared/api.js').FieldError[]} faults  what stands against submitting it
 * @property {string[]} findings  what it will ask for
 * @property {import("../shared/warnings.js").Warning[]} warnings  remarks on the form that refuse nothing
 * @property {import('../shared/show.js').Verdict | null} verdict  of the permit that was looked up
 * @property {import('./duty-actions.js').Receipt | null} receipt  of the endorsement that was just made for a post
 * @property {Map<string, import('./block14.js').Stamped[]>} stamped  photographs of block 14, by the endorsement
 * @property {{number: string, code: string}} asked
 */

const [stage] = await Promise.all([readStage(), speak("desk", preferred())]);
let known = false;
/** @type {import('../shared/person.js').Person | null} */
let me = null;
let trouble = "";
try {
  known = await signedIn(stage);
  if (known) {
    me = await whoAmI();
    claim(me.id, forgetKept);
  }
} catch (error) {
  if (error instanceof SignedOut) known = false;
  else if (error instanceof Problem || error instanceof Unreachable) trouble = t("The service does not answer. Reload the page.");
  else throw error;
}

/** @type {State} */
const state = {
  stage,
  me,
  place: placeOf(location.hash),
  busy: false,
  signedOut: !known,
  trouble,
  done: "",
  list: null,
  cursor: null,
  permit: null,
  history: [],
  exchanged: null,
  step: "",
  print: "",
  preview: "",
  previewing: false,
  record: {},
  opened: false,
  stored: null,
  version: 0,
  theirs: null,
  saved: true,
  known: null,
  deputies: null,
  devices: null,
  needed: null,
  stops: null,
  overrides: null,
  reports: null,
  speciesLists: null,
  stock: null,
  ofRun: null,
  quotas: null,
  quotaPast: null,
  bounds: null,
  enforcement: nothingYet(),
  patterns: nothingFlagged(),
  experts: noQuestions(),
  ident: nowhereYet(),
  identified: null,
  parties: noParties(),
  openAlerts: 0,
  key: "",
  faults: [],
  findings: [],
  warnings: [],
  verdict: null,
  receipt: null,
  stamped: new Map(),
  asked: { number: "", code: "" },
};

/** @param {string} step */
const can = (step) => may(state.me, step);
const ofMinistry = () => can("stops"); // of what stands against any permit the ministry alone is told
const identifying = () => ofMinistry() || can("open_case");

const view = () => html`
  ${practiceStrip(stage)}
  <header class="top">
    ${brand(t("CITES desk of the ministry"), "/desk/")}
    ${state.me && !state.signedOut ? personStrip(stage, state.me, forgetKept) : nothing} ${languageSwitch(speakAlso)}
  </header>
  <main class="page" id="main">
    ${state.signedOut ? signInView(stage, state.me ? t("Your sign-in has run out. What you entered is kept in this tab.") : "") : signedInView()}
  </main>
  <footer class="foot"><p>${authorityName(stage)}</p>${learnView(stage, stops)}${versionLine(stage)}</footer>
`;

const signedInView = () => html`
  <nav aria-label=${t("Desk")}>
    <ul class="tabs">
      ${ofMinistry() ? tab("queue", t("Permits")) : nothing} ${ofMinistry() && can("create") ? tab("prepare/new", t("New application")) : nothing}
      ${can("quotas") ? tab("quotas", t("Quotas")) : nothing} ${can("stamps") ? tab("stamps", t("Stamps")) : nothing} ${can("deputies") ? tab("deputies", t("Deputies")) : nothing}
      ${ofMinistry() ? html`${tab("experts", t("Questions to experts"))} ${tab("reports", t("Reports"))} ${tab("species", t("Species list"))}` : nothing}
      ${enforcementTabs(state.me, state.openAlerts).map(({ place, words, room }) => tab(place, words, room))}
      ${can("patterns") ? tab("patterns", t("Patterns")) : nothing} ${can("set_operation") ? tab("operations", t("Breeding operations")) : nothing}
      ${identifying() ? tab("identify", t("Identification aid")) : nothing}
      ${can("endorse") ? tab("duty", t("Duty desk")) : nothing} ${can("devices") ? tab("devices", t("Devices")) : nothing} ${(ofMinistry() || can("endorse")) ? tab("enquiry", t("Enquiry from abroad")) : nothing}
      ${(can("exchange") || can("ask_party")) ? tab("exchange", t("Exchange with other Parties")) : nothing}
    </ul>
  </nav>
  <div role="alert">${state.trouble ? html`<p class="note"><b>${state.trouble}</b></p>` : nothing}</div>
  <div role="status">${state.done ? html`<p class="note done">${state.done}</p>` : nothing}</div>
  ${screen()}
`;

function screen() {
  const { screen: name } = state.place;
  if (!state.me) return html`<h1 tabindex="-1">${t("CITES desk of the ministry")}</h1>`;
  if (name === "duty" && can("endorse")) return dutyView(state, actions);
  if (name === "enquiry" && (ofMinistry() || can("endorse"))) return enquiryView(state, actions);
  if (name in SCREENS && can(SCREENS[name])) return enforcementScreen(state, actions);
  if (name === "patterns" && can("patterns")) return state.place.id ? patternView(state, actions) : patternsView(state, actions);
  if (name === "operations" && can("operations")) return operationsView(state, actions);
  if (name === "exchange" && (can("exchange") || can("ask_party"))) return exchangeView(state, actions);
  if (name === "identify" && identifying()) return identifyView(state, actions);
  if (name === "devices" && can("devices")) return devicesView(state, actions);
  if (!ofMinistry()) return html`<h1 tabindex="-1">${t("CITES desk of the ministry")}</h1><p>${t("This screen is not for your role.")}</p>`;
  if (name === "prepare") return can("create") ? prepareView(state, actions) : html`<h1 tabindex="-1">${t("Application")}</h1><p>${t("This screen is not for your role.")}</p>`;
  if (name === "experts") return expertsView(state, actions);
  if (name === "species") return speciesListsView(state, actions);
  if (name === "reports") return reportsView(state, actions);
  if (name === "quotas") return quotasView(state, actions);
  if (name === "deputies" && can("deputies")) return deputiesView(state, actions);
  if (name === "stamps") return can("stamps") ? stampsView(state, actions) : html`<h1 tabindex="-1">${t("Security stamps")}</h1><p>${t("This screen is not for your role.")}</p>`;
  return name === "permit" ? permitView(state, actions) : queueView(state, actions);
}

/** Where one is stands in bold: room is kept for that. @param {string} place @param {string} words @param {string} [room]  what it may say a moment later */
const tab = (place, words, room = words) => html`<li><a href="#/${place}" aria-current=${place.startsWith(state.place.screen) ? "page" : nothing}>${roomFor(words, room)}</a></li>`;

/** @param {string} wanted */
async function speakAlso(wanted) {
  await speak("desk", wanted);
  Object.assign(state, { trouble: "", done: "" }); // said in the language before
  title();
  if (state.place.screen === "patterns" && !state.signedOut) await actions.arrive(); // the sentences are the service’s
  draw();
  if (!state.needed) return;
  const { place, needed: before } = state;
  const needed = await neededFor(place.screen === "prepare" ? state.record : (state.permit ?? {}), stage.issuer);
  if (state.place !== place || state.needed !== before) return;
  state.needed = needed;
  draw();
}

function title() {
  document.title = t("Tamga: the ministry’s desk");
}

/** An officer without a role of the ministry begins at the duty desk. */
function arrive() {
  if (!location.hash && !ofMinistry() && can("endorse")) history.replaceState(null, "", "#/duty");
  if (!location.hash && !ofMinistry() && can("watch")) history.replaceState(null, "", "#/alerts");
  return ofMinistry() || !["queue", "permit", "prepare", "stamps", "deputies", "quotas", "experts", "reports", "species"].includes(placeOf(location.hash).screen) ? actions.arrive() : draw();
}

title();
/** @type {import("./actions.js").Actions} */
const actions = makeActions(state, () => draw());
const draw = mount(need("#app"), view);
addEventListener("hashchange", () => void arrive());
if (!state.signedOut && state.me) await arrive();
draw();
keepLooking(state, draw);
