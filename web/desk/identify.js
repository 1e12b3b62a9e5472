// The identification aid at the desk, for whoever has no scanner: the aid's files, with the Appendices that the service tells.
// Each step is an address, `#/identify/horn/0/argali-horn`: questions, which answer led to candidates, candidates looked at.

import { Unreachable, ask } from "../shared/api.js";
import { telephoneLink } from "../shared/frame.js";
import { t } from "../shared/i18n.js";
import { below, table } from "../shared/ident.js";
import { identView } from "../shared/ident-view.js";
import { html, nothing } from "../shared/view.js";

/**
 * @typedef {import('../shared/ident.js').Table} Table @typedef {import('../shared/ident.js').Ident} Ident
 * @typedef {import('./main.js').State} State @typedef {ReturnType<typeof identifyActions>} Actions
 * @typedef {{id: string, appendix: string, in_list: boolean}} Told  a candidate, as `GET /v1/identification` has it
 */

const ALL = "all"; // who cannot tell is shown everything

/** @returns {Ident} */
export const nowhereYet = () => ({ table: null, path: [], found: null, looked: [] });

/** @param {State} state */
export const identifyActions = (state) => ({
  /** What the address names. @param {() => boolean} here */
  async loadAid(here) {
    const [aid, told] = await Promise.all([table().catch(unreachable), ask("/v1/identification")]);
    if (!here()) return;
    state.ident = placed(asTold(aid, told.body.candidates), steps(state));
    scrollTo({ top: 0 });
  },

  /** @param {{to?: string, found?: string[]}} answer */
  identAnswer(answer) {
    const { table: read, path } = state.ident;
    const place = read?.questions[path[path.length - 1]].answers.findIndex((each) => each === answer) ?? -1;
    go([...steps(state), answer.to ?? (place < 0 ? ALL : String(place))]);
  },

  /** @param {string} id */
  identLook: (id) => go([...steps(state), id]),
  identBack: () => go(steps(state).slice(0, -1)),
});

/** @param {State} state */
const steps = ({ place }) => place.id.split("/").filter(Boolean);

/** @param {string[]} to */
const go = (to) => void (location.hash = ["#/identify", ...to].join("/"));

/** @param {unknown} error @returns {never} */
function unreachable(error) {
  throw error instanceof TypeError ? new Unreachable(error.message) : error;
}

/** @param {Table} from @param {Told[]} told @returns {Table} */
function asTold(from, told) {
  /** @param {Told} each */
  const standing = ({ id, appendix, in_list }) => ({
    ...from.candidates[id],
    appendix: appendix === "0" ? "none" : appendix,
    listing: in_list ? undefined : from.candidates[id].listing,
  });
  const known = told.filter(({ id }) => Object.hasOwn(from.candidates, id));
  return { ...from, candidates: { ...from.candidates, ...Object.fromEntries(known.map((each) => [each.id, standing(each)])) } };
}

/** Where these steps lead; one that is none of the aid's leads nowhere. @param {Table} from @param {string[]} taken @returns {Ident} */
function placed(from, taken) {
  /** @type {Ident} */
  const ident = { table: from, path: [from.first], found: null, looked: [] };
  for (const step of taken) {
    const asked = ident.path[ident.path.length - 1];
    if (Object.hasOwn(from.candidates, step)) ident.looked.push(step);
    else if (Object.hasOwn(from.questions, step)) ident.path.push(step);
    else ident.found = step === ALL ? below(from, asked) : (from.questions[asked].answers[Number(step)]?.found ?? null);
  }
  return ident;
}

/** @param {State} state @param {Actions} actions */
export function identifyView(state, actions) {
  if (!state.ident.table && state.trouble) return html`<h1 tabindex="-1">${t("What is it?")}</h1>`;
  const { duty_number: number } = state.stage;
  return identView(state.ident, actions, {
    leave: nothing,
    telephone: number ? html`<p>${t("Duty desk")}: ${telephoneLink(number)}</p>` : nothing,
    none: html`<p class="note">${t("None of these? An officer asks the Scientific Authority on the scanner, with photographs of it.")}</p>`,
    species: () => nothing,
    next: () => nothing,
  });
}
