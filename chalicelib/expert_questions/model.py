"""Question to the Scientific Authority about goods that nobody at the post can identify, with its answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

from chalicelib.kernel.codes import TERMS
from chalicelib.kernel.errors import FieldError, Invalid
from chalicelib.kernel.rows import RowData
from chalicelib.verification.model.foreign_permit import text_faults

QUESTION_AT_MOST = 600  # characters

ANSWER_AT_MOST = 2000

TAXON_AT_MOST = 120

ANSWERS_AT_MOST = 12  # a later answer corrects an earlier one; none is removed

type Certain = Literal["certain", "probable", "cannot_tell"]

CERTAIN: tuple[Certain, ...] = get_args(Certain.__value__)


@dataclass(frozen=True, slots=True)
class ExpertQuestion:
    """A question with its answers. `term`: CITES term code of the goods, "" if unknown. `taxon`: a guess, "" if none.

    `at`: seconds of the device's clock when the officer asked. `answers`, first to last: {"at", "by", "by_name",
    "taxon", "certain" (one of CERTAIN), "text"}.
    """

    id: str
    post: str
    at: int
    received_at: int
    officer: str
    term: str
    taxon: str
    question: str
    answers: tuple[RowData, ...] = field(default=(), hash=False)
    version: int = 1

    def answered(self, answer: RowData) -> ExpertQuestion:
        return replace(self, answers=(*self.answers, answer), version=self.version + 1)


def check_question(term: str, taxon: str, question: str) -> None:
    """Check a question. Raises `Invalid` with every fault."""
    faults = list(_asked(term, taxon, question))
    if faults:
        raise Invalid(*faults)


def _asked(term: str, taxon: str, question: str) -> Iterator[FieldError]:
    if term and term not in TERMS:
        yield FieldError("term", "unknown", "Must be a term code of the list, for example LIV, or empty.")
    yield from text_faults("taxon", taxon, TAXON_AT_MOST)
    yield from text_faults("question", question, QUESTION_AT_MOST)
    if not question.strip():
        yield FieldError("question", "required", "Enter your question.")


def check_answer(taxon: str, certain: str, text: str) -> None:
    """Check an answer. A certain or probable one needs a name, and every one needs a text. Raises `Invalid`."""
    faults = [*text_faults("taxon", taxon, TAXON_AT_MOST), *text_faults("text", text, ANSWER_AT_MOST)]
    if certain not in CERTAIN:
        faults.append(FieldError("certain", "unknown", f"One of: {', '.join(CERTAIN)}."))
    if certain != "cannot_tell" and not taxon.strip():
        faults.append(FieldError("taxon", "required", "Enter the name, or choose cannot_tell in 'certain'."))
    if not text.strip():
        words = "Enter the features that show it, or what you need to identify it."
        faults.append(FieldError("text", "required", words))
    if faults:
        raise Invalid(*faults)
