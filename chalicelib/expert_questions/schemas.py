"""Request bodies, queries and answers of questions to the Scientific Authority."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import StringConstraints

from chalicelib.endorsement.schemas import _PHOTO
from chalicelib.expert_questions.model import ANSWER_AT_MOST, CERTAIN, QUESTION_AT_MOST, TAXON_AT_MOST
from chalicelib.expert_questions.services import Question
from chalicelib.http.requests import Code, CursorQuery, Model, Moment
from chalicelib.http.schema_parts import TEXT, TIME, listed, members, one_of

_QUESTION = members(
    {
        "id": TEXT,
        "post": TEXT,
        "at": TIME,
        "received_at": TIME,
        "term": TEXT,
        "taxon": TEXT,
        "question": TEXT,
        "photos": listed(_PHOTO),
        "answers": listed(
            members({"at": TIME, "by_name": TEXT, "taxon": TEXT, "certain": one_of(CERTAIN), "text": TEXT})
        ),
        "steps": listed(TEXT),
    }
)

Taxon = Annotated[str, StringConstraints(max_length=TAXON_AT_MOST)]


class ExpertQuestionBody(Model):
    """A question. `term`: CITES term code of the goods. `taxon`: a guess. No names of people."""

    event_id: Code
    post: Code
    recorded_at: Moment
    term: Annotated[str, StringConstraints(max_length=3)] | None = None
    taxon: Taxon | None = None
    question: Annotated[str, StringConstraints(max_length=QUESTION_AT_MOST)]

    def asked(self) -> Question:
        return Question(self.event_id, self.post, self.recorded_at, self.term or "", self.taxon or "", self.question)


class SyncedExpertQuestion(ExpertQuestionBody):
    kind: Literal["expert_question"]
    officer: Code | None = None


class ExpertAnswer(Model):
    """`certain`: certain, probable or cannot_tell. Only cannot_tell goes without a name."""

    certain: Code
    taxon: Taxon | None = None
    text: Annotated[str, StringConstraints(max_length=ANSWER_AT_MOST)]


class ExpertQuery(CursorQuery):
    """`post`: the questions of one post; officers must name one. Without it the ministry gets all of a shelf."""

    shelf: Literal["open", "answered"] = "open"
    post: Code | None = None
