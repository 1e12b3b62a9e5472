// What can be done with a form beside the permits: open it, fill it in, photograph, write it down, correct it.

import { Problem, Unreachable } from "../shared/api.js";
import { idOf } from "../shared/entry.js";
import { FileTrouble, fileWord, prepared } from "../shared/picture.js";
import { SignedOut, askAs, bearer } from "../shared/session.js";
import { askedPermit } from "./endorse-actions.js";
import { numberOf } from "./foreign-fields.js";
import { add } from "./queue.js";
import { begunRecord, corrected, eventOf, faultsIn } from "./record.js";
import { currentVerdict, officerOf } from "./state.js";
import { dropPhoto, keepPhoto } from "./store.js";

/** Why the goods are held, by the codes of the verdict. @param {string[]} codes */
function reasonOf(codes) {
  if (codes.some((code) => /^F/.test(code))) return "forged_document";
  if (codes.some((code) => /^U[134]/.test(code))) return "used_document";
  if (codes.includes("U2")) return "more_than_permitted";
  return codes.includes("S1") ? "expired_document" : "other";
}

/** @typedef {import('./main.js').Desk} Desk @typedef {import('./record.js').Kind} Kind @typedef {import('./record.js').Record_} Record_ */

/** What is begun is unfinished until it is written down or left: no other screen, form or scan ends it. @param {Desk} desk @param {Record_} record */
export async function begin(desk, record) {
  desk.state.unfinished.push(record);
  await goOn(desk, record);
}

/** @param {Desk} desk @param {Record_} record */
async function goOn({ state, show }, record) {
  state.record = record;
  await show("record");
}

