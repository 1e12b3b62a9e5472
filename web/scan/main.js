// The scanner at /scan/: what it knows stands in `state`, what can be done in `actions`; the views draw the one and call the
// other. It judges from what it has, always; the network only adds to it.

import { readStage } from "../shared/frame.js";
import { preferred, speak, t } from "../shared/i18n.js";
import { signedIn } from "../shared/sign-in.js";
import { html, mount, need, nothing } from "../shared/view.js";
import { Unreachable } from "../shared/api.js";
import { thisDevice } from "./device.js";
import { alertActions, alertsView } from "./alerts.js";
import { caseView } from "./case-view.js";
import { devicesActions } from "./devices-actions.js";
import { endorseActions } from "./endorse-actions.js";
import { endorseView, receiptView } from "./endorse-view.js";
import { lockedView, pinView, setUpView, signInView } from "./enter-view.js";
import { findActions } from "./find-actions.js";
import { foreignView, recordedView } from "./foreign-view.js";
import { expertView } from "./expert-view.js";
import { findView } from "./find-view.js";
import { identActions } from "./ident-actions.js";
import { identScreen } from "./ident-screen.js";
import { listenForOffer } from "./install.js";
import { atTheDoor, page } from "./frame.js";
import { keepFresh } from "../shared/fresh.js";
import { listView } from "./list-view.js";
import { known, refreshPractice } from "./lists.js";
import { PRACTICE_HOURS, leavePractice, practiceStage, practising } from "./practice.js";
import { waiting } from "./queue.js";
import { recordActions } from "./record-actions.js";
import { scanActions } from "./scan-actions.js";
import { current } from "./shift.js";
import { shiftActions } from "./shift-actions.js";
import { shiftView } from "./shift-view.js";
import { speciesActions } from "./species-actions.js";
import { speciesView } from "./species-view.js";
import { begun } from "./state.js";
import { NotKept, events, forgetPractice, lost, persist, photos, read } from "./store.js";
import { takeBackActions } from "./take-back.js";
import { verdictScreen } from "./verdict-screen.js";
import { listen } from "./wedge.js";
import { whichActions } from "./which-actions.js";
import { whichScreen } from "./which-view.js";

/**
 * @typedef {import('./state.js').State} State @typedef {import('./state.js').Screen} Screen
 * @typedef {typeof actions} Actions
 * What the actions have of the page. `show`: another screen, from its top, its heading in focus; from the door only `open`
 * leads in, so that an answer that comes late opens no lock. `goesOn`: whether the shift is still this window's.
 * @typedef {{state: State, draw: () => void, show: (screen: Screen) => Promise<void>, open: () => Promise<void>,
 *   goesOn: () => Promise<boolean>, send: () => Promise<void>, reload: () => Promise<void>}} Desk
 */

const SHIFT_SCREENS = ["find", "verdict", "endorse", "receipt", "record", "recorded", "alerts", "list", "shift", "ident", "species", "which"];
const LOCK_AFTER = 10 * 60_000; // ms without a touch
const SEND_EVERY = 60_000; // ms, while something waits

const [real] = await Promise.all([readStage(), speak("scan", preferred())]);
if (practising && !real.rehearsal) {
  leavePractice(); // its pins were withdrawn: what is done from here on is real, and so must be where it is kept
  await new Promise(() => {});
}
const practice = practising;
const stage = practice ? practiceStage(real) : real;
document.documentElement.dataset.practice = stage.practice ? "yes" : "no";
if (practice) {
  await refreshPractice(practice, stage);
} else {
  forgetPractice();
  await signedIn(stage).catch((error) => {
    if (!(error instanceof Unreachable)) throw error;
  });
}
const state = begun(stage, await known(stage), practice);

/** @type {Desk} */
const desk = {
  state,
  draw: () => draw(),
  async show(screen) {
    if (!atTheDoor(state.screen) || atTheDoor(screen)) await turnTo(screen);
  },
  open: () => {
    void actions.lookForAlerts();
    return turnTo("find");
  },
  goesOn: () => actions.goesOn(),
  send: () => actions.send(),
  async reload() {
    Object.assign(state, { done: await events(), photos: await photos() });
    draw();
  },
};

listenForOffer(desk.draw);
addEventListener("unhandledrejection", ({ reason }) => {
  if (!(reason instanceof NotKept)) return;
  state.wrong = t("It was not written down: this device has no room left, or its storage is shut. Make room, then do it again.");
  draw();
});

/** @param {Screen} screen */
async function turnTo(screen) {
  Object.assign(state, { screen, wrong: "", photoWrong: "", faults: [] });
  if (screen === "find") void actions.learnGoods();
  draw();
  scrollTo({ top: 0 });
  await Promise.resolve();
  document.querySelector("main h1")?.scrollIntoView({ block: "nearest" });
  /** @type {HTMLElement | null} */ (document.querySelector("main h1[tabindex]"))?.focus({ preventScroll: true });
}

