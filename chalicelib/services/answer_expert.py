"""The Scientific Authority's answer to an officer's question: kept with name and time, never rewritten."""

from __future__ import annotations

from chalicelib.core.errors import TooLarge, Unavailable
from chalicelib.core.expert_question import ANSWERS_AT_MOST, ExpertQuestion, check_answer
from chalicelib.core.roles import Actor
from chalicelib.ports import Conflict, PermitRegister
from chalicelib.services import expert_questions

TRIES = 8
SAID = ("by", "taxon", "certain", "text")


def answer(
    question_id: str, taxon: str, certain: str, text: str, actor: Actor, *, register: PermitRegister, now: int
) -> ExpertQuestion:
    """Add an answer; a later one corrects an earlier one. The same person's same answer again changes nothing.

    Raises `NoMatch`, `Forbidden`, `Invalid`, `TooLarge`.
    """
    actor.need("answer_question")
    check_answer(taxon, certain, text)
    said = {
        "at": now, "by": actor.id, "by_name": actor.name, "taxon": taxon.strip(), "certain": certain,
        "text": text.strip(),
    }  # fmt: skip
    for _ in range(TRIES):
        question = expert_questions.load(question_id, actor, register=register)
        last = question.answers[-1] if question.answers else {}
        if all(last.get(name) == said[name] for name in SAID):
            return question
        if len(question.answers) >= ANSWERS_AT_MOST:
            raise TooLarge(f"At most {ANSWERS_AT_MOST} answers to one question.")
        made = question.answered(said)
        try:
            register.commit(expert_questions.put(made))
        except Conflict:
            continue
        return made
    raise Unavailable("Others are answering this question; try again.")
