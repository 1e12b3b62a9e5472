// The public check at /1: takes what a phone's camera brought out of the address, judges it here, asks the register, says
// both. What it shows is drawn by start.js and result.js; what it knows stands in `state`.

import { Problem, Unreachable } from "../shared/api.js";
import { authorityName, brand, languageSwitch, practiceStrip, readStage, versionLine } from "../shared/frame.js";
import { country, preferred, speak, t } from "../shared/i18n.js";
import { html, mount, need, nothing } from "../shared/view.js";
import { askService } from "./ask.js";
import { complain } from "./file-way.js";
import { Lists, judgeHere } from "./here.js";
import { resultView } from "./result.js";

/**
 * @typedef {'none' | 'export' | 'import'} Direction
 * @typedef {{way: 'code', text: string, pages: string[]} | {way: 'file', file: Blob}
 *   | {way: 'number', number: string, code: string, validUntil: string}} Subject  what is checked
 * @typedef {import('../shared/show.js').Verdict} Verdict
 * @typedef {object} State
 * @property {import('../shared/frame.js').Stage} stage
 * @property {'start' | 'camera' | 'result'} screen
 * @property {Subject | null} subject
 * @property {Direction} direction
 * @property {boolean | null} sameGoods  the answer to "the same goods?", where it was asked
 * @property {Verdict | "fault" | null} here  judged on this device
 * @property {Verdict | null} answer  the register's
 * @property {Problem | Unreachable | null} failed  why there is no answer
 * @property {string} reference  of the answer, in the service's log
 * @property {typeof import('./enquiry.js').questionView | null} question  to the ministry, once it was asked for
 * @property {typeof import('./look.js').lookView | null} look  through the camera, once it was asked for
 * @property {boolean} busy
 * @typedef {typeof actions} Actions
 */

const FORM = /^#[0-9]+$/;

let found = takeFragment();
let ready = false; // what came before the page was is looked at when it is
addEventListener("hashchange", () => {
  found = takeFragment();
  if (ready) arrived();
});

/** What stands behind #, which leaves the address at once: neither history nor a shared link keeps a permit. */
function takeFragment() {
  const { hash } = location;
  if (hash) history.replaceState(null, "", location.pathname);
  return hash;
}

/** What the address brought: a code, or something else, and then no verdict on an earlier code stays. */
function arrived() {
  if (FORM.test(found)) return void opened(found.slice(1));
  if (found) complain(t("The address held no whole code. Scan it again."));
  actions.start();
}

const [stage] = await Promise.all([readStage(), speak("check", preferred())]);

/** @type {State} */
const state = {
  stage,
  screen: "start",
  subject: null,
  direction: "none",
  sameGoods: null,
  here: null,
  answer: null,
  failed: null,
  question: null,
  look: null,
  reference: "",
  busy: false,
};
const lists = new Lists(stage);
/** @type {typeof import('./start.js').startView | null} */
let starting = FORM.test(found) ? null : await startOf(); // a phone that a code brought here has no use for it yet

async function startOf() {
  return (await import("./start.js").catch(() => null))?.startView ?? null;
}

/**
 * A check of the code whose digits the address held. Its host is this one if it is, or ever was, one of the Party's; else, in
 * a local run, the one that permits are signed for.
 * @param {string} digits
 */
async function opened(digits) {
  const { host, protocol } = location;
  const known = host === stage.host || (protocol === "https:" && (await lists.trust()).listsForHost(host).length > 0);
  actions.check({ way: "code", text: `https://${known ? host : stage.host}/1#${digits}`, pages: [] });
}

let turn = 0; // the newest question; answers to older ones come too late

