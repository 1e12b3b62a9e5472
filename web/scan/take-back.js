// An endorsement of another officer taken back here: written down like all that is done here, sent by the queue. Until the
// register has taken it back the permit is used: another may know better who may.

import { moment, named, t } from "../shared/i18n.js";
import { kindWord } from "../shared/permit-view.js";
import { notTakenBack, takeBackForm } from "../shared/take-back.js";
import { html, nothing } from "../shared/view.js";
import { add } from "./queue.js";
import { officerOf } from "./state.js";

/** @typedef {import('./state.js').State} State @typedef {import('./main.js').Actions} Actions @typedef {import('./store.js').Kept} Kept */

const WINDOW = 24 * 3600; // seconds; later an approver does it

/** @param {import('./main.js').Desk} desk */
export const takeBackActions = ({ state, goesOn, send, reload }) => ({
  /** @param {string} endorsement @param {string} reason */
  async takeBack(endorsement, reason) {
    if (state.busy) return;
    state.busy = true;
    try {
      if (!(await goesOn())) return;
      const { issuer, number } = aboutOf(state, endorsement);
      await add({ kind: "undo", event_id: crypto.randomUUID(), endorsement, reason, officer: officerOf(state).id }, { issuer, number });
    } finally {
      state.busy = false;
      await reload();
    }
    await send();
  },
});

/** Whose permit it is: as this device has endorsed it, else as it was just scanned. @param {State} state @param {string} endorsement */
const aboutOf = ({ done, subject }, endorsement) =>
  done.find((each) => each.id === endorsement) ?? subject?.found?.judged.permit ?? subject?.answer?.permit ?? { issuer: "", number: "" };

/** What became of taking it back: the newest try. @param {State} state @param {string} endorsement */
const triedOn = ({ done }, endorsement) => done.filter(({ event }) => event.kind === "undo" && event.endorsement === endorsement).at(-1);

/** The form, or what became of it. @param {State} state @param {string} endorsement @param {Actions} actions */
function takeBackView(state, endorsement, actions) {
  const tried = triedOn(state, endorsement);
  const words = {
    waiting: t("It is taken back once the register has it: until then the permit counts as used."),
    stored: t("Taken back. Scan the permit again."),
    conflict: t("Not taken back."),
    rejected: notTakenBack(tried?.answer?.problem ?? "") || t("Not taken back."),
  };
  return html`<div role="status">${tried ? html`<p><b>${words[tried.state]}</b></p>` : nothing}</div>
    ${tried && ["waiting", "stored"].includes(tried.state) ? nothing : takeBackForm(endorsement, state.busy, actions.takeBack)}`;
}

/** Of what was endorsed on this device by another officer. @param {State} state @param {Kept} kept @param {Actions} actions */
export function takeBackMade(state, { id, at, event, state: sent }, actions) {
  const another = event.kind === "endorsement" && event.officer !== officerOf(state).id;
  return another && ["stored", "conflict"].includes(sent) && isLately(at) ? takeBackView(state, id, actions) : nothing;
}

/** Of what the register holds of a permit: what others endorsed lately at this officer's posts. @param {State} state @param {readonly import('../shared/show.js').UseShown[]} uses @param {Actions} actions */
export function takeBackFound(state, uses, actions) {
  const { posts } = officerOf(state);
  const found = uses.filter(
    ({ event_id: event, at = "", post, withdrawn, yours }) =>
      event && !withdrawn && !yours && isLately(Date.parse(at) / 1000) && (posts.includes(post) || posts.includes("*")),
  );
  if (!found.length) return nothing;
  return html`<section class="sheet rows" aria-labelledby="others">
    <h2 id="others">${t("Endorsed by another officer")}</h2>
    ${found.map((use) => html`<div>
      <p><b>${kindWord(use.kind)}</b> · ${moment(Date.parse(use.at ?? "") / 1000, state.stage.zone)} · ${named("posts", use.post)} · <bdi class="mono">${use.transport_document}</bdi> · <span translate="no">${use.officer}</span></p>
      ${takeBackView(state, use.event_id ?? "", actions)}
    </div>`)}
  </section>`;
}

/** @param {number} at */
const isLately = (at) => Date.now() / 1000 - at < WINDOW;
