// How one field of a question is drawn, and how its answer is read back from the form.

import { valueAt } from "../shared/application.js";
import { held, t } from "../shared/i18n.js";
import { optionsView } from "../shared/options.js";
import { spelled } from "../shared/quantity.js";
import { html, nothing } from "../shared/view.js";
import "./species.js";

/** @typedef {import('./questions.js').Field} Field @typedef {import('./record.js').Application} Application */

/** @param {string} path */
export const idOf = (path) => path.replaceAll(/[.[\]]+/g, "-").replace(/-$/, "");

/** @param {Field} field @param {Application} record @param {Map<string, string>} wrong path -> words @param {boolean} alone the page's only field */
export function fieldView(field, record, wrong, alone) {
  const id = idOf(field.path);
  const value = String(valueAt(record, field.path));
  const words = wrong.get(field.path) ?? "";
  const described = `${id}-hint ${id}-wrong`;
  const label = html`${field.label}${field.optional ? html` <span class="optional">${t("(may stay empty)")}</span>` : nothing}`;
  const below = html`<p class="hint" id="${id}-hint" ?hidden=${!field.hint}>${field.hint}</p>
    <p class="wrong" id="${id}-wrong">${words}</p>`;
  if (field.look === "choice") return choiceView(field, value, { id, label, below, described, alone, wrong: Boolean(words) });
  if (field.look === "day") return dayView(field, value, { id, label, below, described, wrong: Boolean(words) });
  return html`<div>
    <label for=${id}>${label}</label>
    ${control(field, value, id, described, Boolean(words))} ${below}
  </div>`;
}

/** @param {Field} field @param {string} value @param {string} id @param {string} described @param {boolean} wrong */
function control(field, value, id, described, wrong) {
  const invalid = wrong ? "true" : "false";
  if (field.look === "long")
    return html`<textarea id=${id} name=${field.path} rows="5" maxlength=${field.most ?? nothing} aria-invalid=${invalid} aria-describedby=${described} .value=${value}></textarea>`;
  if (field.look === "select")
    return html`<select id=${id} name=${field.path} aria-invalid=${invalid} aria-describedby=${described}>
      ${field.options?.some((option) => option.value === "") ? nothing : html`<option value="" .selected=${value === ""}>${t("Choose")}</option>`}
      ${optionsView(field.options ?? [], value, field.usual)}
    </select>`;
  if (field.look === "species")
    return html`<tamga-species .field=${{ id, path: field.path, described, invalid, most: field.most }} .value=${value}></tamga-species>`;
  const email = field.look === "email";
  return html`<input type=${email ? "email" : "text"} inputmode=${field.look === "number" ? "decimal" : nothing} id=${id} name=${field.path} maxlength=${field.most ?? nothing} autocomplete=${email ? "email" : "off"} aria-invalid=${invalid} aria-describedby=${described} .value=${value} />`;
}

/**
 * @typedef {{id: string, label: unknown, below: unknown, described: string, wrong: boolean, alone?: boolean}} Drawn
 * @param {Field} field @param {string} value @param {Drawn} drawn
 */
function choiceView(field, value, { id, label, below, described, alone }) {
  const common = field.options?.filter((option) => !option.special) ?? [];
  const special = field.options?.filter((option) => option.special) ?? [];
  return html`<fieldset aria-describedby=${described} tabindex="-1" id=${id}>
    <legend class=${alone ? "unseen" : ""}>${label}</legend>
    ${common.map((option) => radio(field.path, option, value))}
    ${special.length
      ? html`<details ?open=${special.some((option) => option.value === value)}>
          <summary>${t("Special documents")}</summary>
          ${special.map((option) => radio(field.path, option, value))}
        </details>`
      : nothing}
    ${below}
  </fieldset>`;
}

/** @param {string} path @param {import('./questions.js').Option} option @param {string} value */
const radio = (path, option, value) => html`<label class="radio">
  <input type="radio" name=${path} value=${option.value} .checked=${option.value === value} />
  <span><b>${option.text}</b>${option.hint ? html`<small>${option.hint}</small>` : nothing}</span>
</label>`;

/** Day, month in words, year: no browser's own calendar knows Kyrgyz. @param {Field} field @param {string} value @param {Drawn} drawn */
function dayView(field, value, { id, label, below, described, wrong }) {
  const [year, month, day] = value.split("-");
  const invalid = wrong ? "true" : "false";
  return html`<fieldset aria-describedby=${described} tabindex="-1" id=${id}>
    <legend>${label}</legend>
    <div class="day">
      <div><label for="${id}-d">${t("Day")}</label><input type="text" inputmode="numeric" maxlength="2" id="${id}-d" name="${field.path}:day" autocomplete="off" aria-invalid=${invalid} .value=${day ? String(Number(day) || day) : ""} /></div>
      <div>
        <label for="${id}-m">${t("Month")}</label>
        <select id="${id}-m" name="${field.path}:month" aria-invalid=${invalid}>
          <option value="" .selected=${!month}>${t("Choose")}</option>
          ${held().dates.months.map((name, index) => html`<option value=${index + 1} .selected=${Number(month) === index + 1}>${name}</option>`)}
        </select>
      </div>
      <div><label for="${id}-y">${t("Year")}</label><input type="text" inputmode="numeric" maxlength="4" id="${id}-y" name="${field.path}:year" autocomplete="off" aria-invalid=${invalid} .value=${year ?? ""} /></div>
    </div>
    ${below}
  </fieldset>`;
}

/** What the form says for a field; a day that is no day goes out as it was typed and is refused. @param {FormData} form @param {Field} field */
export function readField(form, field) {
  const text = String(form.get(field.path) ?? "").trim();
  if (field.look !== "day") return field.look === "number" ? spelled(text) : text;
  const [day, month, year] = ["day", "month", "year"].map((part) => String(form.get(`${field.path}:${part}`) ?? "").trim());
  if (!day && !month && !year) return "";
  return `${year.padStart(4, "0")}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
}
