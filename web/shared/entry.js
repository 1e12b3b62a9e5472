// One field of a form that is kept as a record, by its path: what officers fill in about papers and cases.

import { COUNTRIES, ORIGINS } from "../core/countries.js";
import { putAt, valueAt } from "./application.js";
import { offeredFirst } from "./frame.js";
import { country, held, named, t } from "./i18n.js";
import { unsaid } from "./own-words.js";
import "./species-field.js";
import { html, nothing } from "./view.js";

/**
 * @typedef {{value: string, text: string}} Option
 * @typedef {{path: string, label: string, look?: 'text' | 'long' | 'day' | 'number' | 'tick' | 'species', options?: Option[],
 *   hint?: string, most?: number, latin?: boolean, list?: string}} Field
 * @typedef {{fields: Record<string, any>, faults: import('./api.js').FieldError[]}} Form
 */

/** A name for the page out of a path. @param {string} path */
export const idOf = (path) => `f-${path.replaceAll(/[^a-z0-9_]+/gi, "-").replace(/-$/, "")}`;

/** @param {Form} form @param {Field} field @param {() => void} changed */
export function entry(form, field, changed) {
  const { path, label, look = "text", hint = "" } = field;
  const id = idOf(path);
  const fault = form.faults.find((each) => each.field === path);
  const value = valueAt(form.fields, path);
  const put = (/** @type {Event} */ event) => {
    const input = /** @type {HTMLInputElement} */ (event.target);
    putAt(form.fields, path, look === "tick" ? input.checked : input.value);
    changed();
  };
  if (look === "tick") {
    return html`<div>
      <label class="tick"><input type="checkbox" id=${id} .checked=${value === true} aria-describedby="${id}-wrong" @change=${put} /><span>${label}</span></label>
      <p class="wrong" id="${id}-wrong">${fault ? entryFault(fault) : ""}</p>
    </div>`;
  }
  return html`<div>
    <label for=${id}>${label}</label>
    ${
      field.options
        ? html`<select id=${id} aria-invalid=${fault ? "true" : "false"} aria-describedby="${id}-hint ${id}-wrong" @change=${put}>
            <option value="" ?selected=${value === ""}>–</option>
            ${field.options.map((each) => html`<option value=${each.value} ?selected=${each.value === value}>${each.text}</option>`)}
          </select>`
        : look === "long"
          ? html`<textarea id=${id} rows="3" maxlength=${field.most ?? 2000} aria-invalid=${fault ? "true" : "false"} aria-describedby="${id}-hint ${id}-wrong" .value=${value} @input=${put}></textarea>`
          : look === "species"
            ? html`<species-field .field=${{ id, described: `${id}-hint ${id}-wrong`, invalid: fault ? "true" : "false", most: field.most ?? 200 }} .value=${value} @change=${put}></species-field>`
            : html`<input
              type=${look === "day" ? "date" : "text"}
              class=${look === "number" ? "mono" : nothing}
              inputmode=${look === "number" ? "decimal" : nothing}
              id=${id}
              maxlength=${field.most ?? 200}
              autocomplete="off"
              autocapitalize="off"
              spellcheck="false"
              list=${field.list ?? nothing}
              aria-invalid=${fault ? "true" : "false"}
              aria-describedby="${id}-hint ${id}-wrong"
              .value=${value}
              @input=${put}
            />`
    }
    <p class="hint" id="${id}-hint">${hint}</p>
    <p class="wrong" id="${id}-wrong">${fault ? entryFault(fault) : ""}</p>
  </div>`;
}

/** @param {import('./api.js').FieldError} fault */
export function entryFault(fault) {
  const words = {
    required: t("This is needed."),
    quantity: t("Digits, such as 2 or 12.5."),
    date: t("There is no such day."),
    number: t("Letters, digits and . / - as they stand on the paper."),
    not_latin: t("Latin letters, as on the paper."),
    more: t("More than stands on the paper."),
    unknown: t("Choose from the list."),
    ours: t("A permit of our own is scanned, or looked up by its number."),
    future: t("This day is still to come."),
    too_long: t("Too long."),
    too_many: t("Too many at once."),
    characters: t("There are characters in it that cannot be printed."),
    nothing_moved: t("At least one line has a quantity above nothing."),
    every_line: t("Every line is named once."),
  };
  return words[/** @type {keyof typeof words} */ (fault.code)] ?? unsaid(fault);
}

/** Countries by their names here; those that are asked for most before. @param {string[]} [first] @returns {Option[]} */
export function countryOptions(first = offeredFirst()) {
  const rest = [...COUNTRIES.keys()].filter((code) => !first.includes(code));
  const named = (/** @type {string} */ code) => ({ value: code, text: country(code) });
  const order = new Intl.Collator([held().language, "ru", "en"]);
  return [...first.map(named), ...rest.map(named).sort((one, other) => order.compare(one.text, other.text))];
}

/** The same, and what stands in block 12 where no country does. @returns {Option[]} */
export const originOptions = () => [...countryOptions(), ...[...ORIGINS.keys()].filter((code) => !COUNTRIES.has(code)).map((value) => ({ value, text: country(value) }))];

/** @param {Iterable<string>} codes @param {'kinds' | 'purposes' | 'sources' | 'terms' | 'units'} vocabulary @returns {Option[]} */
export const codedOptions = (codes, vocabulary) => [...codes].map((value) => ({ value, text: `${value} · ${named(vocabulary, value)}` }));

/** Without what is empty. @param {any} value @returns {any} */
export function filled(value) {
  if (Array.isArray(value)) return value.map(filled).filter((each) => each !== undefined);
  if (typeof value === "string") return value.trim() || undefined;
  if (value === null || typeof value !== "object") return value ?? undefined;
  const kept = Object.entries(value).map(([name, each]) => [name, filled(each)]);
  const made = kept.filter(([, each]) => each !== undefined);
  return made.length ? Object.fromEntries(made) : undefined;
}
