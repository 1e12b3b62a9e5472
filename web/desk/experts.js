// Officers' questions what something is, at the desk: who waits longest first, the pictures, the answer of the Scientific Authority.

import { moment, named, t } from "../shared/i18n.js";
import { html, nothing } from "../shared/view.js";
import { pictureView } from "./block14.js";
import { call } from "./enforcement-service.js";
import { faultWord } from "./faults.js";
import { pictureOf } from "./service.js";

/**
 * @typedef {import('./main.js').State} State @typedef {ReturnType<typeof expertActions>} Actions
 * @typedef {{at: string, by_name: string, taxon: string, certain: string, text: string}} Answer
 * @typedef {{id: string, post: string, at: string, received_at: string, term: string, taxon: string, question: string,
 *   photos: {sha256: string}[], answers: Answer[], steps: string[]}} Question
 * @typedef {{items: Question[], cursor: string | null}} Questions
 * @typedef {{open: Questions | null, answered: Questions | null, one: Question | null, pictures: (import('./service.js').Picture | null)[]}} Experts
 */

/** @returns {Experts} */
export const noQuestions = () => ({ open: null, answered: null, one: null, pictures: [] });

const ALL = "/v1/expert-questions";
const CERTAIN = ["certain", "probable", "cannot_tell"];

/** @param {State} state @param {(work: (here: () => boolean) => Promise<void>) => Promise<void>} run */
export const expertActions = (state, run) => ({
  /** What the address names. @param {() => boolean} here */
  async loadQuestions(here) {
    for (const each of state.experts.pictures) if (each) URL.revokeObjectURL(each.url);
    state.experts = noQuestions();
    const { id } = state.place;
    if (!id) {
      const [open, answered] = await Promise.all(["open", "answered"].map((shelf) => call(`${ALL}?${new URLSearchParams({ shelf })}`)));
      if (here()) Object.assign(state.experts, { open, answered });
      return;
    }
    /** @type {Question} */
    const one = await call(`${ALL}/${encodeURIComponent(id)}`);
    const pictures = await Promise.all(one.photos.map(({ sha256 }) => pictureOf(`${ALL}/${encodeURIComponent(id)}/photos/${sha256}`)));
    if (here()) Object.assign(state.experts, { one, pictures });
  },

  /** @param {Record<string, string>} entered */
  async answerQuestion(entered) {
    state.faults = [];
    await run(async (here) => {
      const one = await call(`${ALL}/${encodeURIComponent(state.place.id)}/answers`, entered);
      if (!here()) return;
      Object.assign(state.experts, { one });
      state.done = t("The answer is kept, with your name and the time; the officer's device fetches it.");
    });
    return !state.trouble && !state.signedOut;
  },
});

/** @param {State} state @param {Actions} actions */
export const expertsView = (state, actions) => (state.place.id ? oneView(state, actions) : listView(state));

/** @param {State} state */
const listView = (state) => html`
  <h1 tabindex="-1">${t("Questions to the Scientific Authority")}</h1>
  <p>${t("What officers at the posts could not name. Goods and animals wait for the answer.")}</p>
  ${shelf(state, t("Not answered yet"), "open", state.experts.open)} ${state.experts.open || state.trouble ? shelf(state, t("Answered"), "answered", state.experts.answered) : nothing}
`;

/** @param {State} state @param {string} title @param {string} id @param {Questions | null} found */
const shelf = (state, title, id, found) => html`<section class="sheet" aria-labelledby=${id}>
  <h2 id=${id}>${title}</h2>
  ${
    found === null
      ? html`<p role="status">${t("Loading …")}</p>`
      : found.items.length
        ? html`<table class="queue">
            <thead><tr><th scope="col">${t("Asked")}</th><th scope="col">${t("Post")}</th><th scope="col">${t("What it may be")}</th><th scope="col">${t("Question")}</th></tr></thead>
            <tbody>
              ${found.items.map((each) => html`<tr class="row">
                <th scope="row"><a href="#/experts/${each.id}">${when(state, each.received_at)}</a></th>
                <td>${named("posts", each.post)}</td>
                <td><span class="taxon" translate="no">${each.taxon || "–"}</span><br /><small>${each.term ? named("terms", each.term) : ""}</small></td>
                <td><span translate="no">${each.question}</span></td>
              </tr>`)}
            </tbody>
          </table>`
        : html`<p>${t("There is nothing here.")}</p>`
  }
</section>`;