const actions = {
  /** @param {Subject} subject */
  check(subject) {
    complain("");
    Object.assign(state, { subject, screen: "result", direction: "none", sameGoods: null });
    scrollTo({ top: 0 });
    void judge();
  },
  /** Other pages of the same permit. @param {string[]} texts */
  addPages(texts) {
    if (state.subject?.way !== "code") return;
    const { text, pages } = state.subject;
    pages.push(...texts.filter((each) => each !== text && !pages.includes(each)));
    state.screen = "result";
    void judge();
  },
  /** A photograph of another page, to the one before. @param {Blob} file */
  async addPhotograph(file) {
    const { subject } = state;
    if (subject?.way !== "file") return;
    const pages = await import("./pages.js").catch(() => null); // without a connection the service is not reached either
    subject.file = pages ? await pages.joined(subject.file, file) : file;
    if (state.subject === subject) void judge();
  },
  /** @param {Direction} direction */
  turn(direction) {
    Object.assign(state, { direction, sameGoods: null });
    void judge();
  },
  /** @param {boolean} same */
  sameGoods(same) {
    state.sameGoods = same;
    void judge();
  },
  again() {
    void judge();
  },
  redraw() {
    draw();
  },
  async start() {
    turn += 1;
    const mine = turn;
    starting ??= await startOf();
    if (mine !== turn) return;
    if (!starting) return location.reload(); // no connection: the browser says so
    Object.assign(state, { screen: "start", subject: null, here: null, answer: null, failed: null, busy: false });
    void show("h1");
  },
  async camera() {
    complain("");
    draw();
    const { subject } = state;
    try {
      state.look ??= (await import("./look.js")).lookView;
      if (state.subject === subject) state.screen = "camera";
    } catch {
      complain(t("The part that reads codes could not be loaded: is there a connection? Type the number instead."));
    }
    draw();
  },
  async enquire() {
    state.question ??= (await import("./enquiry.js").catch(() => null))?.questionView ?? null; // the telephone is there without it
    draw();
  },
  /** @param {string} wanted */
  async language(wanted) {
    await speak("check", wanted).catch(() => {}); // without a connection it stays as it is
    complain(""); // was said in the language before
    title();
    if (state.subject && state.screen === "result") await judge();
    draw();
  },
};

/** First here, then by the register. Nothing is green before the register's answer. */
async function judge() {
  const { subject, direction, sameGoods } = state;
  if (!subject) return;
  const mine = (turn += 1);
  Object.assign(state, { here: null, answer: null, failed: null, reference: "", busy: true });
  draw();
  const asked = askService(subject, direction, sameGoods);
  asked.catch(() => {}); // looked at below
  const here = subject.way === "code" ? judgeHere(subject, { lists, stage, direction, sameGoods }) : null;
  const found = await here?.catch((fault) => {
    console.error(fault); // a fault of ours: the register's word is left
    return /** @type {const} */ ("fault");
  });
  if (mine !== turn) return;
  state.here = found ?? null;
  draw();
  try {
    const { verdict, reference } = await asked;
    if (mine !== turn) return;
    Object.assign(state, { answer: verdict, reference });
  } catch (error) {
    if (mine !== turn) return;
    const known = error instanceof Problem || error instanceof Unreachable;
    if (!known) console.error(error); // a fault of ours: no answer, and no green
    state.failed = known ? error : new Unreachable(String(error));
    state.reference = error instanceof Problem ? error.reference : "";
  }
  state.busy = false;
  await show("#word");
}

/** Draws, and moves the focus to a heading, which is then read out. @param {string} heading */
async function show(heading) {
  draw();
  await Promise.resolve(); // drawn
  need(heading, need("#main")).focus({ preventScroll: true });
}

function screen() {
  if (state.screen === "result") return resultView(state, actions);
  return (state.screen === "camera" ? state.look : starting)?.(state, actions) ?? nothing;
}

const view = () => html`
  ${practiceStrip(stage)}
  <header class="top">${brand(t("CITES permits of {country}", { country: country(stage.issuer) }), "/1")} ${languageSwitch(actions.language)}</header>
  <main class="page" id="main">${screen()}</main>
  <footer class="foot">
    <p>${t("The one official address of this page:")} <b>https://${stage.host}/1</b></p>
    <p>${authorityName(stage)}</p>
    <p class="unprinted"><a href="/v1/docs" hreflang="en">${t("The same for programs")}</a> · <a href="/training/">${t("Films and practice")}</a> · <a href="/which/">${t("Which permit do I need?")}</a></p>
    ${versionLine(stage)}
  </footer>
`;

function title() {
  document.title = t("Tamga: check a CITES permit");
}

need("#plain").remove();
title();
const draw = mount(need("#app"), view);
ready = true;
if (found) arrived();
