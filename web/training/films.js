// The films: films.json says which there are, `make films` records them from the pages themselves, with their captions.

import { held, language, t } from "../shared/i18n.js";
import { html, nothing } from "../shared/view.js";

/** @typedef {{name: string, title: string, about: string, captions: string[]}} Film  texts in English */

const TRACKS = [
  ["ky", "Кыргызча"],
  ["ru", "Русский"],
  ["en", "English"],
];

/** A text of films.json or sheets.json in the reader's language. @param {string} text */
export const inWords = (text) => held().texts[text] ?? text;

/** @param {Film} film @param {boolean} missing @param {() => void} lost */
export function filmView(film, missing, lost) {
  return html`<h1 tabindex="-1">${inWords(film.title)}</h1>
    <p>${inWords(film.about)}</p>
    ${missing ? html`<p class="sheet alarm" role="alert">${t("This film is not here: it was not recorded yet, or this device has not fetched it. What it says can be read below.")}</p>` : nothing}
    ${missing ? nothing : player(film, lost)}
    <details ?open=${missing}>
      <summary>${t("What the film says")}</summary>
      <ol>${film.captions.map((each) => html`<li>${inWords(each)}</li>`)}</ol>
    </details>
    <p><a href="#">${t("All films")}</a></p>`;
}

/** @type {HTMLVideoElement | null} */
let shown = null;

/**
 * One element for a film in a language: a player keeps the tracks that it began with. Another language goes on where the
 * first one was. `lost`: the recording cannot be had.
 * @param {Film} film @param {() => void} lost
 */
function player(film, lost) {
  const file = (/** @type {string} */ ending) => new URL(`films/${film.name}.${ending}`, import.meta.url).href;
  const source = file(`${language()}.webm`);
  if (shown?.src === source) return shown;
  const made = document.createElement("video");
  Object.assign(made, { className: "film", controls: true, preload: "metadata", playsInline: true });
  made.append(
    ...TRACKS.map(([code, label]) =>
      Object.assign(document.createElement("track"), {
        kind: "captions", srclang: code, label, src: file(`${language()}.${code}.vtt`), default: code === language(),
      }),
    ),
  );
  made.addEventListener("error", lost);
  made.src = source;
  const before = shown?.dataset.film === film.name ? shown.currentTime : 0;
  made.addEventListener("loadedmetadata", () => (made.currentTime = before), { once: true });
  made.dataset.film = film.name;
  shown?.pause();
  return (shown = made);
}

/** @param {readonly Film[]} films */
export const filmsView = (films) => html`<section class="rows" aria-labelledby="films">
  <h2 id="films">${t("Films of two minutes")}</h2>
  <ul class="doors">
    ${films.map((each) => html`<li><a class="sheet" href=${`#${each.name}`}><b>${inWords(each.title)}</b><span>${inWords(each.about)}</span></a></li>`)}
  </ul>
</section>`;
