// What a trainee decided at each sheet of a workshop, and how it goes from their telephone to the trainer's without a
// network: as the text of a code on the screen. Training only: nothing here is signed, and nothing depends on it.
//
//     TAMGA-WORKSHOP 1 <name, percent-encoded> <a letter for each sheet: r, x, a, or - for none yet>

export const SHEETS = 20;
const NAME_AT_MOST = 60; // characters
const TEXT_AT_MOST = 800;
const FORM = /^TAMGA-WORKSHOP 1 ([A-Za-z0-9%_.!~*'()-]+) ([rxa-]{20})$/;

/**
 * @typedef {'release' | 'refuse' | 'ask'} Decision
 * @typedef {{name: string, decided: (Decision | null)[]}} Answers  one for each sheet, in order
 */

/** @type {Record<string, Decision>} */
const LETTERS = { r: "release", x: "refuse", a: "ask" };

/** @returns {Answers} */
export const noAnswers = () => ({ name: "", decided: Array(SHEETS).fill(null) });

/** @param {Answers} answers */
export function toText({ name, decided }) {
  const letters = decided.map((each) => Object.keys(LETTERS).find((letter) => LETTERS[letter] === each) ?? "-");
  return `TAMGA-WORKSHOP 1 ${encodeURIComponent(name)} ${letters.join("")}`;
}

/** The answers, or null for any other text. @param {string} text @returns {Answers | null} */
export function fromText(text) {
  const found = text.length <= TEXT_AT_MOST && FORM.exec(text.trim());
  if (!found) return null;
  const name = decoded(found[1]);
  if (!isName(name)) return null;
  return { name, decided: [...found[2]].map((letter) => LETTERS[letter] ?? null) };
}

/** Whether somebody can be called that: letters of any script, and what stands between them. @param {string} name */
export const isName = (name) => name.length <= NAME_AT_MOST && /^[\p{L}\p{N}][\p{L}\p{M}\p{N} .,'’-]*$/u.test(name);

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text).normalize("NFC");
  } catch {
    return "";
  }
}
