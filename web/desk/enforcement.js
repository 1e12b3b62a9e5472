// Foreign permits, cases, alerts and the watch-list at the desk: what is known of them and what one does with them.

import { COUNTRIES } from "../core/countries.js";
import { zoneNamed } from "../core/stage.js";
import * as service from "./enforcement-service.js";
import { caseBody, caseFaults } from "../shared/case-fields.js";
import { home } from "../shared/frame.js";
import { held, named, t } from "../shared/i18n.js";
import { may } from "../shared/person.js";
import { prepared } from "../shared/picture.js";
import { alertsView, watchView } from "./alerts.js";
import { caseEditView, caseListView, caseView } from "./cases.js";
import { correctionView } from "./correction.js";
import { foreignListView, foreignView } from "./foreign.js";
import { CORRECT, formSender, paperActions, papersAt } from "./foreign-actions.js";
import { photographActions } from "./photographs.js";

/**
 * @typedef {import('./main.js').State} State
 * @typedef {{papers: service.Page<service.PaperEntry> | null, paper: service.Paper | null, arrived: import('./exchange-actions.js').Arrived | null, importPermit: import('../shared/permit-lines.js').ImportPermit | null, history: import('./correction.js').Line[],
 *   cases: service.Page<service.CaseEntry> | null, caseSummary: service.CaseSummary | null, case: service.Case | null, taken: service.TakenIn | null, abroad: string, abroadOf: string,
 *   alerts: service.Page<service.Alert> | null, watched: service.Page<service.WatchEntry> | null, desks: service.Desk[] | null,
 *   pictures: Map<string, import('./service.js').Picture | null>, form: (import('../shared/entry.js').Form & {id: string, event: string, version: number}) | null}} Enforcement
 *   `null`: not asked yet, or another screen's; `pictures`: those that were asked for, by their SHA-256
 * @typedef {ReturnType<typeof enforcementActions> & {copy: (text: string) => Promise<void>}} EnforcementActions
 */

/** @returns {Enforcement} */
export const nothingYet = () => ({ papers: null, paper: null, arrived: null, importPermit: null, history: [], cases: null, caseSummary: null, case: null, taken: null, abroad: "", abroadOf: "", alerts: null, watched: null, desks: null, pictures: new Map(), form: null });

/** What each screen asks for. @type {Record<string, string>} */
export const SCREENS = { foreign: "see_foreign", cases: "see_cases", alerts: "see_alerts", watch: "see_watch" };
const LOOK_EVERY = 30_000; // ms

/** The tabs of this person. @param {import("../shared/person.js").Person | null} me @param {number} open alerts that wait for an answer @returns {{place: string, words: string, room?: string}[]} `room`: what it may say a moment later */
export const enforcementTabs = (me, open) =>
  [
    { place: "foreign", words: t("Foreign permits") },
    { place: "cases", words: t("Cases") },
    { place: "alerts", words: open > 0 ? t("Alerts ({count})", { count: open }) : t("Alerts"), room: t("Alerts ({count})", { count: 9 }) },
    { place: "watch", words: t("Watch-list") },
  ].filter(({ place }) => may(me, SCREENS[place]));

/** @param {State} state @param {EnforcementActions & {redraw: () => void}} actions */
export function enforcementScreen(state, actions) {
  const { screen, id } = state.place;
  if (screen === "alerts") return alertsView(state, actions);
  if (screen === "watch") return watchView(state, actions);
  if (screen === "cases") {
    if (id === "new" || id.endsWith("/edit")) return caseEditView(state, actions);
    return id ? caseView(state, actions) : caseListView(state, actions);
  }
  if (id.endsWith(CORRECT)) return correctionView(state, actions);
  return id ? foreignView(state, actions) : foreignListView(state, actions);
}

/** Counts the alerts that wait, now and each half minute; nothing depends on it. @param {State} state @param {() => void} draw */
export function keepLooking(state, draw) {
  const look = async () => {
    if (state.signedOut || document.visibilityState === "hidden" || !may(state.me, SCREENS.alerts)) return;
    const before = state.openAlerts;
    await countAlerts(state).catch(() => {});
    if (state.openAlerts !== before) draw();
  };
  void look();
  setInterval(look, LOOK_EVERY);
}

let counting = 0; // the newest: what was counted before an answer comes too late

/** @param {State} state */
async function countAlerts(state) {
  const mine = (counting += 1);
  const count = await service.openAlerts();
  if (mine === counting) state.openAlerts = count;
}

/** @param {State} state @returns {Promise<Partial<Enforcement>>} */
async function alertsNow(state) {
  const [alerts, desks] = await Promise.all([service.alerts(null), may(state.me, "see_duty_desks") ? service.desks() : null]);
  return { alerts, desks };
}

/** @returns {Promise<Partial<Enforcement>>} */
async function caseList() {
  const [cases, caseSummary] = await Promise.all([service.cases(null), service.caseSummary()]);
  return { cases, caseSummary };
}

