// What the buttons do: load, answer, save, check, send. What becomes of what does not go well is trying.js's.

import { fieldsOf, putAt, valueAt } from "../shared/application.js";
import { t } from "../shared/i18n.js";
import { importerAsks } from "../shared/requirements.js";
import { claim } from "../shared/session.js";
import { speciesOf } from "../shared/taxa.js";
import { signIn, signOut } from "../shared/sign-in.js";
import { calendarDay } from "../core/stage.js";
import { readField } from "./fields.js";
import { forgetAll, keepUnsent, madeOf, sent, unsent } from "./kept.js";
import { NOTICES, answersTo, asked, chosen } from "./notices.js";
import { chosenFor, reopen, sendAll } from "./papers.js";
import { stepWords } from "./permit.js";
import { asks, fieldFor, lineQuestions, questions } from "./questions.js";
import { copyOf } from "./record.js";
import { NEW, savingOf } from "./saving.js";
import { detached, historyOf, listed, notified, paperOf, permitOf, printOf, stepped, whoAmI } from "./service.js";
import { tries } from "./trying.js";
import { forgetWaiting } from "./waiting.js";

/** @typedef {import('./main.js').State} State @typedef {import('./questions.js').Question} Question
 * @typedef {import('./record.js').Permit} Permit @typedef {import('../shared/api.js').FieldError} FieldError */

const NOTHING = { version: 0, base: "" }; // what the answers of an application that is not begun are made of

/** @param {Permit | null} permit */
const editable = (permit) => permit?.steps.includes("edit");

