// What was entered and has not reached the service: kept in this tab, so that neither a lost network, nor a sign-in that ran
// out, nor a reload loses it.

import { drop, dropAll, keep, read } from "../shared/tab.js";

/** @typedef {import('../shared/application.js').Application} Application */

const PREFIX = "tamga.desk.";

/** @typedef {{record: Application, version: number}} Kept  `version`: the one that it was made of */

/** @param {string} id of the draft, "new" for none yet @returns {Kept | null} */
export const kept = (id) => read(PREFIX + id);

/** @param {string} id @param {Application} record @param {number} version */
export const keepHere = (id, record, version) => keep(PREFIX + id, { record, version });

/** @param {string} id */
export const dropKept = (id) => drop(PREFIX + id);

/** What is being written to a step: kept until it is done or cancelled. @param {string} id of the permit @param {string} step @param {HTMLFormElement} form */
export function keepNote(id, step, form) {
  const written = [...new FormData(form)].filter(([name]) => name !== "read"); // a tick is set for one content
  keep(`${PREFIX}note.${id}.${step}`, written);
}

/** @param {string} id @param {string} step @returns {[string, string][]} names and values */
export const noteOf = (id, step) => read(`${PREFIX}note.${id}.${step}`) ?? [];

/** @param {string} id @param {string} step */
export const dropNote = (id, step) => drop(`${PREFIX}note.${id}.${step}`);

/** The form as it was written, and nothing of another step in it. @param {HTMLFormElement} form @param {[string, string][]} written */
export function fillIn(form, written) {
  form.reset();
  for (const [name, value] of written) {
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLInputElement && field.type === "checkbox") field.checked = true;
    else if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement || field instanceof HTMLTextAreaElement) field.value = value;
  }
}

/**
 * The service has it: what was entered since it was sent stays kept, made of what the service has.
 * @param {string} id under which it was kept @param {string} sent as JSON @param {{id: string, version: number}} made
 */
export function arrived(id, sent, made) {
  const left = kept(id)?.record;
  dropKept(id);
  if (left && JSON.stringify(left) !== sent) keepHere(made.id, left, made.version);
}

/** The person leaves: the next one at this screen finds nothing of theirs. */
export const forgetKept = () => dropAll(PREFIX);
