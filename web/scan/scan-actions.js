// What is done with a code: it is judged here at once, the scan is written down, the register is asked.

import { normalCheckCode } from "../core/check_code.js";
import { readTypedNumber } from "../core/numbers.js";
import { Problem, Unreachable } from "../shared/api.js";
import { t } from "../shared/i18n.js";
import { FileTrouble, fileWord, prepared } from "../shared/picture.js";
import { SignedOut, askAs, bearer } from "../shared/session.js";
import { together } from "../shared/together.js";
import { LOST, naming, noteLost } from "./device.js";
import { atTheDoor } from "./frame.js";
import { judgeHere } from "./judge.js";
import { isReal } from "./practice.js";
import { add, addAnswered, alone, answered } from "./queue.js";
import { refusedWord } from "./refused.js";
import { tell } from "./sound.js";
import { currentVerdict, officerOf, putDown } from "./state.js";
import { keepEvent } from "./store.js";
import { drawnFor } from "./verdict-screen.js";

/**
 * @typedef {import('./main.js').Desk} Desk @typedef {import('./state.js').Subject} Subject
 */

const TEXT_AT_MOST = 20_000; // characters; the contract's own bound of a text is longer than any code
const SCAN_PATIENCE = 8000; // ms; the verdict of this device stands meanwhile