/** @param {Desk} desk */
export function recordActions(desk) {
  const { state, draw, show, goesOn, send, reload } = desk;

  /** Photographs that were taken for one event go with another. @param {string} from @param {string} to */
  async function hand(from, to) {
    for (const photo of state.photos) {
      if (photo.eventId === from) await keepPhoto({ ...photo, id: crypto.randomUUID(), eventId: to, sent: false, refused: "" });
    }
    await reload();
  }

  /** @param {Record_} record */
  const finish = (record) => (state.unfinished = state.unfinished.filter((each) => each !== record));

  return {
    /** @param {Kind} kind */
    record: (kind) => begin(desk, begunRecord(kind, state.direction)),

    /** @param {Record_} record */
    goOn: (record) => goOn(desk, record),

    /** From where one scans: the form that was left, as it was, unless it is about a scan. @param {'foreign_permit' | 'case'} kind */
    async recordOrGoOn(kind) {
      const left = state.unfinished.filter((each) => each.kind === kind && !each.fields.scan).at(-1);
      if (left) return goOn(desk, left);
      return kind === "case" ? this.openCase(false) : this.record(kind);
    },

    /** @param {import('./store.js').Kept} kept */
    async correct(kept) {
      const record = corrected(kept);
      await hand(kept.id, record.id);
      await begin(desk, record);
    },

    /**
     * A case about what is being looked at, with what its verdict knows; photographs taken at a hold go with it.
     * @param {boolean} [about] @param {Record<string, string>[]} [goods] what is known of them otherwise
     */
    async openCase(about = true, goods) {
      const subject = about ? state.subject : null;
      const verdict = subject && currentVerdict(subject);
      const permit = verdict?.permit;
      const roles = officerOf(state).roles;
      const record = begunRecord("case", subject?.direction ?? state.direction, {
        agency: ["customs", "border", "inspector"].find((role) => roles.includes(role)) ?? "",
        ...(verdict && { kind: "detention", reason: reasonOf(verdict.codes.map((each) => each.code)), detection: "scanner" }),
        ...(subject && { scan: subject.eventId }),
        ...(permit && {
          permit: { issuer: permit.issuer, number: permit.number },
          route: { origin: permit.lines[0]?.origin?.country ?? "", departure: permit.exporter.country, destination: permit.importer.country },
          goods: permit.lines.map(({ scientific_name, term, quantity, unit, marks }) => ({ scientific_name, term, quantity, unit: unit ?? "", marks: marks ?? "" })),
        }),
        ...(goods && { goods }),
      });
      if (subject) await hand(subject.eventId, record.id);
      await begin(desk, record);
    },

    addGoods() {
      state.record?.fields.goods.push({});
      draw();
    },

    /** @param {number} index */
    dropGoods(index) {
      state.record?.fields.goods.splice(index, 1);
      draw();
    },

    addPerson() {
      state.record?.fields.people.push({});
      draw();
    },

    changed: draw,

    addLine() {
      const { record } = state;
      if (!record) return;
      record.fields.permit.lines.push({});
      draw();
    },

    /** @param {number} index */
    dropLine(index) {
      state.record?.fields.permit.lines.splice(index, 1);
      state.record?.fields.arrived?.splice(index, 1);
      draw();
    },

    /** Whether the number was used before, where the register can be asked. */
    async askNumber() {
      const { record } = state;
      if (!record || record.kind !== "foreign_permit" || state.practice) return;
      const [number, { issuer }] = [numberOf(record.fields), record.fields];
      record.known = null;
      draw();
      if (!number || !issuer || !navigator.onLine || !bearer()) return;
      try {
        const query = new URLSearchParams({ issuer, number });
        const { body } = await askAs(`/v1/foreign-permits/known?${query}`);
        if (state.record === record && numberOf(record.fields) === number && record.fields.issuer === issuer) record.known = body;
      } catch (error) {
        if (!(error instanceof Problem || error instanceof Unreachable || error instanceof SignedOut)) throw error;
      }
      draw();
    },

    /** What the register has of our import permit that the paper names. */
    async askRecordPermit() {
      const { record } = state;
      if (!record) return;
      Object.assign(record.fields, { importPermit: null, choice: {} });
      draw();
      const number = record.fields.permit.import_permit?.number ?? "";
      const permit = await askedPermit(number, state);
      if (state.record === record && record.fields.permit.import_permit?.number === number) record.fields.importPermit = permit;
      draw();
    },

    /** @param {File} file */
    async recordPhoto(file) {
      const { record } = state;
      if (!record) return;
      state.photoWrong = "";
      try {
        await keepPhoto({ id: crypto.randomUUID(), eventId: record.id, data: await prepared(file), sent: false });
      } catch (error) {
        if (!(error instanceof FileTrouble)) throw error;
        state.photoWrong = fileWord(error);
      }
      await reload();
      void send();
    },

    /** @param {SubmitEvent} event */
    async write(event) {
      event.preventDefault();
      const { record, device, busy } = state;
      if (busy || !record || !device) return;
      record.faults = faultsIn(record);
      if (record.faults.length > 0) {
        draw();
        await Promise.resolve();
        const wrong = document.getElementById(idOf(record.faults[0].field));
        wrong?.closest("details")?.setAttribute("open", "");
        return wrong?.focus();
      }
      state.busy = true;
      draw();
      try {
        if (!(await goesOn())) return;
        const { issuer = "", number: typed = "" } = record.kind === "case" ? (record.fields.permit ?? {}) : record.fields;
        const number = (record.kind === "foreign_permit" && numberOf(record.fields)) || typed;
        record.saved = await add(eventOf(record, { officer: officerOf(state).id, post: device.post }), { issuer, number });
        finish(record);
        if (state.record === record) await show("recorded");
      } finally {
        state.busy = false;
        await reload();
      }
      void send();
    },

    async leaveRecord() {
      const { record } = state;
      state.record = null;
      if (record) finish(record);
      for (const photo of state.photos) if (record && !record.saved && photo.eventId === record.id) await dropPhoto(photo.id);
      await reload();
      await show("find");
    },
  };
}
