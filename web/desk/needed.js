// What the rules ask for, beside the form: each line's documents by GET /v1/requirements, whether the form is for one of them,
// and the papers that Tamga does not check.

import { t } from "../shared/i18n.js";
import { importerView } from "../shared/importer.js";
import { tellEach } from "../shared/requirements.js";
import { html, nothing } from "../shared/view.js";
import { giver, provision } from "../shared/which.js";

/** @typedef {import('../shared/application.js').Application} Application @typedef {import('../shared/which.js').Found} Found */

/** Uses that are a document's own (chalicelib/requirements/model/table.py, rows 15-20). @type {Record<string, string>} */
const USE_OF = { OW: "owned_animal", OT: "exhibition", OM: "instrument", OS: "samples", OY: "phytosanitary" };

/** Documents that the State of their holder issues. */
const HOLDERS = ["OW", "OT", "OM", "OS"];

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** The answer for each name of a form; those that cannot be asked are left out. @param {Application} record @param {string} issuer @returns {Promise<Map<string, Found>>} */
export async function neededFor(record, issuer) {
  /** @type {Map<string, Record<string, string>>} */
  const asked = new Map();
  for (const line of record.lines ?? []) if (line.scientific_name && !asked.has(line.scientific_name)) asked.set(line.scientific_name, queryOf(record, line, issuer));
  const answers = await tellEach([...asked.values()]);
  return new Map([...asked.keys()].flatMap((name, at) => (answers[at] ? [/** @type {const} */ ([name, answers[at]])] : [])));
}

/** @param {Application} record @param {any} line @param {string} issuer */
function queryOf(record, line, issuer) {
  const kind = String(record.document_type ?? "");
  const comes = kind === "I" || (kind.startsWith("O") && record.importer?.country === issuer && record.exporter?.country !== issuer);
  const query = {
    species: line.scientific_name,
    direction: comes ? "import" : kind === "R" ? "reexport" : kind === "OI" ? "sea" : "export",
    term: line.term,
    source: kind === "OP" ? "O" : line.source,
    purpose: record.purpose,
    origin: line.origin?.country,
    exported_on: DAY.test(line.origin?.date ?? "") ? line.origin.date : undefined,
    use: USE_OF[kind],
    based: HOLDERS.includes(kind) ? record.exporter?.country : undefined,
    ...(comes ? { exporting: record.exporter?.country } : { destination: record.importer?.country }),
  };
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value));
}

/** @param {Map<string, Found> | null} needed @param {Application} record @param {string} issuer */
export const neededView = (needed, record, issuer) =>
  needed?.size
    ? html`<section class="sheet" aria-labelledby="needed">
        <h2 id="needed">${t("What the rules ask for")}</h2>
        <ul class="plainlist">${[...needed].map(([name, found]) => one(name, found, record, issuer))}</ul>
      </section>`
    : nothing;

/** @param {string} name @param {Found} found @param {Application} record @param {string} issuer */
const one = (name, found, record, issuer) => html`<li>
  <b class="taxon" translate="no">${name}</b>: ${decisionWord(found)}
  ${found.documents.length ? html`<ul>${found.documents.map((each) => html`<li><b>${each.name}</b> (${giver(each.issued_by, issuer)}) <small>${each.why} ${provision(each.article)}</small></li>`)}</ul>` : nothing}
  ${found.decision === "documents" && record.document_type && !fits(found, record.document_type) ? html`<p class="note">${t("This form is for another document than the rules ask for.")}</p>` : nothing}
  ${found.reasons.map((each) => html`<p><small>${each.text} ${provision(each.article)}</small></p>`)}
  ${importerView(found.stricter_abroad)}
  ${found.other_papers.length ? html`<p><small>${found.other_papers.map((each) => `${each.text}: ${each.checked}`).join(" · ")}</small></p>` : nothing}
</li>`;

/** @param {Found} found @param {string} kind */
const fits = (found, kind) => found.documents.some((each) => each.kind === kind || each.alternatives.includes(kind));

/** @param {Found} found */
const decisionWord = ({ decision }) =>
  ({ documents: "", none: t("no CITES document is needed"), prohibited: t("not allowed"), ask: t("not to be told from this alone") })[decision];
