// What the desk asks of the service about the species list: which one is in use, a new one uploaded, put in use, rejected.

import { Problem, Unreachable } from "../shared/api.js";
import { t } from "../shared/i18n.js";
import { askAs } from "../shared/session.js";
import { answerAt } from "./service.js";

/**
 * @typedef {{digest: string, state: string, taxa: number, as_of: string, in_force?: string, checked?: string, whole?: boolean, counts: Record<string, number>, file: string,
 *   by: string, by_name: string, at: string, decided_by_name: string, decided_at: string | null}} Head
 * @typedef {Head & {changes: {what: string, name: string, before: string, after: string}[]}} Proposed
 * @typedef {{in_use: {version: string, as_of: string, in_force?: string, checked?: string, taxa: number, release: boolean}, proposed: Proposed | null,
 *   items: Head[]}} SpeciesLists
 */

const PATIENCE = 29_000; // ms, the gateway's: forty thousand taxa take a while
const ENDED = 31_000; // ms later the function, which goes on, has ended (.chalice/config.json)
const TIMES = 3;
const LISTS = "/v1/species-lists";

/** @param {import('./main.js').State} state @param {import('./asking.js').Run} run @param {() => void} draw */
export function speciesListActions(state, run, draw) {
  /** @param {() => boolean} here */
  async function loadSpeciesLists(here) {
    const { body } = await askAs(LISTS, { patience: PATIENCE });
    if (here()) state.speciesLists = body;
  }

  /** A change of the lists, and how they are after it; whether it was made. @param {(here: () => boolean) => Promise<unknown>} change @param {string} words */
  async function told(change, words) {
    state.faults = [];
    await run(async (here) => {
      await change(here);
      if (!here()) return;
      await loadSpeciesLists(here);
      if (here()) state.done = words;
    });
    return !state.trouble && !state.signedOut;
  }

  /** @param {string} digest @param {"publish" | "reject"} verb @param {object} body */
  const decide = (digest, verb, body) => askAs(`${LISTS}/${digest}/${verb}`, { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" }, patience: PATIENCE });

  /** As often as nobody answers in time: what was read meanwhile is told, and not read again. @param {string} path @param {Blob} body @param {() => boolean} here */
  async function upload(path, body, here) {
    for (let left = TIMES - 1; ; left -= 1) {
      const began = Date.now();
      try {
        return await askAs(path, { method: "POST", body, headers: { "Content-Type": "application/gzip" }, patience: PATIENCE });
      } catch (error) {
        if (here()) state.done = "";
        if (!left || !here() || !hungUp(error, Date.now() - began)) throw error;
      }
      if (here()) state.done = t("The file is still being read. The page asks again by itself: leave it open.");
      draw();
      await new Promise((done) => setTimeout(done, ENDED));
    }
  }

  return {
    loadSpeciesLists,

    /** @param {File} file @param {{as_of: string, in_force: string, whole: boolean, replace: boolean}} options `replace`: a whole list may be small */
    proposeList: (file, { as_of: asOf, in_force: inForce, whole, replace }) =>
      told(async (here) => {
        const days = { ...(asOf && { as_of: asOf }), ...(inForce && { in_force: inForce }) };
        const query = new URLSearchParams({ name: file.name, whole: String(whole), ...(replace && { replace: "true" }), ...days });
        await upload(`${LISTS}?${query}`, await packed(file), here);
      }, t("Uploaded. Nothing has changed yet: a second person puts it in use.")),

    /** @param {string} digest */
    publishList: (digest) => told(() => decide(digest, "publish", {}), t("This list is in use from now on.")),

    /** @param {string} digest @param {string} reason */
    rejectList: (digest, reason) => told(() => decide(digest, "reject", { reason }), t("Done.")),

    /** @param {string} digest */
    async changesFile(digest) {
      await run(async () => {
        const address = URL.createObjectURL((await answerAt(`${LISTS}/${digest}/changes`, "text/csv")).body);
        Object.assign(document.createElement("a"), { href: address, download: "species-changes.csv" }).click();
        setTimeout(() => URL.revokeObjectURL(address), 60_000);
      });
    },
  };
}

/** After so many ms nobody waited any more; sooner it is another trouble. @param {unknown} error @param {number} waited */
const hungUp = (error, waited) => waited > PATIENCE - 5_000 && (error instanceof Unreachable || (error instanceof Problem && error.slug === "unavailable"));

/** As the gateway takes it: Species+ gives a hundred megabytes, which pack to four. @param {File} file */
const packed = (file) => (file.name.endsWith(".gz") ? Promise.resolve(/** @type {Blob} */ (file)) : new Response(file.stream().pipeThrough(new CompressionStream("gzip"))).blob());
