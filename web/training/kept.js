// What this device keeps of a workshop: one's own answers, and what a trainer has read. Names of trainees leave it by one tap.

import { fromText, noAnswers, toText } from "./answers.js";

/** @typedef {import('./answers.js').Answers} Answers */

const OWN = "tamga.workshop.own";
const READ = "tamga.workshop.read";

/** @returns {Answers} */
export const ownAnswers = () => fromText(localStorage.getItem(OWN) ?? "") ?? noAnswers();

/** @param {Answers} answers */
export const keepOwn = (answers) => localStorage.setItem(OWN, toText(answers));

/** What was read, by name. @returns {Answers[]} */
export const readAnswers = () => (localStorage.getItem(READ) ?? "").split("\n").flatMap((line) => fromText(line) ?? []);

/** One more trainee, or the same one again. @param {Answers} answers */
export function keepRead(answers) {
  const others = readAnswers().filter((each) => each.name !== answers.name);
  const all = [...others, answers].sort((a, b) => a.name.localeCompare(b.name));
  localStorage.setItem(READ, all.map(toText).join("\n"));
}

export const forgetRead = () => localStorage.removeItem(READ);
