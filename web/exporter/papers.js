// Supporting papers: by file or by the phone's camera; how large they are is said before they are sent, and what did not
// arrive stays until it has.

import { Problem, Unreachable } from "../shared/api.js";
import { t } from "../shared/i18n.js";
import { icon } from "../shared/icons.js";
import { FileTrouble, fileWord, prepared } from "../shared/picture.js";
import { SignedOut } from "../shared/session.js";
import { html, nothing } from "../shared/view.js";
import { troubleView } from "./question.js";
import { attached } from "./service.js";
import { done, wait, waiting } from "./waiting.js";

/** @typedef {import('./main.js').State} State @typedef {import('./main.js').Actions} Actions
 * @typedef {import('./record.js').Permit} Permit
 * @typedef {import('./waiting.js').Paper} Paper
 * @typedef {Paper & {part: number, going: boolean, wrong: string, settled: boolean}} Going
 * `part`: sent, 0..1; `settled`: arrived, or left out */

const NAME_AT_MOST = 120; // characters, as the service takes them

/** @type {Going[]} of the draft that is open */
let going = [];
let draft = "";
let wrong = "";
let asking = ""; // the paper whose removal waits for a second press
/** @type {Promise<unknown>} what is on its way */
let running = Promise.resolve();

/** What was chosen earlier and did not arrive. @param {string} id */
export async function reopen(id) {
  asking = "";
  if (id === draft) return;
  draft = id;
  wrong = "";
  going = [];
  const kept = (await waiting(id)).map((paper) => ({ ...paper, part: 0, going: false, wrong: "", settled: false }));
  if (draft === id) going = kept;
}

/** What was chosen for a draft and did not arrive. @param {string} id @param {Actions} actions @param {unknown} below  what becomes of it */
export const waitingView = (id, actions, below) =>
  id === draft && going.length
    ? html`<section class="sheet rows" aria-labelledby="unsent">
        <h2 id="unsent">${t("Not sent yet")}</h2>
        ${going.map((paper) => goingView(paper, actions))} ${below}
      </section>`
    : nothing;

/** @param {State} state @param {Actions} actions @param {string} where @param {string} back @param {string} next */
export function papersView(state, actions, where, back, next) {
  const total = going.filter((each) => !each.going).reduce((sum, each) => sum + each.file.size, 0);
  return html`
    <p class="soft steps"><a href=${back}>${t("Back")}</a> <span>${where}</span></p>
    <h1 tabindex="-1">${t("Which papers support it?")}</h1>
    <p>${t("Licences, breeding records, invoices, the other country’s permits. PDF or photo, at most 4 MB each; a larger photo is made smaller here. You may go on without papers and add them later.")}</p>
    ${troubleView(state, actions)}
    <div class="choices">
      ${picker("photo", t("Take a photo"), "image/*", true, actions)} ${picker("file", t("Choose files"), "application/pdf,image/*", false, actions)}
    </div>
    <p class="wrong" role="alert">${wrong}</p>
    ${waitingView(state.id, actions, total ? html`<button class="main" type="button" @click=${() => void sendAll(chosenFor(state.id), state, actions)}>${t("Send ({size})", { size: sizeWords(total) })}</button>` : nothing)}
    <section class="sheet rows">
      <h2>${t("With the application")}</h2>
      ${paperList(state.permit?.attachments ?? [], actions, Boolean(state.permit?.steps.includes("detach")), state.busy)}
    </section>
    <div class="choices"><a class="button ${going.length ? "" : "main"}" href=${next}>${t("Continue")}</a></div>
  `;
}

/** @param {Permit['attachments']} papers @param {Actions} actions @param {boolean} [removable] those of one's own @param {boolean} [busy] */
export const paperList = (papers, actions, removable = false, busy = false) =>
  papers.length
    ? html`<ul class="papers">
        ${papers.map((paper) => html`<li><button class="plain" type="button" @click=${() => void actions.openPaper(paper.id)}>${icon("file")}<span translate="no">${paper.name}</span></button> <small>${sizeWords(paper.size)}</small>${removable && paper.by !== "" ? removal(paper, busy, actions) : nothing}</li>`)}
      </ul>`
    : html`<p>${t("None yet.")}</p>`;

/** By a second press. @param {Permit['attachments'][number]} paper @param {boolean} busy @param {Actions} actions */
function removal(paper, busy, actions) {
  const ask = (/** @type {string} */ id) => () => {
    asking = id;
    actions.redraw();
  };
  const unseen = html`<span class="unseen"> ${paper.name}</span>`;
  if (asking !== paper.id) return html` <button type="button" @click=${ask(paper.id)}>${t("Remove")}${unseen}</button>`;
  return html` <button type="button" ?disabled=${busy} @click=${() => void actions.dropPaper(paper.id)}>${t("Remove it now")}${unseen}</button> <button type="button" @click=${ask("")}>${t("Keep it")}${unseen}</button>`;
}

