// What the desk does about the exchange: a permit's XML, who may ask us, what was asked, and a question to another Party.

import { t } from "../shared/i18n.js";
import { may } from "../shared/person.js";
import { askAll, askAs } from "../shared/session.js";
import * as service from "./service.js";

/**
 * @typedef {{country: string, certificates: string[], may: string[], active: boolean, note: string, at: string, by_name: string}} Party
 * @typedef {{id: string, at: string, country: string, side: "they" | "we", operation: string, outcome: string, number?: string,
 *   digest?: string, thumbprint?: string, by_name?: string, correlation_id?: string, lines?: {line: string, quantity: string}[]}} Call
 * @typedef {{call: Call, permit: Record<string, any> | null, words: string[]}} Heard
 * @typedef {{lines: {line: string, quantity: string}[], service: boolean, told: Call[]}} Arrived
 * @typedef {{country: string, number: string, token?: string}} Named  a permit of another Party
 * @typedef {{list: Party[] | null, services: string[] | null, calls: {items: Call[], cursor: string | null} | null,
 *   heard: Heard | null, before: Call[], arrived: (Arrived & {of: Named}) | null}} Parties  `null`: not asked yet, or not this person’s to see; `before`: the same question’s
 */

/** @returns {Parties} */
export const noParties = () => ({ list: null, services: null, calls: null, heard: null, before: [], arrived: null });

const ALL = "/v1/exchange";

/** @param {string} country @param {string} [cursor] @returns {Promise<{items: Call[], cursor: string | null}>} */
const callsOf = async (country, cursor) => (await askAs(`${ALL}/parties/${country}/calls${cursor ? `?${new URLSearchParams({ cursor })}` : ""}`)).body;

/** @param {string} path @param {string} method @param {object} content */
const told = async (path, method, content) => (await askAs(path, { method, body: JSON.stringify(content), headers: { "Content-Type": "application/json" } })).body;

/** @param {Named} of @returns {Promise<Arrived>} */
export const arrivedUnder = async ({ country, number }) => (await askAs(`${ALL}/arrived?${new URLSearchParams({ country, number })}`)).body;

/** Tells its Party, and what is known of it by then. @param {Named} of @param {Arrived} found @returns {Promise<{arrived: Arrived, words: string}>} */
export async function arrivalTold(of, found) {
  /** @type {Call} */
  const call = (await told(`${ALL}/arrived`, "POST", of)).call;
  const words = call.outcome === "answered" ? t("They have taken it.") : t("They have not taken it: see below.");
  return { arrived: { ...found, told: [call, ...found.told] }, words };
}

/** @param {Record<string, string>} entered @returns {Named} */
const named = ({ country, number, token }) => ({ country, number: number.trim(), ...(token.trim() && { token: token.trim() }) });

/** @param {import('./main.js').State} state @param {import('./asking.js').Run} run */
export function exchangeActions(state, run) {
  /** What the address names. @param {() => boolean} here */
  async function loadParties(here) {
    const { me, place: { id } } = state;
    const [list, services, calls] = await Promise.all([
      may(me, "exchange") ? askAll(`${ALL}/parties`, {}) : null,
      may(me, "ask_party") ? askAll(`${ALL}/services`, {}) : null,
      id && may(me, "exchange") ? callsOf(id) : null,
    ]);
    if (here()) state.parties = { ...noParties(), list, services, calls };
  }

  return {
    loadParties,

    /** Set a Party's reports of arrival aside: propose it with a reason, or confirm it. @param {string} country @param {string} [reason] */
    async setAside(country, reason) {
      const id = state.permit?.id ?? "";
      const path = `/v1/permits/${id}/exchange/set-aside`;
      await run(async (here) => {
        const exchanged = reason === undefined ? await told(`${path}/confirm`, "POST", { country }) : await told(path, "POST", { country, reason });
        const history = await service.historyOf(id);
        if (here()) Object.assign(state, { exchanged, history, done: reason === undefined ? t("Set aside: the reports no longer count.") : t("Proposed. The reports count until another person confirms.") });
      });
    },

    async moreCalls() {
      await run(async (here) => {
        const { items, cursor } = await callsOf(state.place.id, state.parties.calls?.cursor ?? "");
        if (here()) state.parties.calls = { items: [...(state.parties.calls?.items ?? []), ...items], cursor };
      });
    },

    /** What a Party may from now on. @param {string} country @param {object} body certificates, may, active, note */
    async enterParty(country, body) {
      state.faults = [];
      let saved = false;
      await run(async (here) => {
        await told(`${ALL}/parties/${country}`, "PUT", body);
        saved = true;
        if (here()) state.done = t("Saved.");
        await loadParties(here);
      });
      return saved;
    },

    /** Another Party, about its permit. @param {Record<string, string>} entered country, number, token, operation */
    async askParty(entered) {
      const of = named(entered);
      Object.assign(state, { faults: [], parties: { ...state.parties, heard: null, before: [], arrived: null } });
      await run(async (here) => {
        const heard = await told(`${ALL}/ask`, "POST", { ...of, operation: entered.operation });
        if (!here()) return;
        Object.assign(state, { done: heard.permit ? t("They have answered: see below.") : t("They gave no permit: see below."), parties: { ...state.parties, heard } });
        /** @type {Call[]} */
        const asked = await askAll(`${ALL}/asked`, { country: of.country, number: of.number });
        if (here()) state.parties.before = asked.filter(({ id }) => id !== heard.call.id);
      });
      return false; // what was entered stays: the next question may be about the same permit
    },

    /** What arrived here under a permit of theirs. @param {Record<string, string>} entered */
    async lookArrived(entered) {
      const of = named(entered);
      Object.assign(state, { faults: [], parties: { ...state.parties, heard: null, before: [], arrived: null } });
      await run(async (here) => {
        const arrived = await arrivedUnder(of);
        if (here()) state.parties.arrived = { ...arrived, of };
      });
      return false;
    },

    async tellArrived() {
      const { arrived: found } = state.parties;
      if (!found) return;
      await run(async (here) => {
        const { arrived, words } = await arrivalTold(found.of, found);
        if (here()) Object.assign(state, { done: words, parties: { ...state.parties, arrived: { ...arrived, of: found.of } } });
      });
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
