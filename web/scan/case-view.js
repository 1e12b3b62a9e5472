// A case that is opened at the post: goods, why, how, people, photographs; under three minutes for what is needed.

import { firstFields, furtherFields, goodsFields, personFields, rareGoodsFields } from "../shared/case-fields.js";
import { entry } from "../shared/entry.js";
import { t } from "../shared/i18n.js";
import { icon } from "../shared/icons.js";
import { html, nothing } from "../shared/view.js";
import { recordPhotos } from "./foreign-view.js";

/** @typedef {import('./state.js').State} State @typedef {import('./main.js').Actions} Actions @typedef {import('./record.js').Record_} Record_ */

/** @param {State} state @param {Record_} record @param {Actions} actions */
export function caseView(state, record, actions) {
  const { fields } = record;
  const one = (/** @type {import('../shared/entry.js').Field} */ field) => entry(record, field, actions.changed);
  return html`
    <h1 tabindex="-1">${t("Open a case")}</h1>
    ${fields.permit?.number ? html`<p>${t("About the paper that you scanned: {number}", { number: fields.permit.number })}</p>` : nothing}
    <form class="rows" novalidate @submit=${(/** @type {SubmitEvent} */ event) => actions.write(event)}>
      <section class="sheet rows">${firstFields().map(one)}</section>
      ${fields.goods.map(
        (/** @type {unknown} */ _, /** @type {number} */ index) => html`<fieldset class="sheet rows">
          <legend>${t("Goods {number}", { number: index + 1 })}</legend>
          ${goodsFields(index).map(one)}
          <details><summary>${t("More about these goods")}</summary><div class="rows">${rareGoodsFields(index).map(one)}</div></details>
          ${fields.goods.length > 1 ? html`<button type="button" @click=${() => actions.dropGoods(index)}>${t("Remove these goods")}</button>` : nothing}
        </fieldset>`,
      )}
      ${fields.goods.length < 60 ? html`<button type="button" id="add-goods" @click=${actions.addGoods}>${t("Other goods too")}</button>` : nothing}
      ${recordPhotos(state, record, t("Photograph goods and papers"), actions)}
      ${furtherFields(fields).map(({ title, fields: asked }) => html`<details class="sheet"><summary>${title}</summary><div class="rows">${asked.map(one)}</div></details>`)}
      <details class="sheet" id="people">
        <summary>${t("People: seen by you and by the police alone")}</summary>
        ${fields.people.map((/** @type {unknown} */ _, /** @type {number} */ index) => html`<fieldset class="rows"><legend>${t("Person {number}", { number: index + 1 })}</legend>${personFields(index).map(one)}</fieldset>`)}
        <button type="button" @click=${actions.addPerson}>${t("Another person")}</button>
      </details>
      <section class="sheet rows">${one({ path: "note", label: t("What else you saw"), look: "long", hint: t("Seen by you, the ministry and the police.") })}</section>
      <p class="wrong" role="alert">${record.faults.length ? t("Something is missing or wrong: it is marked above.") : state.wrong}</p>
      <button class="main" type="submit" ?disabled=${state.busy}>${icon("yes")}<span>${state.busy ? t("Writing it down …") : t("Open the case")}</span></button>
      <button type="button" @click=${actions.leaveRecord}>${t("Leave without writing it down")}</button>
    </form>
  `;
}
