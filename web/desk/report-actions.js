// What a button of the reports does: shows another year, file or basis, fetches a file.

import * as reports from "./report-service.js";
import * as service from "./service.js";

const KINDS = ["export", "import"];
const BASES = ["actual", "issued"];

/** What an address chooses, `2026/export/actual`; the present year where it names none. @param {string} words @returns {reports.Chosen} */
export function chosenOf(words) {
  const [year = "", kind = "", basis = ""] = words.split("/");
  return {
    year: /^(19|20|21)[0-9]{2}$/.test(year) ? year : String(new Date().getFullYear()),
    kind: KINDS.includes(kind) ? kind : "export",
    basis: BASES.includes(basis) ? basis : "actual",
  };
}

/** @param {import('./main.js').State} state @param {import('./asking.js').Run} run */
export const reportActions = (state, run) => ({
  /** @param {() => boolean} here */
  async loadReports(here) {
    const chosen = chosenOf(state.place.words);
    const shown = /** @type {reports.Reports} */ ({ chosen, annual: null, permits: null });
    if (here()) state.reports = shown;
    const [annual, permits, overrides] = await Promise.all([reports.checked(chosen), reports.reconciledOf(chosen.year), service.overrides()]);
    if (here()) Object.assign(state, { reports: { chosen, annual, permits }, overrides });
  },

  /** The annual report as the Trade Database takes it; a draft says so in its name. */
  async annualFile() {
    const shown = state.reports;
    if (!shown?.annual) return;
    const { year, kind, basis } = shown.chosen;
    const name = `${shown.annual.party}-${year}-${kind}-${basis}${shown.annual.why.length ? "-DRAFT" : ""}.csv`;
    await run(async () => save(await reports.csvOf(shown.chosen), name));
  },

  async illegalFile() {
    const year = state.reports?.chosen.year;
    if (year) await run(async () => save(await reports.illegalOf(year), `${state.reports?.annual?.party ?? ""}-${year}-illegal-trade.xlsx`));
  },
});

/** @param {Blob} file @param {string} name */
function save(file, name) {
  const address = URL.createObjectURL(file);
  Object.assign(document.createElement("a"), { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
