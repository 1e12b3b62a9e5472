"""What a question to the Scientific Authority and its answer may say."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import StringConstraints

from chalicelib.core.expert_question import ANSWER_AT_MOST, QUESTION_AT_MOST, TAXON_AT_MOST
from chalicelib.edges.border_models import Moment
from chalicelib.edges.models import Code, CursorQuery
from chalicelib.edges.parsing import Model
from chalicelib.services.ask_expert import Question

Taxon = Annotated[str, StringConstraints(max_length=TAXON_AT_MOST)]


class ExpertQuestionBody(Model):
    """`term`: what is in the hand, a CITES term code; `taxon`: what it may be. No names of people."""

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
    """`certain`: certain, probable or cannot_tell; without a name only the last."""

    certain: Code
    taxon: Taxon | None = None
    text: Annotated[str, StringConstraints(max_length=ANSWER_AT_MOST)]


class ExpertQuery(CursorQuery):
    """`post`: the questions of one post, as officers must say; else, for the ministry, all of a shelf."""

    shelf: Literal["open", "answered"] = "open"
    post: Code | None = None
