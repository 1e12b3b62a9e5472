// <tamga-which>: the questions of which.js one a page, as big buttons, and the answer. The door says how species are found,
// who answers, and what may be begun with the answer.

import { ANNOTATIONS } from "../core/generated/annotations.js";
import { livesIn } from "../core/native_range.js";
import { calendarDay } from "../core/stage.js";
import { colon, day, language, named, t } from "./i18n.js";
import { icon } from "./icons.js";
import { notesView } from "./listed.js";
import { spelled } from "./quantity.js";
import { importerView } from "./importer.js";
import { annotation } from "./remark.js";
import { Living, html, nothing } from "./view.js";
import { countries, giver, provision, queryOf, questions, saidWords } from "./which.js";

/** @typedef {import('./which.js').Taxon} Taxon @typedef {import('./which.js').Found} Found @typedef {import('./which.js').Question} Question
 *  @typedef {import('./which.js').Answers} Answers */

const ICONS = /** @type {const} */ ({ documents: "file", none: "yes", prohibited: "no", ask: "ask" });

class Which extends Living {
  heading = "";
  about = "";
  issuer = "";
  zone = "UTC";
  /** Of the table that answers. */
  annotations = ANNOTATIONS;
  /** What the list has for a name, the best first; null: it cannot be asked. @type {(text: string) => Promise<Taxon[] | null>} */
  find = async () => null;
  /** @type {(query: Record<string, string>, taxon: Taxon) => Promise<Found | null>} */
  answer = async () => null;
  /** What the door offers behind an answer. @type {(query: Record<string, string>, found: Found) => unknown} */
  further = () => nothing;

  /** @type {Answers} */
  #said = {};
  /** @type {Taxon | null} */
  #taxon = null;
  #at = 0;
  /** @type {Taxon[] | null} */
  #listed = [];
  #typed = "";
  #turn = 0; // of what is typed
  #step = 0; // of the questions: an answer to those before a change comes too late
  /** @type {Found | null} */
  #found = null;
  #query = /** @type {Record<string, string>} */ ({});
  #busy = false;
  #failed = false;

  /** @type {object | null} */
  #begun = null;

