"""Routes of questions to the Scientific Authority about goods: asked at a post, answered at the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice.app import Response

from chalicelib.endorsement.http import PHOTOS, PRODUCED, photograph_response
from chalicelib.endorsement.schemas import Photo, photo_json, unnamed_photo
from chalicelib.expert_questions import model
from chalicelib.expert_questions import schemas as expert_questions_schemas
from chalicelib.expert_questions import services as expert_questions
from chalicelib.expert_questions.schemas import ExpertQuestion, ExpertQuestions
from chalicelib.http.blueprint import Blueprint, Call, json_response
from chalicelib.kernel.days import to_text
from chalicelib.kernel.files import FILE_CAP
from chalicelib.platform import files

if TYPE_CHECKING:
    from chalicelib.verification.services.verify import VerifyDeps


blueprint: Blueprint[VerifyDeps] = Blueprint(__name__)

ALL = "/v1/expert-questions"

ONE = f"{ALL}/{{question_id}}"


@blueprint.route(
    ALL,
    method="POST",
    body=expert_questions_schemas.ExpertQuestionBody,
    status=201,
    returns="ExpertQuestion",
    may="ask_expert",
    repeats=True,
)
def ask(call: Call[VerifyDeps]) -> Response:
    """Ask the Scientific Authority what goods are.
    201. The same event again is answered with 200 and the same question."""
    question, new = expert_questions.ask(call.body.asked(), call.actor, call.deps)
    return json_response(_answer(call, question), 201 if new else 200)


@blueprint.route(ALL, query=expert_questions_schemas.ExpertQuery, returns="ExpertQuestions", may="see_questions")
def listed(call: Call[VerifyDeps]) -> ExpertQuestions:
    """List questions: those of one post, the newest first.
    The ministry may list all by `shelf`, the open ones with the longest waiting first."""
    asked = call.query
    found, cursor = expert_questions.listed(
        asked.shelf, asked.post, call.actor, register=call.deps.register, cursor=asked.cursor
    )
    return {"items": [_answer(call, each) for each in found], "cursor": cursor}


@blueprint.route(ONE, returns="ExpertQuestion", may="see_questions")
def one(call: Call[VerifyDeps], question_id: str) -> ExpertQuestion:
    """Read one question with its photographs and answers."""
    return _answer(call, expert_questions.load(question_id, call.actor, register=call.deps.register))


@blueprint.route(
    f"{ONE}/photos", method="POST", raw=PHOTOS, cap=FILE_CAP, status=201, returns="Photo", may="ask_expert"
)
def photo(call: Call[VerifyDeps], question_id: str) -> Photo:
    """Keep a photograph of the goods, until the question is answered (then 409).
    The same picture again is the same photograph."""
    deps = call.deps
    return photo_json(expert_questions.add_photo(question_id, call.body, call.content_type, call.actor, deps))


@blueprint.route(f"{ONE}/photos/{{sha256}}", returns="Download", produces=PRODUCED, may="see_questions")
def picture(call: Call[VerifyDeps], question_id: str, sha256: str) -> Response:
    """Download one photograph of a question.
    Bytes where `Accept` begins with `image/`, else a short-lived address."""
    expert_questions.load(question_id, call.actor, register=call.deps.register)
    return photograph_response(call, question_id, sha256)


@blueprint.route(
    f"{ONE}/answers",
    method="POST",
    body=expert_questions_schemas.ExpertAnswer,
    status=201,
    returns="ExpertQuestion",
    may="answer_question",
)
def answer(call: Call[VerifyDeps], question_id: str) -> ExpertQuestion:
    """Record the Scientific Authority's answer.
    A later answer corrects an earlier one, and both stay."""
    body = call.body
    given = expert_questions.Answer(body.taxon or "", body.certain, body.text)
    made = expert_questions.answer(question_id, given, call.actor, call.deps)
    return _answer(call, made)


def _answer(call: Call[VerifyDeps], question: model.ExpertQuestion) -> ExpertQuestion:
    """The question for the caller.

    It omits the officer's name, because the post asks. `steps`: what the caller may do.
    """
    pictures = files.photographs_of(question.id, register=call.deps.register)
    return {
        "id": question.id,
        "post": question.post,
        "at": to_text(question.at),
        "received_at": to_text(question.received_at),
        "term": question.term,
        "taxon": question.taxon,
        "question": question.question,
        "photos": [unnamed_photo(each) for each in pictures],
        "answers": [
            {
                "at": to_text(each["at"]),
                "by_name": each["by_name"],
                "taxon": each["taxon"],
                "certain": each["certain"],
                "text": each["text"],
            }
            for each in question.answers
        ],
        "steps": ["answer"] if call.actor.may("answer_question") else [],
    }
