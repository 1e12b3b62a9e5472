// What the Scientific Authority answered to questions of this device: fetched after something was sent, kept beside the question.

import { Problem } from "../shared/api.js";
import { askAs } from "../shared/session.js";
import { events, keepEvent } from "./store.js";

/** @typedef {import('./store.js').Kept} Kept */

/** Questions that may be answered, or answered anew: a later answer corrects an earlier one. @param {readonly Kept[]} all */
const asked = (all) => all.filter(({ event, state }) => event.kind === "expert_question" && state === "stored");

/** Answered, and nobody has looked at it here. @param {readonly Kept[]} all */
export const unread = (all) => all.filter(({ answer }) => answer?.answers?.length && !answer.read);

/** Asks once for all of a post; a refusal is no reason to stop. Throws `Unreachable`, `SignedOut`. @param {string} post */
export async function fetchAnswers(post) {
  const waiting = asked(await events());
  if (waiting.length === 0) return;
  const told = await askAs(`/v1/expert-questions?${new URLSearchParams({ post })}`).catch((error) => {
    if (!(error instanceof Problem)) throw error;
  });
  for (const { id, answers } of told?.body.items ?? []) {
    const kept = waiting.find((each) => each.id === id);
    if (kept && answers.length > (kept.answer?.answers?.length ?? 0)) await keepEvent({ ...kept, answer: { ...kept.answer, answers, read: false }, sentAt: Math.floor(Date.now() / 1000) });
  }
}

/** The list was opened. @param {readonly Kept[]} all */
export async function markRead(all) {
  for (const kept of unread(all)) await keepEvent({ ...kept, answer: { ...kept.answer, read: true } });
}