/** What the screen of cases shows at this address. @param {string} id @returns {Promise<Partial<Enforcement>>} */
async function casesAt(id) {
  const blank = { goods: [{}], people: [{}], route: {}, permit: {}, kind: "seizure", post: "ministry" };
  if (id === "new") return { form: { id: "", event: crypto.randomUUID(), version: 0, fields: blank, faults: [] } };
  if (!id) return caseList();
  const edited = id.endsWith("/edit");
  const found = await service.caseOf(edited ? id.slice(0, -"/edit".length) : id);
  if (!edited) return { case: found };
  /** @type {Record<string, any>} */
  const fields = { ...blank, ...structuredClone(found), people: found.people?.length ? structuredClone(found.people) : [{}] };
  for (const name of ["route", "permit", "value"]) fields[name] ??= {};
  return { case: found, form: { id: found.id, event: "", version: found.version, fields, faults: [] } };
}

/** What an amendment sends: everything that a case's body names, as it stands now. @param {Record<string, any>} body */
function amendment(body) {
  const names = ["kind", "direction", "place", "agency", "reason", "goods", "route", "vehicle", "concealment", "detection", "value", "permit", "foreign_permit", "scan", "law", "sanction", "disposal", "note", "people"];
  return Object.fromEntries(names.flatMap((name) => (name in body ? [[name, body[name]]] : [])));
}

/** In English, for those who have no account here. @param {Record<string, any>} told */
function inEnglish(told) {
  const route = [told.route?.origin, told.route?.departure, ...(told.route?.transit ?? []), told.route?.destination].filter(Boolean);
  return [
    `CITES: ${told.kind} in ${COUNTRIES.get(home())} on ${told.occurred_at.slice(0, 10)} (our reference ${told.id.slice(0, 8).toUpperCase()})`,
    "",
    ...told.goods.map((/** @type {Record<string, string>} */ line) => `  ${line.scientific_name ?? line.common_name}: ${line.quantity} ${line.unit ?? ""} ${line.term}`),
    `Reason: ${told.reason}`,
    `Route: ${route.join(" > ") || "-"}${told.route?.transport ? ` (${told.route.transport})` : ""}`,
    `Found by: ${told.detection ?? "-"}`,
    ...(told.permit?.number ? [`Document shown: ${told.permit.number} (${told.permit.issuer ?? "-"})`] : []),
    `State: ${told.state}`,
  ].join("\n");
}

/** The last second of a day of the Party, wherever this device is. @param {string} day @param {string} zone */
const endOf = (day, zone) => new Date(zoneNamed(zone).moment(Date.parse(`${day}T23:59:59Z`) / 1000) * 1000).toISOString().replace(".000", "");

/** What the last entry did. @param {service.Alert} alert */
const lastEntryWord = ({ acknowledged }) => ({ note: t("The note is added."), reopened: t("The alert is open again.") })[acknowledged?.at(-1)?.kind ?? ""] ?? t("Answered.");

/**
 * @param {State} state
 * @param {(work: (here: () => boolean) => Promise<void>) => Promise<void>} run
 */
