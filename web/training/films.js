// The films: films.json says which there are, `make films` records them from the pages themselves, with their captions.

import { held, language, t } from "../shared/i18n.js";
import { html } from "../shared/view.js";

/** @typedef {{name: string, title: string, about: string, captions: string[]}} Film  texts in English */

const TRACKS = [
  ["ky", "Кыргызча"],
  ["ru", "Русский"],
  ["en", "English"],
];

/** A text of films.json or sheets.json in the reader's language. @param {string} text */
export const inWords = (text) => held().texts[text] ?? text;

/** @param {Film} film */
export function filmView(film) {
  const file = (/** @type {string} */ ending) => new URL(`films/${film.name}.${ending}`, import.meta.url).href;
  return html`<h1 tabindex="-1">${inWords(film.title)}</h1>
    <p>${inWords(film.about)}</p>
    <video class="film" controls preload="metadata" playsinline src=${file(`${language()}.webm`)}>
      ${TRACKS.map(
        ([code, name]) => html`<track kind="captions" srclang=${code} label=${name} src=${file(`${language()}.${code}.vtt`)} ?default=${code === language()} />`,
      )}
    </video>
    <p><a href="#">${t("All films")}</a></p>`;
}

/** @param {readonly Film[]} films */
export const filmsView = (films) => html`<section class="rows" aria-labelledby="films">
  <h2 id="films">${t("Films of two minutes")}</h2>
  <ul class="doors">
    ${films.map((each) => html`<li><a class="sheet" href=${`#${each.name}`}><b>${inWords(each.title)}</b><span>${inWords(each.about)}</span></a></li>`)}
  </ul>
</section>`;
