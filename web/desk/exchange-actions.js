// What the desk does about the exchange: a permit's XML, who may ask us, what was asked, and a question to another Party.

import { t } from "../shared/i18n.js";
import { askAll, askAs } from "../shared/session.js";
import * as service from "./service.js";

/**
 * @typedef {{country: string, certificates: string[], may: string[], active: boolean, note: string, at: string, by_name: string}} Party
 * @typedef {{id: string, at: string, country: string, side: "they" | "we", operation: string, outcome: string, number?: string,
 *   digest?: string, thumbprint?: string, by_name?: string, correlation_id?: string}} Call
 * @typedef {{call: Call, permit: Record<string, any> | null, words: string[]}} Heard
 * @typedef {{list: Party[] | null, services: string[] | null, calls: {items: Call[], cursor: string | null} | null,
 *   heard: Heard | null, before: Call[]}} Parties  `null`: not asked yet, or not this person’s to see; `before`: the same question’s
 */

/** @returns {Parties} */
export const noParties = () => ({ list: null, services: null, calls: null, heard: null, before: [] });

/** Who may what (chalicelib/core/roles.py: exchange, ask_party). */
export const READERS = ["preparer", "scientist", "approver", "auditor", "admin"];
export const ASKERS = ["preparer", "approver", "customs", "inspector", "border", "enforcement"];

const ALL = "/v1/exchange";

/** @param {string} country @param {string} [cursor] @returns {Promise<{items: Call[], cursor: string | null}>} */
const callsOf = async (country, cursor) => (await askAs(`${ALL}/parties/${country}/calls${cursor ? `?${new URLSearchParams({ cursor })}` : ""}`)).body;

/** @param {string} path @param {string} method @param {object} content */
const told = async (path, method, content) => (await askAs(path, { method, body: JSON.stringify(content), headers: { "Content-Type": "application/json" } })).body;

/** @param {import('./main.js').State} state @param {import('./asking.js').Run} run */
export function exchangeActions(state, run) {
  /** @param {string[]} roles */
  const have = (roles) => state.me?.roles.some((role) => roles.includes(role)) ?? false;

  /** What the address names. @param {() => boolean} here */
  async function loadParties(here) {
    const { id } = state.place;
    const [list, services, calls] = await Promise.all([
      have(READERS) ? askAll(`${ALL}/parties`, {}) : null,
      have(ASKERS) ? askAll(`${ALL}/services`, {}) : null,
      id && have(READERS) ? callsOf(id) : null,
    ]);
    if (here()) state.parties = { ...noParties(), list, services, calls };
  }

  return {
    loadParties,

    async moreCalls() {
      await run(async (here) => {
        const { items, cursor } = await callsOf(state.place.id, state.parties.calls?.cursor ?? "");
        if (here()) state.parties.calls = { items: [...(state.parties.calls?.items ?? []), ...items], cursor };
      });
    },

    /** What a Party may from now on. @param {string} country @param {object} body certificates, may, active, note */
    async enterParty(country, body) {
      state.faults = [];
      await run(async (here) => {
        await told(`${ALL}/parties/${country}`, "PUT", body);
        if (!here()) return;
        await loadParties(here);
        if (here()) state.done = t("Saved.");
      });
      return !state.trouble && !state.signedOut;
    },

    /** Another Party, about its permit. @param {Record<string, string>} entered country, number, token, operation */
    async askParty({ country, number, token, operation }) {
      Object.assign(state, { faults: [], parties: { ...state.parties, heard: null, before: [] } });
      await run(async (here) => {
        const heard = await told(`${ALL}/ask`, "POST", { country, number: number.trim(), operation, ...(token.trim() && { token: token.trim() }) });
        /** @type {Call[]} */
        const asked = await askAll(`${ALL}/asked`, { country, number: number.trim() });
        const before = asked.filter(({ id }) => id !== heard.call.id);
        if (here()) Object.assign(state, { done: heard.permit ? t("They have answered: see below.") : t("They gave no permit: see below."), parties: { ...state.parties, heard, before } });
      });
      return false; // what was entered stays: the next question may be about the same permit
    },

    /** The permit as CITESEPermit, as a file. */
    async xml() {
      const { permit } = state;
      if (!permit) return;
      await run(async () => {
        const address = URL.createObjectURL(await service.xmlOf(permit.id));
        const link = document.createElement("a");
        link.href = address;
        link.download = `${(permit.number ?? permit.id).replaceAll("/", "-")}.xml`;
        link.click();
        setTimeout(() => URL.revokeObjectURL(address), 60_000);
      });
    },
  };
}
