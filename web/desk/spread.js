// What was found in a year, by post and by month: a picture, and beside it the table that says the same in numbers.

import { named, t } from "../shared/i18n.js";
import { html, nothing } from "../shared/view.js";
import { mapView } from "./map.js";

/** @typedef {{months: {month: string, found: number}[], posts: import('./map.js').Place[]}} Spread */

/** The map is one country’s; the tables are every country’s. @param {Spread} spread @param {string} issuer @param {string} what is counted @param {string} [hint] about the posts */
export const spreadView = (spread, issuer, what, hint = "") => html`<div class="beside"><div>${postsView(spread.posts, issuer, what, hint)}</div><div>${monthsView(spread.months, what)}</div></div>`;

/** @param {import('./map.js').Place[]} posts @param {string} issuer @param {string} what @param {string} hint */
const postsView = (posts, issuer, what, hint) => html`<section class="sheet" aria-labelledby="posts">
  <h2 id="posts">${t("By post, of a year")}</h2>
  ${issuer === "KG" ? mapView(posts) : nothing}
  <table>
    <thead><tr><th scope="col">${t("Post")}</th><th scope="col">${what}</th></tr></thead>
    <tbody>${posts.map((each) => html`<tr><th scope="row">${each.post ? named("posts", each.post) : "–"}</th><td>${each.found}</td></tr>`)}</tbody>
  </table>
  ${hint ? html`<p class="hint">${hint}</p>` : nothing}
</section>`;

/** @param {Spread["months"]} months @param {string} what */
function monthsView(months, what) {
  const most = Math.max(1, ...months.map((each) => each.found));
  return html`<section class="sheet" aria-labelledby="months">
    <h2 id="months">${t("By month")}</h2>
    ${
      months.length
        ? html`<table class="bars">
            <thead><tr><th scope="col">${t("Month")}</th><th scope="col">${what}</th></tr></thead>
            <tbody>${months.map((each) => html`<tr><th scope="row"><span class="mono">${each.month}</span></th><td><svg viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true"><rect width=${(100 * each.found) / most} height="12" /></svg> ${each.found}</td></tr>`)}</tbody>
          </table>`
        : html`<p>${t("There is nothing here.")}</p>`
    }
  </section>`;
}