/** @param {string} id @param {string} words @param {string} accept @param {boolean} camera @param {Actions} actions */
const picker = (id, words, accept, camera, actions) => html`<div class="button way file">
  ${icon(camera ? "camera" : "file")}<span id="${id}-label">${words}</span>
  <input type="file" accept=${accept} capture=${camera ? "environment" : nothing} ?multiple=${!camera} aria-labelledby="${id}-label" @change=${(/** @type {Event} */ event) => void choose(event, actions)} />
</div>`;

/** @param {Going} paper @param {Actions} actions */
const goingView = (paper, actions) => html`<div class="going">
  <p><span translate="no">${paper.name}</span> <small>${sizeWords(paper.file.size)}</small></p>
  ${paper.going ? html`<progress max="1" value=${paper.part} aria-label=${t("Sending {name}", { name: paper.name })}></progress>` : nothing}
  ${paper.wrong ? html`<p class="wrong" role="alert">${paper.wrong}</p>` : nothing}
  ${paper.going ? nothing : html`<button type="button" @click=${() => void drop(paper, actions)}>${t("Leave it out")}<span class="unseen"> ${paper.name}</span></button>`}
</div>`;

/** @param {Event} event @param {Actions} actions */
async function choose(event, actions) {
  const input = /** @type {HTMLInputElement} */ (event.target);
  const files = [...(input.files ?? [])];
  const mine = draft;
  input.value = "";
  wrong = "";
  for (const file of files) {
    try {
      const paper = { id: crypto.randomUUID(), draft: mine, name: nameOf(file), file: await prepared(file) };
      if (draft === mine) going.push({ ...paper, part: 0, going: false, wrong: "", settled: false });
      await wait(paper);
    } catch (error) {
      if (!(error instanceof FileTrouble)) throw error;
      wrong =
        error.kind === "large"
          ? t("{name} is too large: at most 4 MB.", { name: file.name })
          : error.kind === "heic"
            ? fileWord(error)
            : t("{name} is not a PDF or picture that can be read.", { name: file.name });
    }
    actions.redraw();
  }
}

/** What waits to be sent with a draft. @param {string} id */
export const chosenFor = (id) => (id === draft ? [...going] : []);

/** Behind what is on its way already. @param {Going[]} papers @param {State} state @param {Actions} actions @returns {Promise<boolean>} whether none of them waits any more */
export function sendAll(papers, state, actions) {
  const sending = running.catch(() => {}).then(() => sendEach(papers, state, actions));
  running = sending;
  return sending;
}

/** One after the other: a slow line carries one file sooner than two. @param {Going[]} papers @param {State} state @param {Actions} actions */
async function sendEach(papers, state, actions) {
  for (const paper of papers) {
    if (!paper.settled && !(await sendOne(paper, state, actions))) break;
  }
  return papers.every((each) => each.settled);
}

/** @param {Going} paper @param {State} state @param {Actions} actions @returns {Promise<boolean>} whether the next may follow */
async function sendOne(paper, state, actions) {
  Object.assign(paper, { going: true, part: 0, wrong: "" });
  actions.redraw();
  try {
    const there = await attached(paper.draft, paper.file, paper.name, (part) => {
      paper.part = part;
      actions.redraw();
    });
    await settle(paper);
    const papers = state.permit?.attachments;
    if (papers && state.permit?.id === paper.draft && !papers.some((each) => each.id === there.id)) papers.push(there);
    return true;
  } catch (error) {
    if (error instanceof SignedOut) {
      actions.signedOut();
      return false;
    }
    if (error instanceof Unreachable) paper.wrong = t("Not sent: no connection. It stays here; send it again when there is one.");
    else if (error instanceof Problem) paper.wrong = refusal(error);
    else throw error;
    return !(error instanceof Unreachable);
  } finally {
    paper.going = false;
    actions.redraw();
  }
}

/** @param {Problem} problem */
function refusal(problem) {
  if (problem.slug === "too-large") return t("Too large, or too many papers: at most 4 MB each and 50 papers.");
  if (problem.slug === "wrong-state") return t("No more papers can be added to the application at this stage.");
  return t("Not taken: it must be a PDF, PNG or JPEG.");
}

/** @param {Going} paper @param {Actions} actions */
async function drop(paper, actions) {
  await settle(paper);
  actions.redraw();
}

/** It waits no longer. @param {Going} paper */
async function settle(paper) {
  paper.settled = true;
  going = going.filter((each) => each !== paper);
  await done(paper.id);
}

/** A name that the service takes, with the ending that the file has now. @param {File} file */
function nameOf(file) {
  const clean = file.name.replaceAll(/[/\\\p{C}]/gu, " ").trim() || "photo";
  return clean.slice(-NAME_AT_MOST);
}

/** "1.2 MB" @param {number} bytes */
export const sizeWords = (bytes) =>
  bytes < 100_000 ? t("{size} kB", { size: Math.max(1, Math.round(bytes / 1000)) }) : t("{size} MB", { size: (bytes / 1e6).toFixed(1) });