/** @param {State} state @param {Actions} actions */
function oneView(state, actions) {
  const { one, pictures } = state.experts;
  if (!one) return html`<h1 tabindex="-1">${t("Question")}</h1><p role="status">${t("Loading …")}</p>`;
  return html`
    <h1 tabindex="-1">${t("Question from {post}", { post: named("posts", one.post) })}</h1>
    <section class="sheet">
      <dl class="facts">
        <div><dt>${t("Asked")}</dt><dd>${when(state, one.at)}</dd></div>
        <div><dt>${t("What is in the hand")}</dt><dd>${one.term ? named("terms", one.term) : "–"}</dd></div>
        <div><dt>${t("What it may be")}</dt><dd class="taxon" translate="no">${one.taxon || "–"}</dd></div>
        <div><dt>${t("Question")}</dt><dd translate="no">${one.question}</dd></div>
      </dl>
    </section>
    <section class="sheet rows" aria-labelledby="photos">
      <h2 id="photos">${t("Photographs")}</h2>
      ${pictures.length ? pictures.map((each, index) => pictureView(each, t("Photograph {number} of the goods", { number: index + 1 }))) : html`<p>${t("None.")}</p>`}
    </section>
    <section class="sheet rows" aria-labelledby="answers">
      <h2 id="answers">${t("Answers")}</h2>
      ${one.answers.length ? one.answers.map((each) => html`<p><b>${certainWord(each.certain)}</b> <span class="taxon" translate="no">${each.taxon}</span><br /><span translate="no">${each.text}</span><br /><small>${each.by_name} · ${when(state, each.at)}</small></p>`) : html`<p>${t("None yet.")}</p>`}
      ${one.steps.includes("answer") ? answerForm(state, actions) : nothing}
    </section>
  `;
}

/** @param {State} state @param {Actions} actions */
const answerForm = (state, actions) => html`<form
  class="rows"
  aria-labelledby="answer"
  @submit=${async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (await actions.answerQuestion(Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)])))) form.reset();
  }}
>
  <h3 id="answer">${t("Your answer")}</h3>
  <div><label for="certain">${t("How sure it is")}</label><select id="certain" name="certain" required>${CERTAIN.map((each) => html`<option value=${each}>${certainWord(each)}</option>`)}</select></div>
  <div>
    <label for="taxon">${t("Scientific name")}</label>
    <input type="text" id="taxon" name="taxon" maxlength="120" autocomplete="off" spellcheck="false" aria-describedby="taxon-wrong" .value=${state.experts.one?.taxon ?? ""} />
    ${wrong(state, "taxon")}
  </div>
  <div><label for="text">${t("By what, or what would be needed")}</label><textarea id="text" name="text" rows="4" required maxlength="2000" aria-describedby="text-wrong"></textarea>${wrong(state, "text")}</div>
  <div><button type="submit" class="main" ?disabled=${state.busy}>${t("Answer")}</button></div>
</form>`;

/** @param {State} state @param {string} field */
function wrong(state, field) {
  const fault = state.faults.find((each) => each.field === field);
  return html`<p class="wrong" id="${field}-wrong">${fault ? faultWord(fault) : ""}</p>`;
}

/** @param {string} certain */
function certainWord(certain) {
  if (certain === "certain") return t("Certain");
  return certain === "probable" ? t("Probable") : t("It cannot be told from this");
}

/** @param {State} state @param {string} at */
const when = (state, at) => moment(Date.parse(at) / 1000, state.stage.zone);
