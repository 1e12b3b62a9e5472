// What stands around every screen of a shift: status line, consignment in hand, ways to the other screens.

import { SKEW } from "../core/register_checks.js";
import { brand, dialled, languageSwitch, practiceStrip, versionLine } from "../shared/frame.js";
import { moment, named, t, whole } from "../shared/i18n.js";
import { icon } from "../shared/icons.js";
import { html, nothing } from "../shared/view.js";
import { openCount } from "./alerts.js";
import { unread } from "./expert.js";
import { leavePractice } from "./practice.js";
import { contradicting, lostPhotos, rejected, waiting } from "./queue.js";
import { lostWord } from "./refused.js";

/** @typedef {import('./state.js').State} State @typedef {import('./main.js').Actions} Actions */

const DOOR = ["sign_in", "set_up", "pin", "locked"];
const SILENT = ["verdict", "endorse", "receipt", "recorded", "list"]; // with no line of their own for what went wrong

/** Nobody is at work here: whoever stands before it has shown no PIN. @param {import('./state.js').Screen} screen */
export const atTheDoor = (screen) => DOOR.includes(screen);

/** At work the screen is the permit's: brand, languages and version stand at the door and under Shift. @param {State} state @param {Actions} actions @param {unknown} screen */
export function page(state, actions, screen) {
  const works = !atTheDoor(state.screen);
  const framed = !works || state.screen === "shift";
  return html`
    ${practiceStrip(state.stage)}
    ${framed ? html`<header class="top">${brand(t("Scanner"), "/scan/")} ${languageSwitch(actions.language)}</header>` : nothing}
    ${works ? statusLine(state, actions) : nothing}
    <main class="page" id="main">${screen}${SILENT.includes(state.screen) ? html`<p class="wrong" role="alert">${state.wrong}</p>` : nothing}</main>
    ${framed ? html`<footer class="foot">${versionLine(state.stage)}</footer>` : nothing}
    ${works ? ways(state, actions) : nothing}
  `;
}

/** Always there: when this device last fetched what it knows, and what has not been sent. @param {State} state @param {Actions} actions */
function statusLine(state, actions) {
  if (state.practice)
    return html`<section class="status" aria-label=${t("State of this device")}>
      <p>
        <b>${t("Practice")}</b>
        <span class="as-of">${asOf(state)}</span>
      </p>
      <button type="button" id="leave-practice" @click=${leavePractice}><span>${t("Leave practice")}</span></button>
      <p class="sending">${t("Nothing here is real, and nothing is sent.")}</p>
    </section>`;
  const count = waiting(state.done).length;
  return html`<section class="status" aria-label=${t("State of this device")}>
    <p>
      <b>${named("posts", state.device?.post ?? "")}</b>
      <span class="as-of">${asOf(state)}</span>
    </p>
    <button type="button" id="send" ?disabled=${state.sending === "sending"} @click=${() => void actions.send()}>
      ${icon("again")}${count > 0 ? html`<span>${t("Send now ({count})", { count })}</span>` : html`<span>${t("Update")}</span>`}
    </button>
    ${clockOff(state.known) ? html`<p class="clock wrong">${clockOff(state.known)} ${t("Set it right.")}</p>` : nothing}
    <p class="sending" role="status">${state.device?.lost ? html`<b class="wrong">${lostWord()}</b>` : sendingWord(state)}</p>
    ${openCount(state) > 0 ? html`<button type="button" class="alarm-count" id="alerts" @click=${() => actions.go("alerts")}>${icon("hold")}<span>${t("Alerts to answer: {count}", { count: openCount(state) })}</span></button>` : nothing}
  </section>`;
}

/** @param {State} state */
export function asOf({ known, stage }) {
  if (!known.asOf) return t("Nothing fetched yet: sign in where there is a network");
  return t("Fetched {when} ({age})", { when: moment(known.asOf, stage.zone), age: age(known.asOf) });
}

/** How wrong this device's clock was when the service was last reached; "": within what verdicts forgive. @param {import('./lists.js').Known} known */
export function clockOff({ ahead }) {
  if (Math.abs(ahead) <= SKEW) return "";
  const minutes = Math.round(Math.abs(ahead) / 60);
  const time = minutes < 120 ? t("{count} min", { count: minutes }) : minutes < 48 * 60 ? t("{count} h", { count: Math.round(minutes / 60) }) : t("{count} d", { count: Math.round(minutes / 1440) });
  return ahead > 0 ? t("At the last contact this device’s clock was ahead of the register’s by {time}.", { time }) : t("At the last contact this device’s clock was behind the register’s by {time}.", { time });
}

/** The button that calls the ministry's duty desk. @param {State} state */
export const telephone = ({ known, practice }) =>
  practice
    ? html`<p class="sheet">${t("Here you would telephone the ministry.")}</p>`
    : known.duty
      ? html`<a class="button" href=${dialled(known.duty)}>${icon("ask")}<span>${t("Ask the ministry: {number}", { number: whole(known.duty) })}</span></a>`
      : html`<p class="sheet">${t("Ask the duty desk of the ministry; its number is not set on this device.")}</p>`;

/** How long ago, in the unit that matters. @param {number} at seconds */
export function age(at) {
  const minutes = Math.max(0, Math.round((Date.now() / 1000 - at) / 60));
  if (minutes < 1) return t("now");
  if (minutes < 120) return t("{count} min ago", { count: minutes });
  if (minutes < 48 * 60) return t("{count} h ago", { count: Math.round(minutes / 60) });
  return t("{count} days ago", { count: Math.round(minutes / 1440) });
}

/** @param {State} state */
function sendingWord(state) {
  if (rejected(state.done).length + lostPhotos(state.photos).length > 0) return t("The register did not take everything: look at the list.");
  if (contradicting(state.done).length > 0) return t("A record contradicts an earlier use: look at the list.");
  if (unread(state.done).length > 0) return t("An expert has answered: look at the list.");
  switch (state.sending) {
    case "sending":
      return t("Sending …");
    case "unreachable":
      return t("No connection. Everything is kept and sent later.");
    case "signed_out":
      return t("To send, sign in again. Everything is kept.");
    case "refused":
      return t("The register refuses this device: telephone the ministry. Everything is kept.");
    default:
      return "";
  }
}

/** @param {State} state @param {Actions} actions */
const ways = (state, actions) => html`<nav class="ways-bar" aria-label=${t("Screens")}>
  ${
    /** @type {const} */ ([
      ["find", "camera", t("Scan")],
      ["list", "number", t("Done here")],
      ["shift", "look", t("Shift")],
    ]).map(
      ([screen, name, words]) => html`<button
        type="button"
        aria-current=${current(state) === screen ? "page" : nothing}
        @click=${() => actions.go(screen)}
      >
        ${icon(name)}<span>${words}</span>
      </button>`,
    )
  }
</nav>`;

/** @param {State} state */
const current = ({ screen }) => (screen === "list" || screen === "shift" ? screen : "find");