/** @param {State} state @param {() => void} draw */
export function makeActions(state, draw) {
  const { trying, helped, blame, asOf, move } = tries(state, draw);
  const { keep, begin, save, check, asRead } = savingOf(state);

  /** The refusals that this page asks for, at its fields. @param {Question} question @param {FieldError[]} faults */
  function blameHere(question, faults) {
    blame(faults.filter((fault) => asks(question, fault.field)).map((fault) => ({ ...fault, field: fieldFor(question, fault.field) ?? fault.field })));
  }

  async function showWrong() {
    draw();
    await Promise.resolve();
    document.getElementById("wrong")?.focus();
  }

  /** What a draft cannot begin without. @param {Question} question @returns {FieldError[]} */
  const unanswered = ({ fields }) =>
    fields.filter((field) => !field.optional && !valueAt(state.record, field.path)).map(({ path }) => ({ field: path, code: "required", detail: "" }));

  /** Where notices go reaches the service; it is no part of the application. */
  async function saveNotices() {
    noted(await notified(chosen(state.person)));
  }

  /** @param {import('./notices.js').Person} told */
  function noted(told) {
    state.noted = { notify: told.notify ?? null };
    state.person = structuredClone(asked(told));
  }

  /** What every place may show of the person. */
  async function ask() {
    if (state.noted) return;
    const me = await whoAmI();
    claim(me.id, forgetAll);
    if (!state.noted) noted(me); // asked twice, it is not told over what is being typed
  }

  /** What the list has of the goods; a help, so that nothing waits for it where there is no answer. */
  async function know() {
    if ((state.record.lines ?? []).every((/** @type {any} */ line) => !line.scientific_name || state.taxa.has(line.scientific_name))) return;
    const found = await helped(() => speciesOf(state.record));
    state.taxa = new Map([...state.taxa, ...(found ?? [])]);
    draw();
  }

  /** @param {Permit} permit */
  function open(permit) {
    const kept = editable(permit) ? unsent(permit.id) : null;
    const { record = fieldsOf(permit), ...made } = kept ?? {};
    Object.assign(state, { id: permit.id, permit, record, made: { ...madeOf(permit), ...made }, theirs: null, history: [], faults: [], warnings: [], checked: false, abroad: [] });
  }

  /** A step was taken; told where it was asked for. @param {Permit} permit @param {string} done @param {() => boolean} here */
  function tell(permit, done, here) {
    if (!here()) return;
    open(permit);
    state.done = done;
  }

  /** @param {string} address @param {() => boolean} here */
  const fetchFrom = (address, here) => here() && location.assign(address);

  /** @param {HTMLFormElement} form @param {Question} question */
  function read(form, question) {
    const data = new FormData(form);
    for (const field of question.fields) putAt(answersTo(state, question), field.path, readField(data, field));
    if (question.id === "document") ofKind();
    state.checked = false;
  }

  /** What was typed since the answers were sent is not lost with the page. @param {HTMLFormElement} form @param {Question} question */
  function readOn(form, question) {
    if (question.id === NOTICES) return;
    const before = JSON.stringify(state.record);
    read(form, question);
    if (JSON.stringify(state.record) !== before) keep();
  }

  /** Who exports or imports here is here (boxes 3 and 4). Only a sample collection has an ATA carnet. */
  function ofKind() {
    if (state.record.document_type !== "OS") delete state.record.ata_carnet;
    const side = state.record.document_type === "I" ? "importer" : "exporter";
    if (!state.record[side]?.country) putAt(state.record, `${side}.country`, state.stage.issuer);
  }

  /** @param {string} hash */
  const go = (hash) => {
    if (location.hash === hash) void actions.arrive();
    else location.hash = hash;
  };

  /** The page behind a question. @param {Question} question */
  function after(question) {
    const { line, name } = state.place;
    if (name === NOTICES) return "#";
    if (name === "line") {
      const own = lineQuestions(state.record, line, actions.context());
      const following = own[own.findIndex((each) => each.id === question.id) + 1];
      return following ? `#${state.id}/goods/${line}/${following.id}` : `#${state.id}/goods`;
    }
    const all = questions(state.record, actions.context());
    const following = all[all.findIndex((each) => each.id === question.id) + 1];
    return following ? `#${state.id}/${following.id}` : `#${state.id}`;
  }

  const actions = {
    context: () => ({ issuer: state.stage.issuer, today: calendarDay(state.now, state.stage.zone), faults: state.faults, taxa: state.taxa }),
    redraw: draw,
    again: () => void state.again?.(),
    signedOut() {
      state.signedOut = true;
      draw();
    },
    enter: () => void signIn(state.stage),
    async leave() {
      forgetAll();
      await forgetWaiting();
      signOut(state.stage);
    },
    /** Who has signed in, before anything is shown that was kept in this tab. */
    begin: () => (state.signedOut ? null : trying(ask)),
    /** Another place: what it shows is fetched, if it is not there. */
    async arrive() {
      move();
      const { place } = state;
      Object.assign(state, { wrong: new Map(), trouble: "", again: null, theirs: null, now: Math.floor(Date.now() / 1000) });
      if (place.name !== "permit") state.done = "";
      if (state.signedOut || place.name === "which") return draw();
      if (place.name === "list") return void (await trying((here) => Promise.all([ask(), actions.load(null, here)])));
      if (place.name === "none") return draw();
      if (place.name === NOTICES) return void (await trying(ask));
      if (!place.id) {
        Object.assign(state, { id: "", permit: null, record: unsent(NEW)?.record ?? {}, made: NOTHING, faults: [], warnings: [], checked: false, done: "" });
        return draw();
      }
      const fresh = state.id !== place.id || !state.permit;
      if (fresh) Object.assign(state, { id: place.id, permit: null, done: "" });
      await trying(async (here) => {
        await ask();
        const permit = fresh || place.name === "permit" ? await permitOf(place.id) : null;
        if (!here()) return;
        if (permit) open(permit);
        if (place.name === "papers" || place.name === "permit") await reopen(place.id);
        if (place.name === "line" || editable(state.permit)) void know();
        if (place.name !== "permit" || !here()) return;
        draw();
        void actions.askAbroad();
        if (editable(state.permit)) return check(here);
        const steps = await historyOf(place.id);
        if (here()) state.history = steps.filter((step) => stepWords(step)); // said in whatever language the page then speaks
      });
    },
    /** What the importing country also asks for, in the page's language; a help, so that nothing waits for it. */
    async askAbroad() {
      const { id, record, place } = state;
      if (place.name !== "permit") return;
      const abroad = await importerAsks(record, state.stage.issuer);
      if (state.id !== id) return;
      state.abroad = abroad;
      draw();
    },
    /** @param {string | null} cursor @param {() => boolean} here */
    async load(cursor, here) {
      const found = await listed(cursor ?? undefined);
      if (here()) Object.assign(state, { list: cursor ? [...(state.list ?? []), ...found.items] : found.items, cursor: found.cursor });
    },
    more: () => trying((here) => actions.load(state.cursor, here)),
    /** A field was left: from now on its answer survives. @param {HTMLFormElement} form @param {Question} question */
    typed(form, question) {
      read(form, question);
      keep();
      draw();
    },
    /** @param {HTMLFormElement} form @param {Question} question */
    async next(form, question) {
      read(form, question);
      const open = state.id || question.id === NOTICES ? [] : unanswered(question);
      if (open.length) {
        blame(open);
        return showWrong();
      }
      const here = asOf();
      const went = await trying(async () => {
        if (question.id === NOTICES) return saveNotices();
        await save(here);
        if (here()) await check(here);
      });
      if (!here()) return;
      if (went) blameHere(question, state.faults);
      if (!went || state.wrong.size) return showWrong();
      readOn(form, question);
      go(after(question));
    },
    /** Saved as it is, whatever is open. @param {HTMLFormElement} form @param {Question} question */
    async later(form, question) {
      read(form, question);
      if (!state.id && question.id !== NOTICES && unanswered(question).length) return go("#");
      const here = asOf();
      if (!(await trying(question.id === NOTICES ? saveNotices : save)) || !here()) return;
      readOn(form, question);
      go(state.place.name === NOTICES ? "#" : `#${state.id}`);
    },
    /** An application that begins with what is known; what was begun and not sent before is replaced. @param {import('./record.js').Application} record */
    beginWith(record) {
      keepUnsent(NEW, record, NOTHING);
      go("#apply");
    },
    addLine() {
      const lines = (state.record.lines ??= []);
      lines.push({});
      keep();
      go(`#${state.id}/goods/${lines.length - 1}/species`);
    },
    /** @param {number} index */
    async dropLine(index) {
      state.record.lines.splice(index, 1);
      await trying(async (here) => {
        await save(here);
        if (here()) await check(here);
      });
    },
    /** A value that a warning offers for a field. @param {string} field @param {string} value */
    async takeValue(field, value) {
      putAt(state.record, field, value);
      keep();
      await trying(async (here) => {
        await save(here);
        if (here()) await check(here);
      });
    },
    async goodsDone() {
      const here = asOf();
      if (!(await trying(check)) || !here()) return;
      const lines = state.faults.filter((fault) => /^lines(\[\d+\])?$/.test(fault.field));
      if (lines.length) blame(lines);
      else go(after(/** @type {Question} */ ({ id: "goods" })));
      draw();
    },
    async submit() {
      const [here, papers] = [asOf(), chosenFor(state.id)];
      const went = await trying(async () => {
        const saved = await save(here);
        const { id } = saved;
        if (!(await sendAll(papers, state, actions))) return; // nothing goes without what was chosen for it
        const made = await asRead(id, madeOf(saved), (version) => stepped(id, "submit", {}, version), here);
        tell(made, t("Sent. You can follow its progress here."), here);
      });
      if (!here()) return;
      if (!went && state.wrong.size) await trying(check);
      if (went) go(`#${state.id}`);
    },
    /** Mine is dropped, and theirs is gone on with. */
    takeTheirs: () =>
      trying(async (here) => {
        const permit = await permitOf(state.id);
        sent(permit.id);
        if (!here()) return;
        open(permit);
        if (state.place.name === "permit") await check(here);
      }),
    /** Theirs may be read; mine replaces it. */
    async keepMine() {
      if (state.theirs) state.made = madeOf(state.theirs);
      state.theirs = null;
      await trying(async (here) => {
        await save(here);
        if (here()) await check(here);
      });
    },
    /** @param {'return' | 'lost'} which @param {FormData} form */
    async end(which, form) {
      const reason = String(form.get("reason") ?? "").trim();
      state.wrong = new Map(reason ? [] : [["reason", t("Please give a reason.")]]);
      if (state.wrong.size) return showWrong();
      const here = asOf();
      const went = await trying(async () => {
        const body = which === "lost" ? { reason, how: String(form.get("how")) } : { reason };
        const made = await stepped(state.id, which === "lost" ? "lost" : "surrender", body);
        tell(made, which === "lost" ? t("Reported. It is stopped at every border.") : t("Given back. It is no longer valid."), here);
      });
      if (went && here()) go(`#${state.id}`);
    },
    async withdraw() {
      const here = asOf();
      const went = await trying(async () => {
        const made = await stepped(state.id, "withdraw");
        sent(made.id);
        tell(made, t("Withdrawn."), here);
      });
      if (went && here()) go(`#${state.id}`);
    },
    /** @param {string} paper */
    dropPaper: (paper) =>
      trying(async () => {
        const { id } = state;
        const { attachments } = await detached(id, paper);
        if (state.permit?.id === id) state.permit = { ...state.permit, attachments };
      }),
    /** @param {Permit} permit */
    copy: (permit) =>
      trying(async (here) => {
        const made = await begin(copyOf(permit));
        if (!here()) return;
        open(made);
        go(`#${made.id}`);
      }),
    print: () => trying(async (here) => fetchFrom(await printOf(state.id), here)),
    /** @param {string} paper */
    openPaper: (paper) => trying(async (here) => fetchFrom(await paperOf(state.id, paper), here)),
  };
  return actions;
}
