// What the buttons do: load, answer, save, check, send. What becomes of what does not go well is trying.js's.

import { fieldsOf, putAt, valueAt } from "../shared/application.js";
import { t } from "../shared/i18n.js";
import { claim } from "../shared/session.js";
import { quietly } from "../shared/requirements.js";
import { speciesOf } from "../shared/taxa.js";
import { signIn, signOut } from "../shared/sign-in.js";
import { calendarDay } from "../core/stage.js";
import { readField } from "./fields.js";
import { forgetAll, keepUnsent, sent, unsent } from "./kept.js";
import { NOTICES, answersTo, asked, chosen } from "./notices.js";
import { reopen } from "./papers.js";
import { stepWords } from "./permit.js";
import { asks, fieldFor, lineQuestions, questions } from "./questions.js";
import { copyOf } from "./record.js";
import { created, detached, faultsOf, historyOf, listed, notified, paperOf, permitOf, printOf, saved, stepped, whoAmI } from "./service.js";
import { tries } from "./trying.js";
import { forgetWaiting } from "./waiting.js";

/** @typedef {import('./main.js').State} State @typedef {import('./questions.js').Question} Question
 * @typedef {import('./record.js').Permit} Permit @typedef {import('../shared/api.js').FieldError} FieldError */

const NEW = "new"; // under which an application that is not begun is kept

/** @param {Permit | null} permit */
const editable = (permit) => permit?.steps.includes("edit");

