"""Asking the Scientific Authority what something is: each question once, however often a device sends it."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from chalicelib.core.errors import EventIdReused, FieldError, Invalid, Unavailable
from chalicelib.core.expert_question import ExpertQuestion, check_question
from chalicelib.core.roles import Actor
from chalicelib.ports import Conflict, PermitRegister, Put
from chalicelib.services import expert_questions, store
from chalicelib.services.endorse_permit import assigned
from chalicelib.services.endorsement import UUID
from chalicelib.services.verify_permit import Checker

SKEW = 600  # seconds that a device's clock may be ahead


@dataclass(frozen=True, slots=True)
class Question:
    """What an officer sends."""

    event_id: str
    post: str
    recorded_at: int
    term: str
    taxon: str
    question: str


def ask(
    asked: Question, actor: Actor, *, register: PermitRegister, checker: Checker, now: int
) -> tuple[ExpertQuestion, bool]:
    """The question as it is kept, and whether it is new. Raises `Invalid`, `Forbidden`, `EventIdReused`."""
    actor.need("ask_expert")
    if not UUID.fullmatch(asked.event_id):
        raise Invalid(FieldError("event_id", "uuid", "A UUID in lower case, made once for this question."))
    mark = {"officer": actor.id, "hash": store.request_hash(asdict(asked))}
    for _ in range(2):  # whoever loses finds the winner's row
        if (stored := register.get(store.event_key(asked.event_id))) is not None:
            if any(stored.data.get(name) != value for name, value in mark.items()):
                raise EventIdReused("This event id was used for another request.")
            return expert_questions.load(asked.event_id, actor, register=register), False
        assigned(actor, asked.post, checker.posts)
        check_question(asked.term, asked.taxon, asked.question)
        if asked.recorded_at > now + SKEW:
            raise Invalid(FieldError("recorded_at", "future", "Not yet: the device's clock is wrong."))
        question = ExpertQuestion(
            id=asked.event_id, post=asked.post, at=asked.recorded_at, received_at=now, officer=actor.id,
            term=asked.term, taxon=asked.taxon.strip(), question=asked.question.strip(),
        )  # fmt: skip
        try:
            register.commit(
                expert_questions.put(question),
                expert_questions.mail(question, now),
                Put(
                    store.event_key(asked.event_id), {**mark, **actor.brought, "expert_question": question.id}, expect=0
                ),
            )
        except Conflict:
            continue
        return question, True
    raise Unavailable("The same question is being kept; send it again.")
