"""Questions to the Scientific Authority: asking, answering, photographs, and who may read them.

EXPERT-QUESTION#<id>  -         the question with its answers; its version guards it
NOTICE#QUESTION-<id>  ASKED     a mail to the Scientific Authority
EVENT#<id>            -         the request that made it (the id is the officer's event id)
PHOTOS#<id>           <sha256>  its photographs (platform/files.py)

A device may send a question again. It is stored once. An answer has name and time and is never rewritten.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from functools import cache
from typing import Literal

from pydantic import TypeAdapter

from chalicelib.endorsement.services.endorse import check_assigned
from chalicelib.endorsement.services.requests import is_uuid
from chalicelib.expert_questions.model import ANSWERS_AT_MOST, ExpertQuestion, check_answer, check_question
from chalicelib.kernel.days import SKEW
from chalicelib.kernel.errors import (
    EventIdReused,
    FieldError,
    Forbidden,
    Invalid,
    NoMatch,
    TooLarge,
    WrongState,
)
from chalicelib.kernel.roles import MINISTRY, Actor
from chalicelib.kernel.rows import Key, Put
from chalicelib.mail import services as mail_services
from chalicelib.permits.services import store
from chalicelib.permits.services.store import last_day
from chalicelib.platform import files
from chalicelib.platform.deps import Deps, PermitRegister
from chalicelib.platform.files import Photograph
from chalicelib.platform.transact import transact
from chalicelib.verification.services.foreign_records import may_edit
from chalicelib.verification.services.verify import VerifyDeps

PAGE = 50

Shelf = Literal["open", "answered"]


@cache
def _question() -> TypeAdapter[ExpertQuestion]:
    return TypeAdapter(ExpertQuestion)


def question_key(question_id: str) -> Key:
    return Key(f"EXPERT-QUESTION#{question_id}")


def put(question: ExpertQuestion) -> Put:
    shelf = "answered" if question.answers else "open"
    index = {"shelf": f"expert-questions#{shelf}", "owner": f"expert-questions#{question.post}"}
    data = _question().dump_python(question, mode="json", exclude_defaults=True)
    return Put(question_key(question.id), data, expected_version=question.version - 1, index=index)


def mail(question: ExpertQuestion, now: int) -> Put:
    """Mail to the Scientific Authority's address: a question was asked, with post and time."""
    data = {
        "kind": "question",
        "owner": "duty-scientist",
        "permit_id": question.id,
        "number": None,
        "at": now,
        "due": now,
        "next": now,
        "tries": 0,
        "facts": {"at": question.at, "post": question.post},
    }
    return Put(
        Key(f"NOTICE#QUESTION-{question.id}", "ASKED"), data, expected_version=0, index={"state": mail_services.WAITING}
    )


def load(question_id: str, actor: Actor, *, register: PermitRegister) -> ExpertQuestion:
    """Return a question, any one for the ministry, and for officers one of their posts.

    Raises `NoMatch`, `Forbidden`.
    """
    actor.require("see_questions")
    row = register.get(question_key(question_id))
    if row is not None:
        question = _question().validate_python(row.data)
        if may_edit(actor, question.post):
            return question
    raise NoMatch("No such question.")


def add_photo(question_id: str, data: bytes, content_type: str, actor: Actor, deps: Deps) -> Photograph:
    """Add a photograph from the post that asked, until the question is answered.

    An answer rests on the photographs that its author saw, so no later one is added.
    The write includes the question's guard, so an answer cannot come in between. Else as `files.store_photograph`.
    Raises `WrongState` after an answer, `NoMatch`, `Forbidden`, `Invalid`, `TooLarge`.
    """
    actor.require("ask_expert")
    load(question_id, actor, register=deps.register)

    def guarded(_: str) -> tuple[Put, ...]:
        question = load(question_id, actor, register=deps.register)
        if question.answers:
            raise WrongState("This question is answered and takes no more photographs. Ask a new question.")
        return (put(replace(question, version=question.version + 1)),)

    return files.store_photograph(
        question_id, data, content_type, actor, deps, keep_until=last_day(deps.now), extra_puts=guarded
    )


