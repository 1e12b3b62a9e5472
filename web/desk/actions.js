// What the desk does: asks the service and writes into the state what came of it.

import { fieldsOf } from "../shared/application.js";
import { t } from "../shared/i18n.js";
import { speciesOf } from "../shared/taxa.js";
import { toTitle } from "../shared/title.js";
import { need } from "../shared/view.js";
import { makeAsking } from "./asking.js";
import { block14Actions } from "./block14.js";
import { deputyActions, noLonger } from "./deputy-actions.js";
import { deviceActions } from "./device-actions.js";
import { differenceActions } from "./difference-actions.js";
import { dutyActions, exceeded } from "./duty-actions.js";
import { arrived, dropKept, dropNote, fillIn, keepHere, kept, noteOf } from "./kept.js";
import { SCREENS, enforcementActions } from "./enforcement.js";
import { expertActions } from "./experts.js";
import { identifyActions } from "./identify.js";
import { neededFor } from "./needed.js";
import { paperActions } from "./paper-actions.js";
import { asked, placeOf } from "./place.js";
import { exchangeActions, noParties } from "./exchange-actions.js";
import { quotaActions } from "./quota-actions.js";
import { reportActions } from "./report-actions.js";
import { patternActions } from "./pattern-actions.js";
import * as service from "./service.js";
import { speciesListActions } from "./species-list-actions.js";
import { stampActions } from "./stamp-actions.js";
import { stopActions } from "./stop-actions.js";

/** @typedef {import('./main.js').State} State @typedef {import('../shared/api.js').Problem} Problem @typedef {ReturnType<typeof makeActions>} Actions */

const PAUSE = 700; // ms after the last key, before a draft is saved and checked
const OUTRUN = ["digest-mismatch", "edited-meanwhile", "wrong-state"]; // the permit is no longer what was shown