const actions = {
  ...shiftActions(desk),
  ...devicesActions(desk),
  ...findActions(desk),
  ...scanActions(desk),
  ...endorseActions(desk),
  ...takeBackActions(desk),
  ...recordActions(desk),
  ...alertActions(desk),
  ...identActions(desk),
  ...speciesActions(desk),
  ...whichActions(desk),
  /** @param {string} wanted */
  async language(wanted) {
    await speak("scan", wanted);
    Object.assign(state, { wrong: "", photoWrong: "" }); // said in the language before
    title();
    await actions.again();
    draw();
  },
  /** @param {Screen} screen */
  go(screen) {
    state.addingPage = false;
    void desk.show(screen);
    if (screen === "shift") void actions.devices();
    if (screen === "list") void actions.answersSeen();
    if (screen === "alerts") void actions.lookForAlerts();
  },
};

/** @returns {unknown} */
function screen() {
  switch (state.screen) {
    case "sign_in":
      return signInView(state, actions);
    case "set_up":
      return setUpView(state, actions);
    case "pin":
      return pinView(state, actions);
    case "locked":
      return lockedView(state, actions);
    case "ident":
      return identScreen(state, actions);
    case "species":
      return speciesView(state, actions);
    case "which":
      return whichScreen(state, actions);
    case "verdict":
      return verdictScreen(state, actions);
    case "endorse":
      return endorseView(state, actions);
    case "receipt":
      return receiptView(state, actions);
    case "record":
      if (!state.record) return findView(state, actions);
      if (state.record.kind === "expert_question") return expertView(state, state.record, actions);
      return state.record.kind === "case" ? caseView(state, state.record, actions) : foreignView(state, state.record, actions);
    case "recorded":
      return recordedView(state, actions);
    case "alerts":
      return alertsView(state, actions);
    case "list":
      return listView(state, actions);
    case "shift":
      return shiftView(state, actions);
    default:
      return findView(state, actions);
  }
}

/** The camera stays where it is and stays open, also behind a verdict: opening it anew takes seconds. */
const view = () =>
  page(
    state,
    actions,
    html`${
      state.open && SHIFT_SCREENS.includes(state.screen)
        ? html`<tamga-camera
            ?hidden=${state.screen !== "find"}
            .paused=${state.screen !== "find"}
            @code=${(/** @type {CustomEvent<import('../shared/camera.js').Seen>} */ event) => void actions.scan(event.detail.texts, event.detail.at)}
          ></tamga-camera>`
        : nothing
    }${screen()}`,
  );

function title() {
  document.title = t("Tamga: scanner");
}

/** Sends when there may be a way: at the start, on `online`, on becoming visible, each minute while something waits. */
function keepSending() {
  addEventListener("online", () => void actions.send());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") void actions.send();
  });
  setInterval(() => {
    if (waiting(state.done).length > 0) void actions.send();
    if (state.shift && document.visibilityState === "visible") void actions.lookForAlerts();
    draw(); // how old things are
  }, SEND_EVERY);
}

/** Ten minutes without a touch lock the device; so does a shift that ends, here or in another window. */
function keepLocked() {
  let touched = Date.now();
  for (const each of ["pointerdown", "keydown"]) addEventListener(each, () => (touched = Date.now()), { passive: true });
  const look = async () => {
    if (state.practice) {
      if (Date.now() - touched > LOCK_AFTER) leavePractice();
      return;
    }
    if (!state.shift || state.screen === "locked") return;
    if ((await actions.goesOn()) && Date.now() - touched > LOCK_AFTER) await actions.lock();
  };
  setInterval(look, 15_000);
  document.addEventListener("visibilitychange", look);
}

/** Who practises, and where: without a key nothing is signed. @param {import('./practice.js').Practice} practice @returns {Partial<State>} */
const trainee = ({ since, officer, post }) => ({
  device: { id: "", post, name: t("Practice") },
  shift: { officer, since, until: since + PRACTICE_HOURS * 3600 },
});

title();
const draw = mount(need("#app"), view);
Object.assign(state, {
  device: await thisDevice(),
  shift: await current(),
  done: await events(),
  photos: await photos(),
  lost: await lost(),
  persisted: await persist(),
  aloud: (await read("aloud")) ?? true,
  ...(practice && trainee(practice)),
});
await actions.enter();
listen((text) => {
  if (["find", "verdict", "receipt"].includes(state.screen)) void actions.scan([text], performance.now());
});
keepSending();
keepLocked();
await keepFresh("/scan/", () => ["sign_in", "locked"].includes(state.screen));
document.documentElement.dataset.ready = "yes";