  /** What the door knows already; another one begins anew. @param {{taxon: Taxon, said: Answers} | null} known */
  set begin(known) {
    if (known === this.#begun) return;
    this.#begun = known;
    if (known) this.beginWith(known.taxon, known.said);
  }

  /** Where one is already known, its questions are passed over. @param {Taxon} taxon @param {Answers} said */
  beginWith(taxon, said) {
    this.#taxon = taxon;
    this.#said = { ...Object.fromEntries(Object.entries(said).filter(([, value]) => value)), species: taxon.scientific_name };
    this.#at = 0;
    const asked = this.#asked();
    while (this.#at < asked.length && this.#said[asked[this.#at].id]) this.#at += 1;
    void this.#go(this.#at);
  }

  /** The language has changed: an answer in words is asked for again. */
  spoken() {
    void (this.#found || this.#failed ? this.#go(this.#at) : this.changed());
  }

  #asked() {
    const today = calendarDay(Math.floor(Date.now() / 1000), this.zone);
    return questions(this.#said, this.#taxon, { issuer: this.issuer, today, annotations: this.annotations });
  }

  /** @param {number} at */
  async #go(at) {
    const mine = (this.#step += 1);
    this.#at = at;
    this.#found = null;
    this.#failed = false;
    this.changed();
    if (at >= this.#asked().length) await this.#decide();
    await new Promise((done) => setTimeout(done));
    if (mine !== this.#step) return;
    this.querySelector("h1")?.focus({ preventScroll: true });
    this.scrollIntoView?.({ block: "start" });
  }

  async #decide() {
    if (!this.#taxon) return;
    this.#busy = true;
    this.changed();
    this.#query = queryOf(this.#said, this.#taxon, this.#asked());
    const mine = this.#step;
    const found = await this.answer(this.#query, this.#taxon);
    if (mine !== this.#step) return;
    this.#found = found;
    this.#failed = !this.#found;
    this.#busy = false;
    this.changed();
  }

  /** @param {Question} question @param {string} value */
  #say(question, value) {
    if (value) this.#said[question.id] = value;
    else delete this.#said[question.id];
    void this.#go(this.#at + 1);
  }

  /** @param {Taxon} taxon */
  #choose(taxon) {
    this.#taxon = taxon;
    this.#say(this.#asked()[0], taxon.scientific_name);
  }

  /** @param {string} text */
  async #type(text) {
    this.#typed = text;
    const mine = (this.#turn += 1);
    await new Promise((done) => setTimeout(done, 200));
    if (mine !== this.#turn) return;
    const listed = text.trim().length > 1 ? await this.find(text.trim()) : [];
    if (mine !== this.#turn) return;
    this.#listed = listed;
    this.changed();
  }

  #again() {
    this.#said = {};
    this.#taxon = null;
    this.#turn += 1;
    this.#typed = "";
    this.#listed = [];
    void this.#go(0);
  }

  view() {
    const asked = this.#asked();
    const question = asked[this.#at];
    return html`
      ${this.#at > 0 ? html`<p class="steps"><button type="button" class="plain" @click=${() => void this.#go(this.#at - 1)}>${t("Back")}</button> ${question ? html`<span class="soft">${t("Question {number}", { number: this.#at + 1 })}</span>` : nothing}</p>` : nothing}
      ${question ? this.#question(question) : this.#result(asked)}
    `;
  }

  /** @param {Question} question */
  #question(question) {
    return html`<h1 tabindex="-1">${this.#at === 0 ? this.heading : question.title}</h1>
      ${this.#at === 0 ? html`<p>${this.about}</p><h2 id="asked">${question.title}</h2>` : nothing}
      ${question.about ? html`<p id="about">${question.about}</p>` : nothing}
      ${question.look === "species" ? this.#species() : question.look === "choice" ? this.#choices(question) : this.#form(question)}`;
  }

  #species() {
    const none = this.#typed.trim().length > 1 && this.#listed?.length === 0;
    return html`<div class="rows">
      <div>
        <label for="which-species">${t("Name of the animal or plant")}</label>
        <input type="search" id="which-species" autocomplete="off" autocapitalize="none" spellcheck="false" .value=${this.#typed} @input=${(/** @type {Event} */ event) => void this.#type(/** @type {HTMLInputElement} */ (event.target).value)} />
        <p class="hint" role="status">${this.#listed === null ? t("The list cannot be asked at the moment.") : none ? t("The list does not have this name. Ask the ministry, with the scientific name.") : ""}</p>
      </div>
      <ul class="answers">
        ${(this.#listed ?? []).map(
          (taxon) => html`<li><button type="button" class="answer" @click=${() => this.#choose(taxon)}>
            <b>${taxon.names[language()] ?? taxon.names.en ?? ""}</b> <span class="taxon" translate="no">${taxon.scientific_name}</span>
            <small>${taxon.appendix === "0" ? t("Not listed") : t("Appendix {appendix}", { appendix: taxon.appendix })}</small>
          </button></li>`,
        )}
      </ul>
    </div>`;
  }

  /** @param {Question} question */
  #choices(question) {
    const one = (/** @type {import('./which.js').Option} */ option) => html`<li><button type="button" class="answer" aria-pressed=${this.#said[question.id] === option.value ? "true" : "false"} @click=${() => this.#say(question, option.value)}>
      <b>${option.text}</b>${option.hint ? html`<small>${option.hint}</small>` : nothing}${option.listing ? html`<small>${annotation(option.listing)}</small>` : nothing}
    </button></li>`;
    const rare = question.options?.filter((option) => option.rare) ?? [];
    return html`<ul class="answers">${question.options?.filter((option) => !option.rare).map(one)}</ul>
      ${rare.length ? html`<details><summary>${t("Something else")}</summary><ul class="answers">${rare.map(one)}</ul></details>` : nothing}`;
  }

  /** True where this country is likely the origin: goods leave, and no split by country puts the taxon elsewhere. */
  #isOurs() {
    return this.#said.direction === "export" && (!this.#taxon?.population || livesIn(this.issuer, this.#taxon));
  }

  /** @param {Question} question */
  #form(question) {
    const value = this.#said[question.id] ?? "";
    return html`<form
      class="rows"
      @submit=${(/** @type {SubmitEvent} */ event) => {
        event.preventDefault();
        const form = new FormData(/** @type {HTMLFormElement} */ (event.target));
        const said = String(form.get("said") ?? "");
        if (question.look === "amount") this.#said.unit = String(form.get("unit") ?? "");
        this.#say(question, question.look === "amount" ? spelled(said) : said);
      }}
    >
      ${question.look === "country"
        ? html`<div><label for="which-said">${t("Country")}</label>
            <select id="which-said" name="said"><option value="">${t("Not known yet")}</option>${countries().map((each) => html`<option value=${each.value} .selected=${each.value === (value || (question.id === "origin" && this.#isOurs() ? this.issuer : ""))}>${each.text}</option>`)}</select></div>`
        : question.look === "day"
          ? html`<div><label for="which-said">${t("Day")}</label><input type="date" id="which-said" name="said" .value=${value} /></div>`
          : html`<div class="pair">
            <div><label for="which-said">${t("Quantity")}</label><input type="text" id="which-said" name="said" inputmode="decimal" pattern="[0-9]{1,9}([.,][0-9]{1,6})?" maxlength="16" .value=${value} /></div>
            <div><label for="which-unit">${t("Unit")}</label><select id="which-unit" name="unit">
              ${[["GRM", t("grams")], ["KGM", t("kilograms")], ["MLT", t("millilitres")], ["", t("pieces")]].map(([code, text]) => html`<option value=${code} .selected=${code === (this.#said.unit ?? "GRM")}>${text}</option>`)}
            </select></div>
          </div>`}
      <div><button type="submit" class="main">${t("Continue")}</button></div>
    </form>`;
  }

  /** @param {Question[]} asked */
  #result(asked) {
    if (this.#busy) return html`<h1 tabindex="-1" class="soft">${t("One moment …")}</h1>`;
    if (this.#failed || !this.#found)
      return html`<h1 tabindex="-1">${t("No answer at the moment")}</h1><p>${t("The service does not answer. What you said is kept: try again.")}</p><p><button type="button" class="main" @click=${() => void this.#go(this.#at)}>${t("Try again")}</button></p>`;
    const notes = this.#taxon ? notesView(this.#taxon) : [];
    return html`${foundView(this.#found, this.issuer)}
      ${notes.length ? html`<section class="sheet" aria-labelledby="listed"><h2 id="listed">${t("What the list says of it")}</h2>${notes}</section>` : nothing}
      ${this.further(this.#query, this.#found)}
      <section class="sheet" aria-labelledby="said">
        <h2 id="said">${t("What you said")}</h2>
        <dl class="said">
          ${asked.map((question, at) => html`<div><dt>${question.title}</dt><dd>${question.id === "species" ? html`<span class="taxon" translate="no">${this.#taxon?.scientific_name}</span>` : saidWords(question, this.#said)} <button type="button" class="plain" @click=${() => void this.#go(at)}>${t("Change")}<span class="unseen">: ${question.title}</span></button></dd></div>`)}
        </dl>
        <p><button type="button" @click=${() => this.#again()}>${t("Ask about something else")}</button></p>
      </section>`;
  }
}

/** The answer: one word first, then each document with who gives it and why. @param {Found} found @param {string} issuer */
export const foundView = (found, issuer) => {
  const words = { documents: t("Documents that are needed: {count}", { count: found.documents.length }), none: t("No CITES document is needed"), prohibited: t("This is not allowed"), ask: t("A person has to look at this") };
  return html`<section class="sheet rows which ${found.decision}" aria-labelledby="found">
      <h1 tabindex="-1" id="found">${icon(ICONS[found.decision])} ${words[found.decision]}</h1>
      ${found.documents.length
        ? html`<ol class="documents">
            ${found.documents.map(
              (each) => html`<li>
                <b>${named("kinds", each.kind)}</b> ${each.comparable ? html`(${t("a comparable document")})` : nothing}
                <br />${t("Given by: {who}", { who: giver(each.issued_by, issuer) })}
                <br /><small>${each.why} ${provision(each.article)}</small>
                ${each.alternatives.length ? html`<br /><small>${t("Instead of it serves:")} ${each.alternatives.map((kind) => named("kinds", kind)).join(", ")}</small>` : nothing}
              </li>`,
            )}
          </ol>`
        : nothing}
      ${found.allowance ? html`<p class="note"><b>${found.allowance.text}</b></p>` : nothing}
      ${found.near?.length ? html`<p>${t("Perhaps one of these:")} ${found.near.map((each) => html`<span class="taxon" translate="no">${each}</span> `)}</p>` : nothing}
      ${found.reasons.length ? html`<ul>${found.reasons.map((each) => html`<li>${each.text} ${each.article ? html`<small>${provision(each.article)}</small>` : nothing}</li>`)}</ul>` : nothing}
      ${importerView(found.stricter_abroad)}
      ${found.in_force && found.checked ? html`<p><small>${t("Appendices in force on {day} · list checked on {other}", { day: day(found.in_force), other: day(found.checked) })}</small></p>` : nothing}
    </section>
    ${found.other_papers.length
      ? html`<section class="sheet" aria-labelledby="others">
          <h2 id="others">${t("Other papers that may be needed")}</h2>
          <ul>${found.other_papers.map((each) => html`<li>${each.text}${colon()} <b>${each.checked}</b></li>`)}</ul>
        </section>`
      : nothing}`;
};

customElements.define("tamga-which", Which);