/** @param {State} state @param {() => void} draw */
export function makeActions(state, draw) {
  const { run, asOf, move } = makeAsking(state, draw, refused);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  /** What a refusal changes on the screen. @param {Problem} error @param {() => boolean} here */
  async function refused(error, here) {
    if (error.slug === "invalid") state.faults = error.errors;
    if (error.slug === "quantity-exceeded") state.faults = exceeded(error, state.verdict?.permit?.lines ?? []);
    if (error.slug === "edited-meanwhile" && state.place.screen === "prepare") await meet(here);
    else if (OUTRUN.includes(error.slug) && state.permit) await again(here, state.permit.version);
    else if (error.slug === "forbidden" && (await noLonger(state)) && state.permit) await again(here);
  }

  /** A PDF of the permit that is shown; dropped where another, or another state of it, is shown by then. @param {"print" | "preview"} name @param {(id: string) => Promise<Blob>} fetched */
  async function sheet(name, fetched) {
    const { permit } = state;
    if (!permit) return;
    await run(async () => {
      const made = await fetched(permit.id);
      if (state.permit !== permit) return;
      if (state[name]) URL.revokeObjectURL(state[name]);
      state[name] = URL.createObjectURL(made);
    });
  }

  /** Prints and previews of a permit as it was. */
  function dropSheets() {
    for (const shown of [state.print, state.preview]) if (shown) URL.revokeObjectURL(shown);
    Object.assign(state, { print: "", preview: "", previewing: false });
  }

  /** The permit as it is by now; a form that was opened on another content, or on another version than `read`, is shut. @param {() => boolean} here @param {number} [read] */
  async function again(here, read) {
    dropSheets();
    const { id } = state.place;
    const [permit, history, exchanged] = await Promise.all([service.permitOf(id), service.historyOf(id), service.exchangedOf(id)]);
    const bounds = await service.quotasOf(permit); // what was issued has taken of them
    if (!here()) return;
    dropSheets();
    const same = permit.digest === state.permit?.digest && (read ?? permit.version) === permit.version;
    Object.assign(state, { permit, history, exchanged, bounds, step: same ? state.step : "" });
  }

  /** Somebody else saved first: who, and which version would be overwritten. @param {() => boolean} here */
  async function meet(here) {
    const { id } = state.place;
    const [permit, events] = await Promise.all([service.permitOf(id), service.historyOf(id)]);
    if (!here()) return;
    const last = events.filter((event) => event.action === "edit").pop();
    state.theirs = { version: permit.version, by: last?.by_name ?? "" };
  }

  /** One after the other: a draft that is being made is not made twice, and one that was left is not saved as the next. */
  let saving = Promise.resolve();
  function save() {
    const here = asOf();
    return (saving = saving.then(() => (here() ? saveNow() : undefined)));
  }

  /** Saves the draft and asks what stands against it. What did not arrive stays kept in the tab. */
  async function saveNow() {
    clearTimeout(timer);
    const { record, place } = state;
    if (place.id !== "new" && state.theirs !== null) return draw(); // until a person says which of the two it shall be
    const mine = JSON.stringify(record);
    await run(async (here) => {
      const made = place.id === "new" ? await service.created(record, state.key) : await service.saved(place.id, record, state.version);
      arrived(place.id, mine, made);
      if (!here()) return;
      if (place.id === "new") history.replaceState(null, "", `#/prepare/${made.id}`);
      Object.assign(state, { place: { ...place, id: made.id }, version: made.version, stored: made });
      const [checked, known, needed, bounds] = await Promise.all([service.checked(record, made.id), speciesOf(record), neededFor(record, state.stage.issuer), service.quotasOf(record)]);
      if (here()) Object.assign(state, checked, { known, needed, bounds, saved: JSON.stringify(state.record) === mine });
    });
  }

  const enforcement = enforcementActions(state, run);
  const patterns = patternActions(state, run, move);
  const quota = quotaActions(state, run);
  const exchange = exchangeActions(state, run);
  const reports = reportActions(state, run);
  const experts = expertActions(state, run);
  const aid = identifyActions(state);
  const lists = speciesListActions(state, run, draw);
  const stopping = stopActions(state, run, again);
  const stamping = block14Actions(state, run);

  /** What a screen with a file of its own asks for. @type {Record<string, (here: () => boolean) => Promise<void>>} */
  const load = {
    ...Object.fromEntries(Object.keys(SCREENS).map((screen) => [screen, enforcement.load])),
    ...{ patterns: patterns.loadPatterns, operations: patterns.loadPatterns, quotas: quota.loadQuotas, reports: reports.loadReports },
    ...{ species: lists.loadSpeciesLists, exchange: exchange.loadParties, experts: experts.loadQuestions, identify: aid.loadAid },
  };

  return {
    redraw: draw,
    save,
    ...deputyActions(state, run),
    ...deviceActions(state, run, move),
    ...paperActions(state, run, again),
    ...stamping,
    ...dutyActions(state, run, move, stamping, again),
    ...enforcement,
    ...exchange,
    ...patterns,
    ...quota,
    ...reports,
    ...experts,
    ...aid,
    ...stampActions(state, run),
    ...lists,
    ...stopping,
    ...differenceActions(state, run, again),

    /** Goes where the address says. */
    async arrive() {
      move();
      const here = asOf();
      clearTimeout(timer);
      const place = placeOf(location.hash);
      dropSheets();
      stamping.dropStamped();
      Object.assign(state, { place, opened: false, list: null, cursor: null, permit: null, history: [], exchanged: null, step: "", faults: [], findings: [], warnings: [], verdict: null, receipt: null, stock: null, ofRun: null, deputies: null, devices: null, quotas: null, quotaPast: null, known: null, needed: null, bounds: null, stops: null, overrides: null, reports: null, speciesLists: null, parties: noParties() });
      const loading = run(async () => {
        if (place.screen === "queue") {
          const { items, cursor } = await service.listed(asked(place));
          if (here()) Object.assign(state, { list: items, cursor });
        } else if (place.screen === "permit") {
          const [permit, history] = await Promise.all([service.permitOf(place.id), service.historyOf(place.id)]);
          if (here()) Object.assign(state, { permit, history }); // drawn with what stands beside it: nothing moves when that comes
          const [known, needed, bounds, exchanged] = await Promise.all([speciesOf(permit), neededFor(permit, state.stage.issuer), service.quotasOf(permit), service.exchangedOf(permit.id), stopping.loadStops(here)]);
          if (here()) Object.assign(state, { known, needed, bounds, exchanged });
        } else if (place.screen === "prepare") {
          const unsent = kept(place.id);
          const permit = unsent || place.id === "new" ? null : await service.permitOf(place.id);
          const record = unsent?.record ?? (permit ? fieldsOf(permit) : blank(state));
          if (!here()) return;
          Object.assign(state, { record, opened: true, stored: permit, version: unsent?.version ?? permit?.version ?? 0, theirs: null, saved: !unsent && place.id !== "new", key: crypto.randomUUID() });
          if (!unsent && place.id === "new") {
            const stock = await service.stock();
            if (here()) Object.assign(state, { stock });
            return; // nothing is entered yet: there is nothing to ask about
          }
          const loaded = JSON.stringify(record);
          const [checked, stock, known, needed, bounds, made] = await Promise.all([service.checked(record, place.id === "new" ? "" : place.id), service.stock(), speciesOf(record), neededFor(record, state.stage.issuer), service.quotasOf(record), permit || place.id === "new" ? permit : service.permitOf(place.id)]);
          if (here()) Object.assign(state, { stock }, JSON.stringify(state.record) === loaded ? { ...checked, known, needed, bounds, stored: made } : {}); // saving what was entered since asks anew
        } else if (place.screen === "stamps") {
          const [stock, ofRun] = await Promise.all([service.stock(), place.id ? service.stampsOf(place.id) : null]);
          if (here()) Object.assign(state, { stock, ofRun });
        } else if (place.screen === "deputies") {
          const deputies = await service.deputies();
          if (here()) Object.assign(state, { deputies });
        } else {
          await load[place.screen]?.(here);
        }
      });
      await toTitle();
      await loading;
      if (here() && document.activeElement === document.body) await toTitle(); // nobody is in a field yet
    },

    async more() {
      await run(async (here) => {
        const { items, cursor } = await service.listed({ ...asked(state.place), cursor: state.cursor ?? "" });
        if (here()) Object.assign(state, { list: [...(state.list ?? []), ...items], cursor });
      });
    },

    /** @param {string} step "" shuts the form, and what was written in it is dropped */
    open(step) {
      if (!step) dropNote(state.place.id, state.step);
      Object.assign(state, { step, trouble: "", done: "" });
      draw();
      if (step)
        queueMicrotask(() => {
          fillIn(/** @type {HTMLFormElement} */ (need("form.step")), noteOf(state.place.id, step));
          need("form h3").focus();
        });
      if (step === "approve" && !state.preview) void this.preview();
    },

    /** @param {import('./service.js').Permit} shown @param {string} step @param {object} body */
    async take({ id, version }, step, body) {
      const here = asOf();
      state.faults = [];
      await run(async () => {
        const made = await service.stepped(id, step, body, version);
        dropNote(id, step);
        if (!here()) return;
        state.step = "";
        if (made.id !== id) {
          location.hash = `#/prepare/${made.id}`; // a replacement is a new draft
          return;
        }
        await again(here);
        if (here()) state.done = t("Done.");
      });
      if (here() && !state.trouble) document.querySelector("h1")?.focus();
    },

    /** @param {string} text */
    async copy(text) {
      await run(async () => {
        try {
          await navigator.clipboard.writeText(text);
          state.done = t("Copied.");
        } catch {
          state.trouble = t("The browser keeps its clipboard shut: mark the text and copy it.");
        }
      });
    },

    /** @param {boolean} original */
    async print(original) {
      await sheet("print", (id) => service.printOf(id, original));
    },

    /** The form as it would print, into the frame beside the digest. */
    async preview() {
      const { permit } = state;
      state.previewing = true;
      await sheet("preview", service.previewOf);
      if (state.permit === permit) state.previewing = false;
      draw();
    },

    /** Something was entered: it is kept here at once, and saved when the keys rest. */
    entered() {
      state.saved = false;
      keepHere(state.place.id, state.record, state.version);
      clearTimeout(timer);
      timer = setTimeout(() => void save(), PAUSE);
      draw();
    },

    /** Mine is dropped, and theirs is gone on with. */
    async takeTheirs() {
      dropKept(state.place.id);
      await this.arrive();
    },

    /** Theirs has been read; mine replaces it. */
    async keepMine() {
      if (state.theirs) state.version = state.theirs.version;
      state.theirs = null;
      keepHere(state.place.id, state.record, state.version);
      await save();
    },

    async submit() {
      const here = asOf();
      await save();
      if (!here() || state.theirs || state.trouble || state.signedOut || state.faults.length) return;
      await run(async () => {
        const { id } = state.place;
        await service.stepped(id, "submit", {}, state.version);
        if (here()) location.hash = `#/permit/${id}`;
      });
    },
  };
}

/** @param {State} state @returns {import('../shared/application.js').Application} */
const blank = (state) => ({ document_type: "E", exporter: { country: state.stage.issuer }, form: "paper", lines: [{}] });
