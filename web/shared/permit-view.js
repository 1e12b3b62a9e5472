// What a permit says, as it was signed, beside what the register holds about it.

import { kindOf } from "../core/codes.js";
import { country, day, figure, named, t } from "./i18n.js";
import { apart, html, nothing } from "./view.js";

/**
 * @typedef {import('./show.js').PermitShown} PermitShown
 * @typedef {import('./show.js').RegisterShown} RegisterShown
 * @typedef {import('./show.js').Line} Line
 * @typedef {import('./show.js').UseShown} UseShown
 */

/** "26KG000123/E, Export permit" @param {PermitShown} permit */
export const aboutPermit = (permit) =>
  html`<p class="about"><b class="mono">${permit.number}</b> · ${named("kinds", permit.document_type)}</p>`;

/** "2 kg", "3" @param {string} quantity @param {string} [unit] */
export const amount = (quantity, unit) => (unit ? `${figure(quantity)} ${named("units", unit)}` : figure(quantity));

/** The signed fields, what they are compared by first. @param {PermitShown} permit @param {(line: Line) => unknown} [beside] what else helps to compare a line */
export const signedFields = (permit, beside = () => nothing) => html`<section class="sheet">
  <h2>${t("Signed by {country}", { country: country(permit.issuer) })}</h2>
  <p class="soft">${t("Compare these with the paper and the goods.")}</p>
  <div class="rows">${permit.lines.map((line) => signedLine(line, beside(line)))}</div>
  <dl class="facts">
    ${fact(t("Number"), html`<span class="mono">${permit.number}</span>`)}
    ${fact(t("Document"), named("kinds", permit.document_type))}
    ${fact(t("Valid until"), html`<b>${day(permit.valid_until)}</b>`)}
    ${fact(t("Exporter"), party(permit.exporter))}
    ${fact(t("Importer"), party(permit.importer))}
    ${permit.purpose ? fact(t("Purpose"), `${permit.purpose} · ${named("purposes", permit.purpose)}`) : nothing}
    ${permit.stamp_number ? fact(t("Security stamp"), html`<span class="mono">${permit.stamp_number}</span>`) : nothing}
    ${permit.pages ? fact(t("Pages seen"), t("{seen} of {of}", { seen: permit.pages.seen.join(", "), of: permit.pages.of })) : nothing}
  </dl>
</section>`;

/** @param {Line} line @param {unknown} beside */
const signedLine = (line, beside) => html`<div class="line">
  <p class="big">
    ${line.line ? html`<span class="letter">${line.line}</span> ` : nothing}<span class="taxon" translate="no">${line.scientific_name}</span>
  </p>
  ${beside}
  <dl class="facts">
    ${fact(t("Quantity"), html`<b>${amount(line.quantity, line.unit)}</b> · ${named("terms", line.term)}`)}
    ${line.marks ? fact(t("Marks"), html`<b>${line.marks}</b>`) : nothing}
    ${line.marks_digest ? fact(t("Marks"), t("Too long for the code: read them in the register ({count} characters).", { count: line.marks_digest.count })) : nothing}
    ${fact(t("Appendix"), line.appendix === "0" ? t("not listed") : line.appendix)}
    ${line.source ? fact(t("Source"), `${line.source} · ${named("sources", line.source)}`) : nothing}
    ${line.origin ? fact(t("Country of origin"), source(line.origin)) : nothing}
    ${line.last_reexport ? fact(t("Last re-export"), source(line.last_reexport)) : nothing}
    ${line.operation_or_acquisition ? fact(t("Operation or acquisition"), line.operation_or_acquisition) : nothing}
  </dl>
</div>`;

/** @param {unknown} name @param {unknown} value */
const fact = (name, value) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`;

/** @param {{name?: string, country: string}} who */
const party = (who) =>
  who.name ? html`<span translate="no">${who.name}</span>, ${country(who.country)}` : country(who.country);

/** @param {import('./show.js').Source} from */
const source = (from) =>
  apart([country(from.country), from.permit ?? from.certificate, from.date && day(from.date)]);

/**
 * The register's side: state, use, and line by line what was permitted and what really went.
 * @param {PermitShown} permit @param {RegisterShown} register
 */
export const registerSide = (permit, register) => html`<section class="sheet">
  <h2>${t("In the register")}</h2>
  <dl class="facts">
    ${fact(t("State"), stateWord(register.state))} ${usage(permit, register)}
    ${register.replaced_by ? fact(t("Replaced by"), html`<span class="mono">${register.replaced_by}</span>`) : nothing}
  </dl>
  ${register.uses.length === 0 ? html`<p>${t("Nothing was endorsed yet.")}</p>` : html`<h3>${t("Endorsed at the border")}</h3>${usesTable(permit, register.uses)}`}