export function enforcementActions(state, run) {
  /** @param {() => Promise<unknown>} step */
  async function watchStep(step) {
    state.faults = [];
    await run(async (here) => {
      await step();
      const watched = await service.watched();
      if (here()) Object.assign(state, { done: t("Done."), enforcement: { ...state.enforcement, watched } });
    });
    return !state.trouble && !state.signedOut;
  }

  /** A change of a duty desk, and the desks after it; whether it was made. @param {() => Promise<string>} step says what it did */
  async function deskStep(step) {
    await run(async (here) => {
      const done = await step();
      const desks = await service.desks();
      if (here()) Object.assign(state, { done, enforcement: { ...state.enforcement, desks } });
    });
    return !state.trouble && !state.signedOut;
  }

  /** @param {() => Promise<service.Alert>} step */
  async function alertStep(step) {
    await run(async (here) => {
      const made = await step();
      const items = state.enforcement.alerts?.items ?? [];
      const at = items.findIndex((each) => each.id === made.id);
      if (at >= 0) items[at] = made;
      await countAlerts(state);
      if (here()) state.done = lastEntryWord(made);
    });
    return !state.trouble && !state.signedOut;
  }

  /** @param {(id: string) => Promise<service.Case>} step @param {string} words */
  async function caseStep(step, words) {
    await run(async (here) => {
      const made = await step(state.place.id);
      if (here()) Object.assign(state, { done: words, enforcement: { ...state.enforcement, case: made } });
    });
    return !state.trouble && !state.signedOut;
  }

  const sendForm = formSender(run);
  const photographs = photographActions(state, run);

  return {
    ...paperActions(state, run),
    ...photographs,

    /** What the address names. @param {() => boolean} here */
    async load(here) {
      photographs.dropPictures();
      state.enforcement = nothingYet();
      const { screen, id } = state.place;
      const found = screen === "alerts" ? await alertsNow(state) : screen === "watch" ? { watched: await service.watched() } : screen === "cases" ? await casesAt(id) : await papersAt(id);
      if (here()) Object.assign(state.enforcement, found);
      const { paper, form } = state.enforcement;
      if (here() && form && screen === "cases" && id === "new" && state.identified) {
        form.fields.goods = [state.identified];
        state.identified = null;
      }
      if (here() && !form && paper?.steps.includes("confirm")) await photographs.loadPictures("foreign-permits", paper.id, paper.photos, here); // what is compared
    },

    async moreAlerts() {
      await run(async (here) => {
        const { items, cursor } = await service.alerts(state.enforcement.alerts?.cursor ?? null);
        if (here()) state.enforcement.alerts = { items: [...(state.enforcement.alerts?.items ?? []), ...items], cursor };
      });
    },

    /** @param {string} id @param {string} note */
    answerAlert: (id, note) => alertStep(() => service.alertAnswered(id, note)),

    /** @param {string} id @param {string} reason */
    reopenAlert: (id, reason) => alertStep(() => service.alertReopened(id, reason)),

    /** @param {string} id */
    async shareAlert(id) {
      await run(async (here) => {
        const told = await service.alertAbroad(id);
        const text = [
          `CITES alert of ${COUNTRIES.get(home())}, ${told.occurred_at.slice(0, 10)} (our reference ${told.id.slice(-12)})`,
          `Kind: ${told.kind}${told.outcome ? `, ${told.outcome}` : ""}${told.codes.length ? ` (${told.codes.join(", ")})` : ""}`,
          ...(told.permit ? [`Document: ${told.permit.number} (${told.permit.issuer})${told.permit.unverified ? ", not verified" : ""}`] : []),
          ...told.goods.map((/** @type {Record<string, string>} */ line) => `  ${line.scientific_name ?? line.common_name}: ${line.quantity} ${line.unit ?? ""} ${line.term}`),
        ];
        if (here()) Object.assign(state.enforcement, { abroad: text.join("\n"), abroadOf: id });
      });
    },

    /** @param {Record<string, string>} entered */
    watch: (entered) => watchStep(() => service.watchAdded({ ...entered, until: endOf(entered.until, state.stage.zone) })),

    /** @param {string} id @param {string} reason */
    unwatch: (id, reason) => watchStep(() => service.watchEnded(id, reason)),

    /** @param {string} agency @param {service.Address[]} addresses */
    nameDesk: (agency, addresses) =>
      deskStep(async () => ((await service.deskNamed(agency, addresses)).proposed ? t("Proposed. Another administrator confirms it.") : t("Saved."))),

    /** @param {service.Desk} desk */
    confirmDesk: (desk) =>
      deskStep(async () => {
        await service.deskConfirmed(desk.agency, desk.version);
        return t("Confirmed.");
      }),

    async moreCases() {
      await run(async (here) => {
        const { items, cursor } = await service.cases(state.enforcement.cases?.cursor ?? null);
        if (here()) state.enforcement.cases = { items: [...(state.enforcement.cases?.items ?? []), ...items], cursor };
      });
    },

    /** @param {Record<string, string>} entered */
    followUp: (entered) => caseStep((id) => service.caseStep(id, "followups", entered), t("Added.")),

    /** @param {number | null} version null: as it is now */
    caseAt: (version) => caseStep((id) => service.caseOf(id, version), ""),

    /** @param {Record<string, string>} entered */
    handOver: (entered) => caseStep((id) => service.caseStep(id, "custody", entered), t("Added.")),

    /** @param {HTMLInputElement} input */
    async addPhoto(input) {
      const file = input.files?.[0];
      input.value = "";
      if (!file) return;
      await caseStep(async (id) => {
        await service.casePhoto(id, await prepared(file));
        return service.caseOf(id);
      }, t("Added."));
    },

    async shareAbroad() {
      await run(async (here) => {
        const told = await service.caseAbroad(state.place.id);
        if (here()) state.enforcement.abroad = inEnglish(told);
      });
    },

    /** @param {boolean} people */
    async saveTable(people) {
      await run(async (here) => {
        const address = URL.createObjectURL(await service.tableOf(people));
        if (here()) Object.assign(document.createElement("a"), { href: address, download: "cases.csv" }).click();
        setTimeout(() => URL.revokeObjectURL(address), 60_000);
      });
    },

    /** @param {HTMLInputElement} input */
    async takeTable(input) {
      const file = input.files?.[0];
      input.value = "";
      if (!file) return;
      await run(async (here) => {
        const taken = await service.tableTaken(file);
        const listed = await caseList();
        if (here()) Object.assign(state.enforcement, { taken, ...listed });
      });
    },

    posts: () => Object.keys(held().codes.posts).map((value) => ({ value, text: named("posts", value) })),

    async saveCase() {
      const { form } = state.enforcement;
      if (!form) return;
      form.faults = caseFaults(form.fields);
      await sendForm(form, async (here) => {
        if (form.faults.length) return;
        const body = caseBody(form.fields);
        const now = new Date().toISOString().replace(/\.\d+/, "");
        const made = form.id
          ? await service.caseAmended(form.id, { ...amendment(body), version: form.version })
          : await service.caseOpened({ ...amendment(body), post: form.fields.post, event_id: form.event, recorded_at: now });
        if (here()) location.hash = `#/cases/${made.id}`;
      });
    },
  };
}
