// Learning Tamga, at /training/: films, a trainee's answers in a workshop, the trainer's page. No sign-in; after the first
// visit it works in a room without a network (web/worker.js). Which screen is shown stands behind # in the address.

import { readCodes } from "../shared/decoder.js";
import { keepFresh } from "../shared/fresh.js";
import { brand, languageSwitch, practiceStrip, readStage, versionLine } from "../shared/frame.js";
import { jsonFile, preferred, speak, t } from "../shared/i18n.js";
import { html, mount, nothing } from "../shared/view.js";
import { fromText, noAnswers } from "./answers.js";
import { filmView, filmsView } from "./films.js";
import { forgetRead, keepOwn, keepRead, ownAnswers, readAnswers } from "./kept.js";
import { drawCode, traineeView } from "./trainee.js";
import { trainerView } from "./trainer.js";

/**
 * @typedef {object} State
 * @property {string} screen  "", "answers", "trainer", or the name of a film
 * @property {import('./answers.js').Answers} own
 * @property {import('./answers.js').Answers[]} read  by a trainer
 * @property {import('./trainer.js').Sheet[]} sheets
 * @property {import('./films.js').Film[]} films
 * @property {number} opened  the sheet whose reason is shown, 0 for none
 * @property {string} told  what came of the last reading
 * @property {string} missing  the film that could not be had
 * @typedef {typeof actions} Actions
 */


const [stage, sheets, films] = await Promise.all([
  readStage(),
  data("sheets.json"),
  data("films.json"),
  speak("training", preferred()),
]);

/** @type {State} */
const state = { screen: wanted(), own: ownAnswers(), read: readAnswers(), sheets, films, opened: 0, told: "", missing: "" };

const actions = {
  /** @param {string} name */
  call(name) {
    state.own.name = name.trim();
    changed();
  },
  /** @param {number} index @param {import('./answers.js').Decision} decision */
  decide(index, decision) {
    state.own.decided[index] = decision;
    changed();
  },
  again() {
    state.own = noAnswers();
    changed();
  },
  /** @param {SubmitEvent} event */
  typed(event) {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    take(String(new FormData(form).get("text") ?? ""));
    form.reset();
  },
  /** @param {Event} event */
  async photographed(event) {
    const input = /** @type {HTMLInputElement} */ (event.target);
    const [file] = input.files ?? [];
    if (!file) return;
    const texts = [...new Set(await readCodes(file).catch(() => []))];
    const answers = texts.filter(fromText);
    if (answers.length > 1) {
      state.told = t("Codes of several trainees in one picture: nothing was taken. Photograph one screen at a time.");
      draw();
    } else take(answers[0] ?? "");
    input.value = "";
  },
  /** @param {number} sheet */
  open(sheet) {
    state.opened = state.opened === sheet ? 0 : sheet;
    draw();
  },
  forget() {
    forgetRead();
    Object.assign(state, { read: [], told: "" });
    draw();
  },
};

/** @param {string} text */
function take(text) {
  const found = fromText(text);
  if (found) {
    keepRead(found);
    state.read = readAnswers();
  }
  state.told = found ? t("Read: {name}", { name: found.name }) : t("This is no code of a trainee's answers.");
  draw();
}

function changed() {
  keepOwn(state.own);
  draw();
}

/** @param {string} name */
function data(name) {
  return jsonFile(new URL(name, import.meta.url));
}

/** @param {string} film */
function lost(film) {
  state.missing = film;
  draw();
}

function wanted() {
  return location.hash.slice(1);
}

function screen() {
  const film = state.films.find((each) => each.name === state.screen);
  if (film) return filmView(film, state.missing === film.name, () => lost(film.name));
  if (state.screen === "answers") return traineeView(state, actions);
  if (state.screen === "trainer") return trainerView(state, actions);
  return startView();
}

function named() {
  document.title = t("Tamga: learn it");
}

const startView = () =>
  html`<h1 tabindex="-1">${t("Learn Tamga")}</h1>
    ${state.films.length ? filmsView(state.films) : nothing}
    <section class="rows" aria-labelledby="workshop">
      <h2 id="workshop">${t("Workshop")}</h2>
      <p>${t("Twenty sheets of paper with goods beside them: genuine, copied, altered, used, ended, foreign. No network is needed in the room.")}</p>
      <ul class="doors">
        <li><a class="sheet" href="#answers"><b>${t("I am learning")}</b><span>${t("Decide at each sheet, then show your answers.")}</span></a></li>
        <li><a class="sheet" href="#trainer"><b>${t("I am the trainer")}</b><span>${t("See who decided what, and why it was right.")}</span></a></li>
      </ul>
    </section>`;

const draw = mount(/** @type {HTMLElement} */ (document.getElementById("app")), () => html`
  ${practiceStrip(stage)}
  <header class="top">
    ${brand(t("Training"), "/training/")}
    ${languageSwitch(async (chosen) => {
      await speak("training", chosen);
      named();
      state.missing = "";
      draw();
    })}
  </header>
  <main class="page">
    ${screen()}
    ${state.screen ? html`<p><a href="#">${t("Back to the beginning")}</a></p>` : nothing}
  </main>
  <footer class="foot">${versionLine(stage)}</footer>
`);

addEventListener("hashchange", () => {
  Object.assign(state, { screen: wanted(), told: "", missing: "" });
  draw();
  queueMicrotask(() => document.querySelector("h1")?.focus());
  scrollTo(0, 0);
});
new MutationObserver(drawCode).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-text"] });
drawCode();
named();
void keepFresh("/training/", () => state.screen === "").catch(() => undefined); // without a worker it needs a network
document.documentElement.dataset.ready = "yes";