def listed(
    shelf: Shelf, post: str | None, actor: Actor, *, register: PermitRegister, cursor: str | None = None
) -> tuple[list[ExpertQuestion], str | None]:
    """Questions of one post, the newest first. For the ministry those of all posts, open ones with the longest waiting
    first.

    Raises `Invalid` for an officer who names no post, `Forbidden` for a post that is not theirs.
    """
    actor.require("see_questions")
    if post is None and actor.roles.isdisjoint(MINISTRY):
        raise Invalid(FieldError("post", "required", "Enter the post whose questions you want to see."))
    if post is not None:
        if not may_edit(actor, post):
            raise Forbidden("You are not assigned to this post.")
        rows, cursor = register.search("owner", f"expert-questions#{post}", cursor=cursor, limit=PAGE)
    else:
        rows, cursor = register.search(
            "shelf", f"expert-questions#{shelf}", cursor=cursor, limit=PAGE, oldest_first=shelf == "open"
        )
    return [_question().validate_python(row.data) for row in rows], cursor


SAID = ("by", "taxon", "certain", "text")


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to give. `certain`: how certain the taxon is."""

    taxon: str
    certain: str
    text: str


def answer(question_id: str, given: Answer, actor: Actor, deps: Deps) -> ExpertQuestion:
    """Add an answer. A later one corrects an earlier one. The same person's same answer again changes nothing.

    Raises `NoMatch`, `Forbidden`, `Invalid`, `TooLarge`.
    """
    actor.require("answer_question")
    check_answer(given.taxon, given.certain, given.text)
    said = {
        "at": deps.now,
        "by": actor.id,
        "by_name": actor.name,
        "taxon": given.taxon.strip(),
        "certain": given.certain,
        "text": given.text.strip(),
    }

    def attempt() -> ExpertQuestion:
        question = load(question_id, actor, register=deps.register)
        last = question.answers[-1] if question.answers else {}
        if all(last.get(name) == said[name] for name in SAID):
            return question
        if len(question.answers) >= ANSWERS_AT_MOST:
            raise TooLarge(f"At most {ANSWERS_AT_MOST} answers to one question.")
        made = question.answered(said)
        deps.register.commit(put(made))
        return made

    return transact(attempt, "Others are answering this question; try again.")


@dataclass(frozen=True, slots=True)
class Question:
    """A question to ask."""

    event_id: str
    post: str
    recorded_at: int
    term: str
    taxon: str
    question: str


def ask(asked: Question, actor: Actor, deps: VerifyDeps) -> tuple[ExpertQuestion, bool]:
    """Store a question and mail the Scientific Authority. Return the question, and True if it is new.

    Raises `Invalid`, `Forbidden`, `EventIdReused`.
    """
    actor.require("ask_expert")
    if not is_uuid(asked.event_id):
        raise Invalid(FieldError("event_id", "uuid", "A UUID in lower case, made once for this question."))
    mark = {"officer": actor.id, "hash": store.request_hash(asdict(asked))}

    def attempt() -> tuple[ExpertQuestion, bool]:
        if (stored := deps.register.get(store.event_key(asked.event_id))) is not None:
            if any(stored.data.get(name) != value for name, value in mark.items()):
                raise EventIdReused("This event id was used for another request. Make a new one.")
            return load(asked.event_id, actor, register=deps.register), False
        check_assigned(actor, asked.post, deps.posts)
        check_question(asked.term, asked.taxon, asked.question)
        if asked.recorded_at > deps.now + SKEW:
            words = "This time is in the future. Set the clock of the device."
            raise Invalid(FieldError("recorded_at", "future", words))
        question = ExpertQuestion(
            id=asked.event_id,
            post=asked.post,
            at=asked.recorded_at,
            received_at=deps.now,
            officer=actor.id,
            term=asked.term,
            taxon=asked.taxon.strip(),
            question=asked.question.strip(),
        )
        deps.register.commit(
            put(question),
            mail(question, deps.now),
            Put(
                store.event_key(asked.event_id),
                {**mark, **actor.upload_detail, "expert_question": question.id},
                expected_version=0,
            ),
        )
        return question, True

    return transact(attempt, "The same question is being stored; send it again.")