</section>`;

/** What is made for many crossings is never used up. @param {PermitShown} permit @param {RegisterShown} register */
function usage({ document_type: kind }, { use, uses }) {
  const waits = stampWaits(uses) ? html`<br /><b>${waitsWord()}</b>` : nothing;
  return kindOf(kind).manyCrossings
    ? fact(t("Crossings so far"), html`${crossings(uses)}${waits}`)
    : fact(t("Use"), html`${useWord(use)}${waits}`);
}

/** How many endorsements count. @param {UseShown[]} uses */
export const crossings = (uses) => uses.filter((use) => !use.withdrawn && use.result !== "pending").length;

/** @param {{lines: {line?: string, scientific_name?: string, quantity?: string, unit?: string}[]}} permit @param {UseShown[]} uses */
export const usesTable = (permit, uses) => html`${uses.map(
    (use) => html`<div class="use">
      <p>
        <b>${kindWord(use.kind)}</b> · ${day(use.day)} · ${named("posts", use.post)}${use.transport_document ? html` · <bdi class="mono">${use.transport_document}</bdi>` : nothing}
        ${remark(use)}
      </p>
      <div class="scroll" tabindex="0" role="group" aria-label=${t("Permitted and moved, line by line")}>
        <table>
          <thead>
            <tr>
              <th scope="col">${t("Line")}</th>
              <th scope="col">${t("Permitted")}</th>
              <th scope="col">${t("Moved")}</th>
              ${use.kind === "import" ? html`<th scope="col">${t("Dead on arrival")}</th>` : nothing}
            </tr>
          </thead>
          <tbody>
            ${use.lines.map((moved) => {
              const line = permit.lines.find((each) => each.line === moved.line);
              return html`<tr>
                <th scope="row">${moved.line}${line ? html` <span class="taxon" translate="no">${line.scientific_name}</span>` : nothing}</th>
                <td>${line?.quantity ? amount(line.quantity, line.unit) : "–"}</td>
                <td>${amount(moved.quantity, line?.unit)}</td>
                ${use.kind === "import" ? html`<td>${moved.dead_on_arrival ?? "–"}</td>` : nothing}
              </tr>`;
            })}
          </tbody>
        </table>
      </div>
    </div>`,
  )}`;

/** Whether a stamp on paper was entered that nobody confirmed yet: until then it counts as no use. @param {UseShown[]} uses */
const stampWaits = (uses) => uses.some((use) => use.result === "pending" && !use.withdrawn);

export const waitsWord = () => t("A stamp from the border waits for confirmation by a second officer.");

/** @param {UseShown} use */
export const remark = (use) =>
  html`${use.withdrawn ? html`<br /><b>${t("Withdrawn later")}</b>` : nothing}
  ${use.result === "conflict"
    ? html`<br /><b>${t("Contradicts another endorsement")}</b>`
    : use.result === "pending" && !use.withdrawn
      ? html`<br />${t("Waits for a second person")}`
      : nothing}`;

/** @param {string} kind */
export function kindWord(kind) {
  const words = { export: t("Left"), import: t("Arrived"), transit: t("Passed in transit"), return: t("Came back") };
  return words[/** @type {keyof typeof words} */ (kind)] ?? kind;
}

/** @param {string} state */
function stateWord(state) {
  const words = {
    issued: t("Issued"),
    suspended: t("Suspended"),
    revoked: t("Revoked"),
    replaced: t("Replaced"),
    lost: t("Reported lost or stolen"),
    void: t("Void"),
  };
  return words[/** @type {keyof typeof words} */ (state)] ?? state;
}

/** @param {string} use */
function useWord(use) {
  const words = {
    unused: t("Not used yet"),
    exported: t("Used: the goods left"),
    imported: t("Used: the goods arrived"),
  };
  return words[/** @type {keyof typeof words} */ (use)] ?? use;
}
