"""Request bodies, queries and answers of questions to the Scientific Authority."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypedDict

from pydantic import StringConstraints

from chalicelib.endorsement.schemas import PhotoInList
from chalicelib.expert_questions.model import ANSWER_AT_MOST, QUESTION_AT_MOST, TAXON_AT_MOST, Certain
from chalicelib.expert_questions.services import Question
from chalicelib.http.answers import Time
from chalicelib.http.requests import Code, CursorQuery, Model, Moment

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
    """`post`: the questions of one post. Officers must name one. Without it the ministry gets all of a shelf."""

    shelf: Literal["open", "answered"] = "open"
    post: Code | None = None


class AnswerOfExpert(TypedDict):
    at: Time
    by_name: str
    taxon: str
    certain: Certain
    text: str


class ExpertQuestion(TypedDict):
    """A question with its photographs and answers. `steps`: what the caller may do."""

    id: str
    post: str
    at: Time
    received_at: Time
    term: str
    taxon: str
    question: str
    photos: list[PhotoInList]
    answers: list[AnswerOfExpert]
    steps: list[str]


class ExpertQuestions(TypedDict):
    items: list[ExpertQuestion]
    cursor: str | None


ANSWERS: Mapping[str, Any] = {"ExpertQuestion": ExpertQuestion, "ExpertQuestions": ExpertQuestions}
