// What is done with a permit whose goods were compared: its lines are endorsed, paper and goods photographed.

import { Problem, Unreachable } from "../shared/api.js";
import { importPermitPath } from "../shared/permit-lines.js";
import { FileTrouble, fileWord, prepared } from "../shared/picture.js";
import { SignedOut, askAs, bearer } from "../shared/session.js";
import { LOST, thisDevice } from "./device.js";
import { blank, endorse, faultsOf, paperOf, stillTo } from "./endorse.js";
import { atTheDoor } from "./frame.js";
import { tell } from "./sound.js";
import { currentVerdict, officerOf } from "./state.js";
import { events, keepPhoto } from "./store.js";

/** @typedef {import('./main.js').Desk} Desk */

/** What is wrong with the form as it stands; another window may have used the permit. @param {import('./state.js').State} state */
async function found({ form, subject, known }) {
  const paper = paperOf(subject);
  return form && subject && paper ? faultsOf(form, paper, subject.direction, known, await events()) : [];
}

/**
 * An import permit of ours with this number; null where the register cannot be asked.
 * @param {string} number @param {import('./state.js').State} state @returns {Promise<import('../shared/permit-lines.js').ImportPermit | null>}
 */
export async function askedPermit(number, { practice }) {
  if (!number.trim() || practice || !navigator.onLine || !bearer()) return null;
  try {
    return (await askAs(importPermitPath(number.trim()))).body;
  } catch (error) {
    if (!(error instanceof Problem || error instanceof Unreachable || error instanceof SignedOut)) throw error;
    return null;
  }
}

/** @param {Desk} desk */
export const endorseActions = ({ state, draw, show, goesOn, send, reload }) => ({
  form() {
    const paper = paperOf(state.subject);
    if (!paper) return;
    state.form ??= blank(paper, state.transport);
    void show("endorse");
  },

  /** @param {number} index */
  all(index) {
    const line = state.form?.lines[index];
    const permitted = state.subject && currentVerdict(state.subject)?.permit?.lines.find((each) => each.line === line?.line);
    if (line && permitted) line.quantity = stillTo(state.subject).get(line.line) ?? permitted.quantity;
    draw();
    void this.mending();
  },

  /** What the register has of our import permit that the document names, where it can be asked. */
  async askPermit() {
    const { form } = state;
    if (!form) return;
    Object.assign(form, { permit: null, choice: {} });
    draw();
    const permit = await askedPermit(form.importPermit, state);
    if (state.form === form) form.permit = permit;
    draw();
  },

  /** A refused form is looked at again at each key: what is mended is told no longer. */
  async mending() {
    if (state.faults.length === 0) return;
    state.faults = await found(state);
    draw();
  },

  /** @param {SubmitEvent} event */
  async endorse(event) {
    event.preventDefault();
    const { form, subject, device, busy } = state;
    const paper = paperOf(subject);
    if (busy || !form || !subject || !paper || !device) return;
    state.busy = true;
    try {
      state.faults = await found(state);
      draw();
      if (state.faults.length > 0) {
        await Promise.resolve();
        return /** @type {HTMLElement | null} */ (document.querySelector('[aria-invalid="true"]'))?.focus();
      }
      state.transport = form.transport;
      if (!(await goesOn())) return;
      const { issuer, number } = paper;
      const receipt = await endorse(form, { subject, post: device.post, officer: officerOf(state).id, issuer, number });
      if (receipt.refused?.slug === LOST) state.device = await thisDevice();
      const entry = subject.consignment.find((each) => each.issuer === issuer && each.number === number);
      if (entry && !receipt.refused) entry.endorsed = true;
      if (state.form === form) {
        Object.assign(state, { receipt: { ...receipt, importPermit: form.permit }, form: null });
        if (!atTheDoor(state.screen)) tell(receipt.refused ? "hold" : "accept", state);
        await show("receipt");
      } // else the next permit: it stands under Done here
    } finally {
      state.busy = false;
      await reload();
    }
    void send();
  },

  /** @param {File} file @param {'block14' | 'hold'} of */
  async photo(file, of) {
    const eventId = of === "hold" ? state.subject?.eventId : state.receipt?.kept.id;
    if (!eventId) return;
    state.photoWrong = "";
    try {
      const data = await prepared(file);
      await keepPhoto({ id: crypto.randomUUID(), eventId, data, sent: of === "hold" }); // nothing takes a hold's yet
    } catch (error) {
      if (!(error instanceof FileTrouble)) throw error;
      state.photoWrong = fileWord(error);
    }
    await reload();
    void send();
  },

  /** @param {import('./store.js').Photo} photo */
  savePhoto(photo) {
    const address = URL.createObjectURL(photo.data);
    const link = Object.assign(document.createElement("a"), { href: address, download: `tamga-${photo.eventId.slice(0, 8)}.jpg` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  },
});
