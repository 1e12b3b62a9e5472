"""Where questions to the Scientific Authority are kept, and who sees which.

EXPERT-QUESTION#<id>  -         the question with its answers; its version guards it
NOTICE#QUESTION-<id>  ASKED     a mail to the Scientific Authority
EVENT#<id>            -         the request that made it (the id is the officer's event id)
PHOTOS#<id>           <sha256>  its photographs (photograph.py)
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any, Literal

from pydantic import TypeAdapter

from chalicelib.core.errors import FieldError, Forbidden, Invalid, NoMatch, WrongState
from chalicelib.core.expert_question import ExpertQuestion
from chalicelib.core.roles import MINISTRY, Actor
from chalicelib.ports import BlobStore, Key, PermitRegister, Put
from chalicelib.services import photograph, queue_notices
from chalicelib.services.foreign_papers import reaches
from chalicelib.services.keep_files import last_day

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
    return Put(question_key(question.id), data, expect=question.version - 1, index=index)


def mail(question: ExpertQuestion, now: int) -> Put:
    """To the Scientific Authority's address: that something was asked, where and when."""
    data = {
        "kind": "question", "owner": "duty-scientist", "permit_id": question.id, "number": None, "at": now, "due": now,
        "next": now, "tries": 0, "facts": {"at": question.at, "post": question.post},
    }  # fmt: skip
    return Put(Key(f"NOTICE#QUESTION-{question.id}", "ASKED"), data, expect=0, index={"state": queue_notices.WAITING})


def load(question_id: str, actor: Actor, *, register: PermitRegister) -> ExpertQuestion:
    """Any for the ministry; for officers those of their posts, whoever asked. Raises `NoMatch`, `Forbidden`."""
    actor.need("see_questions")
    row = register.get(question_key(question_id))
    if row is not None:
        question = _question().validate_python(row.data)
        if reaches(actor, question.post):
            return question
    raise NoMatch("No such question.")


def add_photo(
    question_id: str, data: bytes, content_type: str, actor: Actor, *, register: PermitRegister, blobs: BlobStore,
    now: int,
) -> dict[str, Any]:  # fmt: skip
    """A photograph by the post that asked, until it is answered: an answer stands on what was seen for it.

    The question's guard goes along, so that no answer slips in between. As `photograph.keep`; raises `WrongState`.
    """
    actor.need("ask_expert")
    load(question_id, actor, register=register)

    def guarded(_: str) -> tuple[Put, ...]:
        question = load(question_id, actor, register=register)
        if question.answers:
            raise WrongState("This question is answered: ask another one.")
        return (put(replace(question, version=question.version + 1)),)

    return photograph.keep(
        question_id, data, content_type, actor, register=register, blobs=blobs, keep_until=last_day(now), now=now,
        beside=guarded,
    )  # fmt: skip


def listed(
    shelf: Shelf, post: str | None, actor: Actor, *, register: PermitRegister, cursor: str | None = None
) -> tuple[list[ExpertQuestion], str | None]:
    """Of one post, the newest first; or, for the ministry, of all: open ones by who waits longest.

    Raises `Invalid` for an officer who names no post, `Forbidden` for a post that is not theirs.
    """
    actor.need("see_questions")
    if post is None and actor.roles.isdisjoint(MINISTRY):
        raise Invalid(FieldError("post", "required", "The post whose questions you want."))
    if post is not None:
        if not reaches(actor, post):
            raise Forbidden("You are not assigned to this post.")
        rows, cursor = register.search("owner", f"expert-questions#{post}", cursor=cursor, limit=PAGE)
    else:
        rows, cursor = register.search(
            "shelf", f"expert-questions#{shelf}", cursor=cursor, limit=PAGE, oldest_first=shelf == "open"
        )
    return [_question().validate_python(row.data) for row in rows], cursor