/** @param {State} state @param {() => void} draw */
export function makeActions(state, draw) {
  const { trying, blame } = tries(state, draw);
  let begun = { text: "", key: "" };

  /** Of an application that begins: the same try again makes no second draft, another one is another. @param {object} record */
  function keyOf(record) {
    const text = JSON.stringify(record);
    if (begun.text !== text) begun = { text, key: crypto.randomUUID() };
    return begun.key;
  }

  /** The refusals that this page asks for, at its fields. @param {Question} question @param {FieldError[]} faults */
  function blameHere(question, faults) {
    blame(faults.filter((fault) => asks(question, fault.field)).map((fault) => ({ ...fault, field: fieldFor(question, fault.field) ?? fault.field })));
  }

  async function showWrong() {
    draw();
    await Promise.resolve();
    document.getElementById("wrong")?.focus();
  }

  function keep() {
    keepUnsent(state.id || NEW, state.record);
  }

  /** The answers reach the service: the draft begins, or is saved as a whole. */
  async function save() {
    keep();
    const made = state.id ? await saved(state.id, state.record) : await created(state.record, keyOf(state.record));
    sent(state.id || NEW);
    begun = { text: "", key: "" };
    Object.assign(state, { id: made.id, permit: made });
    if (state.place.id || !state.place.question) return;
    state.place = { ...state.place, id: made.id }; // the first question is the draft's from now on: what is wrong with it is shown there
    history.replaceState(null, "", `#${made.id}/${state.place.question}`);
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
    noted(me);
  }

  async function check() {
    state.checked = false;
    state.faults = await faultsOf(state.record, state.id);
    state.checked = true;
  }

  /** What the list has of the goods; a help, so that nothing waits for it where there is no answer. */
  async function know() {
    if ((state.record.lines ?? []).every((/** @type {any} */ line) => !line.scientific_name || state.taxa.has(line.scientific_name))) return;
    state.taxa = (await quietly(() => speciesOf(state.record))) ?? state.taxa;
  }

  /** @param {Permit} permit */
  function open(permit) {
    const kept = editable(permit) ? unsent(permit.id) : null;
    Object.assign(state, { id: permit.id, permit, record: kept ?? fieldsOf(permit), history: [], faults: [], checked: false });
  }

  /** @param {HTMLFormElement} form @param {Question} question */
  function read(form, question) {
    const data = new FormData(form);
    for (const field of question.fields) putAt(answersTo(state, question), field.path, readField(data, field));
    if (question.id === "document") atHome();
    state.checked = false;
  }

  /** Who exports or imports here is here (boxes 3 and 4). */
  function atHome() {
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
      const { place } = state;
      Object.assign(state, { wrong: new Map(), trouble: "", again: null, now: Math.floor(Date.now() / 1000) });
      if (place.name !== "permit") state.done = "";
      if (state.signedOut || place.name === "which") return draw();
      if (place.name === "list") return void (await trying(() => Promise.all([ask(), actions.load(null)])));
      if (place.name === "none") return draw();
      if (place.name === NOTICES) return void (await trying(ask));
      if (!place.id) {
        Object.assign(state, { id: "", permit: null, record: unsent(NEW) ?? {}, faults: [], checked: false, done: "" });
        return draw();
      }
      const fresh = state.id !== place.id || !state.permit;
      if (fresh) Object.assign(state, { id: place.id, permit: null, done: "" });
      await trying(async () => {
        await ask();
        if (fresh || place.name === "permit") open(await permitOf(place.id));
        if (place.name === "papers" || place.name === "permit") await reopen(place.id);
        if (place.name === "line" || editable(state.permit)) await know();
        if (place.name !== "permit") return;
        draw();
        if (editable(state.permit)) return check();
        const steps = (await historyOf(place.id)).items;
        state.history = steps.filter((step) => stepWords(step)); // said in whatever language the page then speaks
      });
    },
    /** @param {string | null} cursor */
    async load(cursor) {
      const found = await listed(cursor ?? undefined);
      state.list = cursor ? [...(state.list ?? []), ...found.items] : found.items;
      state.cursor = found.cursor;
    },
    more: () => trying(() => actions.load(state.cursor)),
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
      const went = await trying(async () => {
        if (question.id === NOTICES) return saveNotices();
        await save();
        await check();
      });
      if (went) blameHere(question, state.faults);
      if (!went || state.wrong.size) return showWrong();
      go(after(question));
    },
    /** Saved as it is, whatever is open. @param {HTMLFormElement} form @param {Question} question */
    async later(form, question) {
      read(form, question);
      if (!state.id && question.id !== NOTICES && unanswered(question).length) return go("#");
      if (await trying(question.id === NOTICES ? saveNotices : save)) go(state.place.name === NOTICES ? "#" : `#${state.id}`);
    },
    /** An application that begins with what is known; what was begun and not sent before is replaced. @param {import('./record.js').Application} record */
    beginWith(record) {
      keepUnsent(NEW, record);
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
      await trying(async () => {
        await save();
        await check();
      });
    },
    async goodsDone() {
      if (!(await trying(check))) return;
      const lines = state.faults.filter((fault) => /^lines(\[\d+\])?$/.test(fault.field));
      if (lines.length) blame(lines);
      else go(after(/** @type {Question} */ ({ id: "goods" })));
      draw();
    },
    async submit() {
      const went = await trying(async () => {
        await save();
        const made = await stepped(state.id, "submit");
        open(made);
        state.done = t("Sent. You can follow its progress here.");
      });
      if (!went && state.wrong.size) await trying(check);
      if (went) go(`#${state.id}`);
    },
    /** @param {'return' | 'lost'} which @param {FormData} form */
    async end(which, form) {
      const reason = String(form.get("reason") ?? "").trim();
      state.wrong = new Map(reason ? [] : [["reason", t("Please give a reason.")]]);
      if (state.wrong.size) return showWrong();
      const went = await trying(async () => {
        const body = which === "lost" ? { reason, how: String(form.get("how")) } : { reason };
        open(await stepped(state.id, which === "lost" ? "lost" : "surrender", body));
        state.done = which === "lost" ? t("Reported. It is stopped at every border.") : t("Given back. It is no longer valid.");
      });
      if (went) go(`#${state.id}`);
    },
    async withdraw() {
      const went = await trying(async () => {
        open(await stepped(state.id, "withdraw"));
        sent(state.id);
        state.done = t("Withdrawn.");
      });
      if (went) go(`#${state.id}`);
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
      trying(async () => {
        const copy = copyOf(permit);
        open(await created(copy, keyOf(copy)));
        begun = { text: "", key: "" };
        go(`#${state.id}`);
      }),
    print: () => trying(async () => location.assign(await printOf(state.id))),
    /** @param {string} paper */
    openPaper: (paper) => trying(async () => location.assign(await paperOf(state.id, paper))),
  };
  return actions;
}
