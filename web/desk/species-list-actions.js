// What the desk asks of the service about the species list: which one is in use, a new one uploaded, put in use, rejected.

import { t } from "../shared/i18n.js";
import { askAs } from "../shared/session.js";
import { answerAt } from "./service.js";

/**
 * @typedef {{digest: string, state: string, taxa: number, as_of: string, counts: Record<string, number>, file: string,
 *   by: string, by_name: string, at: string, decided_by_name: string, decided_at: string | null}} Head
 * @typedef {Head & {changes: {what: string, name: string, before: string, after: string}[]}} Proposed
 * @typedef {{in_use: {version: string, as_of: string, taxa: number, release: boolean}, proposed: Proposed | null,
 *   items: Head[]}} SpeciesLists
 */

const PATIENCE = 29_000; // ms: forty thousand taxa take a while
const LISTS = "/v1/species-lists";

/** @param {import('./main.js').State} state @param {import('./asking.js').Run} run */
export function speciesListActions(state, run) {
  /** @param {() => boolean} here */
  async function loadSpeciesLists(here) {
    const { body } = await askAs(LISTS, { patience: PATIENCE });
    if (here()) state.speciesLists = body;
  }

  /** A change of the lists, and how they are after it; whether it was made. @param {() => Promise<unknown>} change @param {string} words */
  async function told(change, words) {
    state.faults = [];
    await run(async (here) => {
      await change();
      if (!here()) return;
      await loadSpeciesLists(here);
      if (here()) state.done = words;
    });
    return !state.trouble && !state.signedOut;
  }

  /** @param {string} digest @param {"publish" | "reject"} verb @param {object} body */
  const decide = (digest, verb, body) => askAs(`${LISTS}/${digest}/${verb}`, { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" }, patience: PATIENCE });

  return {
    loadSpeciesLists,

    /** @param {File} file @param {string} asOf @param {boolean} whole */
    proposeList: (file, asOf, whole) =>
      told(async () => {
        const query = new URLSearchParams({ name: file.name, whole: String(whole), ...(asOf && { as_of: asOf }) });
        await askAs(`${LISTS}?${query}`, { method: "POST", body: await packed(file), headers: { "Content-Type": "application/gzip" }, patience: PATIENCE });
      }, t("Uploaded. Nothing has changed yet: a second person puts it in use.")),

    /** @param {string} digest */
    publishList: (digest) => told(() => decide(digest, "publish", {}), t("This list is in use from now on.")),

    /** @param {string} digest @param {string} reason */
    rejectList: (digest, reason) => told(() => decide(digest, "reject", { reason }), t("Done.")),

    /** @param {string} digest */
    async changesFile(digest) {
      await run(async () => {
        const address = URL.createObjectURL(await (await answerAt(`${LISTS}/${digest}/changes`, "text/csv")).blob());
        Object.assign(document.createElement("a"), { href: address, download: "species-changes.csv" }).click();
        setTimeout(() => URL.revokeObjectURL(address), 60_000);
      });
    },
  };
}

/** As the gateway takes it: Species+ gives a hundred megabytes, which pack to four. @param {File} file */
const packed = (file) => (file.name.endsWith(".gz") ? Promise.resolve(/** @type {Blob} */ (file)) : new Response(file.stream().pipeThrough(new CompressionStream("gzip"))).blob());
