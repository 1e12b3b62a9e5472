// What the Scientific Authority answered to questions of this device: fetched after something was sent, kept beside the question.

import { Problem } from "../shared/api.js";
import { askAs } from "../shared/session.js";
import { events, keepEvent } from "./store.js";

/** @typedef {import('./store.js').Kept} Kept */

/** Questions that wait for a first answer. @param {readonly Kept[]} all */
const unanswered = (all) => all.filter(({ event, state, answer }) => event.kind === "expert_question" && state === "stored" && !answer?.answers?.length);

/** Answered, and nobody has looked at it here. @param {readonly Kept[]} all */
export const unread = (all) => all.filter(({ answer }) => answer?.answers?.length && !answer.read);

/** Asks once for all of a post; a refusal is no reason to stop. Throws `Unreachable`, `SignedOut`. @param {string} post */
export async function fetchAnswers(post) {
  const waiting = unanswered(await events());
  if (waiting.length === 0) return;
  const told = await askAs(`/v1/expert-questions?${new URLSearchParams({ post })}`).catch((error) => {
    if (!(error instanceof Problem)) throw error;
  });
  for (const { id, answers } of told?.body.items ?? []) {
    const kept = waiting.find((each) => each.id === id);
    if (kept && answers.length) await keepEvent({ ...kept, answer: { ...kept.answer, answers }, sentAt: Math.floor(Date.now() / 1000) });
  }
}

/** The list was opened. @param {readonly Kept[]} all */
export async function markRead(all) {
  for (const kept of unread(all)) await keepEvent({ ...kept, answer: { ...kept.answer, read: true } });
}