/** @param {Desk} desk */
export function scanActions({ state, draw, show, goesOn, send, reload }) {
  /** Judges the subject here, shows it, writes it down, asks. @param {Subject} subject @param {number} at */
  async function judge(subject, at) {
    await reload(); // what was endorsed a moment ago, or in another window, is used
    const { stage, known, device, done, shift } = state;
    const officer = officerOf(state).id;
    const judging = judgeHere(subject, { stage, known, post: device?.post ?? "", done, officer });
    const [found] = await Promise.all([judging, goesOn()]); // another window may have ended this shift
    if (atTheDoor(state.screen)) return; // locked meanwhile: nobody saw it
    subject.found = found;
    const { shown, judged } = subject.found;
    subject.asking = navigator.onLine && bearer() !== null;
    Object.assign(state, putDown(), { subject, addingPage: false });
    note(subject);
    await show("verdict");
    performance.measure("scan-to-verdict", { start: at });
    tell(shown.outcome, state);
    const { text, pages } = subject;
    /** @type {import('./store.js').DeviceEvent} */
    const event = { kind: "scan", officer, qr: text.slice(0, TEXT_AT_MOST), ...(pages.length > 0 && { other_pages: pages }), ...lookOf(subject) };
    const about = { outcome: shown.outcome, issuer: judged.permit?.issuer ?? "", number: judged.permit?.number ?? "" };
    await alone(event.event_id, async () => {
      const kept = await add(event, about).catch((error) => {
        subject.asking = false; // nothing is asked of what is not written down
        throw error;
      });
      await reload();
      if (subject.asking && shift) await ask(subject, kept);
    });
    void send();
  }

  /** What a scan says of itself beside the code. @param {Subject} subject */
  const lookOf = ({ eventId, direction, sameGoods }) => ({
    event_id: eventId,
    post: state.device?.post ?? "",
    scanned_at: new Date().toISOString().replace(/\.\d+/, ""),
    direction,
    goods_present: state.goodsPresent,
    ...(sameGoods !== null && { same_goods: sameGoods }),
  });

  /** A number that was typed, or stands on a paper from before Tamga, is a scan at this post, like a code. @param {Subject} subject */
  const typedIn = (subject) => askOnly(subject, () => askAs("/v1/scans", {
    method: "POST",
    headers: { "Content-Type": "application/json", ...naming(state.device) },
    body: JSON.stringify({ ...subject.typed, ...lookOf(subject) }),
  }));

  /** The register's word on a scan; its silence changes nothing. @param {Subject} subject @param {import('./store.js').Kept} kept */
  async function ask(subject, kept) {
    const { kind, officer, ...body } = kept.event;
    try {
      const { body: verdict, reference } = await askAs("/v1/scans", {
        method: "POST",
        headers: { "Content-Type": "application/json", ...naming(state.device) },
        body: JSON.stringify(body),
        patience: SCAN_PATIENCE,
      });
      const [before, screen] = [currentVerdict(subject)?.outcome, drawnFor(subject)];
      Object.assign(subject, { answer: verdict, reference, asking: false });
      await keepEvent(answered(kept, { result: "stored", outcome: verdict.outcome }));
      note(subject);
      if (state.subject === subject && state.screen === "verdict") {
        const after = currentVerdict(subject)?.outcome;
        if (after && after !== before) tell(after, state);
        if (drawnFor(subject) !== screen) await show("verdict");
      }
    } catch (error) {
      if (!(error instanceof Problem || error instanceof Unreachable || error instanceof SignedOut)) throw error;
      subject.asking = false;
      await hearLost(error);
    }
    await reload();
  }

  /** @param {unknown} error */
  async function hearLost(error) {
    if (error instanceof Problem && error.slug === LOST) state.device = await noteLost();
  }

  /** What the register says of a number or a file. @param {Subject} subject @param {() => Promise<{body: any, reference: string}>} asked @param {string} [unreached] */
  async function askOnly(subject, asked, unreached = t("The register was not reached. Scan the square code, or telephone.")) {
    if (!(await goesOn())) return;
    const looked = () => state.subject === subject && state.screen === "verdict";
    Object.assign(state, putDown(), { subject, addingPage: false });
    await show("verdict");
    try {
      const { body, reference } = await asked();
      Object.assign(subject, { answer: body, reference });
      note(subject);
    } catch (error) {
      if (error instanceof Problem && error.slug === "no-match") {
        subject.trouble = t("There is no permit with this number and check code. Compare both with the paper.");
      } else if (error instanceof Problem && error.status < 500) subject.trouble = refusedWord(error.slug, error.message, error.lines, error.codes);
      else if (error instanceof Problem || error instanceof Unreachable || error instanceof SignedOut) {
        subject.trouble = unreached;
      } else throw error;
      await hearLost(error);
    }
    subject.asking = false;
    if (subject.answer) await writeDown(subject, subject.answer);
    if (looked()) {
      tell(subject.answer?.outcome ?? "cannot_tell", state);
      await show("verdict");
    } else draw();
  }

  /** @param {Subject} subject @param {import('../shared/show.js').Verdict} answer */
  async function writeDown(subject, { outcome, permit }) {
    const { issuer = "", number = subject.typed?.number ?? "" } = permit ?? {};
    await addAnswered({ kind: "scan", officer: officerOf(state).id, ...subject.typed, ...lookOf(subject) }, { outcome, issuer, number });
    await reload();
  }

  /** One line a permit or unread code in the consignment that it was looked at for; a hold stays. @param {Subject} subject */
  function note(subject) {
    const verdict = currentVerdict(subject);
    if (!verdict) return;
    const { consignment, text, eventId } = subject;
    const { issuer = "", number = "" } = verdict.permit ?? {};
    const { outcome } = verdict;
    const code = text || eventId;
    const entry = consignment.find((each) => each.code === code || (number && each.number === number && each.issuer === issuer));
    if (!entry) consignment.push({ code, issuer, number, outcome, endorsed: false });
    else Object.assign(entry, number && { issuer, number }, entry.outcome !== "hold" && { outcome });
  }

  /** @param {string} text @param {string[]} [pages] @returns {Subject} */
  const subjectOf = (text, pages = []) => ({
    text,
    typed: null,
    pages,
    consignment: state.consignment,
    direction: state.direction,
    sameGoods: null,
    eventId: crypto.randomUUID(),
    at: Date.now() / 1000,
    found: null,
    answer: null,
    asking: true,
    reference: "",
    trouble: "",
    goods: state.goods,
  });

  return {
    /** @param {string[]} texts  of one permit @param {number} at  performance.now() of the frame that shows it */
    async scan(texts, at) {
      if (!state.shift || atTheDoor(state.screen)) return;
      const { practice, subject: held } = state;
      if (practice && texts.some((each) => isReal(each, practice))) {
        Object.assign(state, putDown());
        state.subject = { ...subjectOf(""), asking: false, trouble: t("A real permit, and this is practice: nothing was checked. Leave practice, then scan it again.") };
        tell("cannot_tell", state);
        return show("verdict");
      }
      const [text, ...pages] = texts;
      if (!state.addingPage || !held) return judge(subjectOf(text, pages), at);
      const [first, ...others] = new Set([held.text, ...held.pages, ...texts]);
      return judge({ ...subjectOf(first, others), direction: held.direction, sameGoods: held.sameGoods }, at);
    },

    /** The answer to "the same goods?" is another scan. @param {boolean} same */
    sameGoods(same) {
      const held = state.subject;
      if (!held) return;
      const asked = { ...held, sameGoods: same, eventId: crypto.randomUUID(), at: Date.now() / 1000, answer: null };
      if (held.typed) void typedIn({ ...asked, asking: true });
      else void judge(asked, performance.now());
    },

    /** The same in another language; nothing new is written down. */
    async again() {
      const { subject, stage, known, device, done } = state;
      if (!subject?.found) return;
      subject.found = await judgeHere(subject, { stage, known, post: device?.post ?? "", done, officer: officerOf(state).id });
    },

    /** @param {SubmitEvent} event */
    number(event) {
      event.preventDefault();
      const fields = new FormData(/** @type {HTMLFormElement} */ (event.target));
      const [number, typed] = ["number", "code"].map((name) => String(fields.get(name)).trim().toUpperCase());
      const code = normalCheckCode(typed) ?? typed; // O for 0, a blank for the hyphen
      if (/^HTTPS:\/\//.test(number)) {
        void judge(subjectOf(String(fields.get("number")).trim()), performance.now()); // a scanner that types
        return;
      }
      const meant = (code && readTypedNumber(number)) || number; // without a code it is a paper's, as it stands there
      void typedIn({ ...subjectOf(""), typed: { number: meant, ...(code && { code }) } });
    },

    /** A photo of one permit is read here; one of several, and a PDF, by the service, which judges the whole and keeps it as a scan. @param {HTMLInputElement} input */
    async file(input) {
      const file = input.files?.[0];
      input.value = "";
      if (!file) return;
      Object.assign(state, { busy: true, wrong: "" });
      draw();
      const [at, before] = [performance.now(), state.subject];
      const here = () => state.subject === before; // else another paper was scanned since
      try {
        if (file.type !== "application/pdf") {
          const { readCodes } = await import("../shared/decoder.js");
          const texts = together(await readCodes(await createImageBitmap(file)));
          if (!here()) return;
          if (texts?.length === 0) return void (state.wrong = t("No square code was found in this picture. Nearer, flat, with more light."));
          if (texts) return await this.scan(texts, at);
        }
        const ready = await prepared(file);
        if (!here()) return;
        const subject = subjectOf("");
        const query = new URLSearchParams(Object.entries(lookOf(subject)).map(([name, said]) => [name, String(said)]));
        const headers = { "Content-Type": ready.type, ...naming(state.device) };
        const asked = () => askAs(`/v1/scans/document?${query}`, { method: "POST", headers, body: ready, patience: 60_000 });
        await askOnly(subject, asked, t("The register was not reached, and only it reads a PDF or a photo of several permits. The camera, or a photo of one permit, works without a network."));
      } catch (error) {
        if (!(error instanceof FileTrouble || error instanceof DOMException)) throw error;
        const heic = error instanceof FileTrouble && error.kind === "heic";
        state.wrong = heic ? fileWord(error) : t("This is no picture or PDF that can be read, or it is too large.");
      } finally {
        state.busy = false;
        draw();
      }
    },
  };
}
