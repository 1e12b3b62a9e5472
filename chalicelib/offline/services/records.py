"""Offline records other than uses of our permits: foreign papers, cases and questions, each stored once."""

from __future__ import annotations

from typing import Literal, Never, NotRequired, TypedDict, final

from chalicelib.cases.services import record_case
from chalicelib.cases.services.record_case import CaseRecord
from chalicelib.endorsement.services.endorse import StoredReceipt
from chalicelib.endorsement.services.withdraw import StoredUndo
from chalicelib.expert_questions import services as expert_questions
from chalicelib.expert_questions.services import Question
from chalicelib.foreign_permits.services import record
from chalicelib.foreign_permits.services.record import ForeignRecord
from chalicelib.kernel.enums import UseResult
from chalicelib.kernel.roles import Actor
from chalicelib.verification.services import foreign_records
from chalicelib.verification.services.foreign_numbers import number_of
from chalicelib.verification.services.verify import VerifyDeps

OPERATION_OF = {ForeignRecord: "record_foreign", CaseRecord: "open_case", Question: "ask_expert"}

RECORDS = (ForeignRecord, CaseRecord, Question)

Recorded = ForeignRecord | CaseRecord | Question


EventWord = Literal["stored", "duplicate", "conflict", "rejected"]


@final
class PaperReceipt(TypedDict):
    """The result of the use by an endorsed paper of another Party."""

    result: str


@final
class EventWithReceipt(TypedDict):
    """Result of one uploaded event that used a permit, or withdrew a use. `remarks`: about another Party's paper."""

    event_id: str
    result: EventWord
    receipt: StoredReceipt | StoredUndo | PaperReceipt
    remarks: NotRequired[list[str]]


@final
class EventWithoutReceipt(TypedDict):
    """Result of another uploaded event.

    `outcome`, `codes`: of a scan. `remarks`: about another Party's paper. `problem`, `detail`: why it was rejected.
    `again`: send it again later. `refused`: refused online before, and not used. `kept`: in quarantine.
    """

    event_id: str
    result: EventWord
    outcome: NotRequired[str]
    codes: NotRequired[list[str]]
    remarks: NotRequired[list[str]]
    problem: NotRequired[str]
    detail: NotRequired[str]
    again: NotRequired[bool]
    refused: NotRequired[bool]
    kept: NotRequired[bool]
    receipt: NotRequired[Never]


EventResult = EventWithReceipt | EventWithoutReceipt


def keep(asked: Recorded, officer: Actor, deps: VerifyDeps, *, late: bool = False) -> EventResult:
    """Store a record and return its result. Raises as recording it online does.

    Another Party's paper has its `remarks` too. An endorsed one has a `receipt` with the use's own `result`, where
    pending does not count yet.

    `late`: an earlier sync should have brought it (L2). It matters only for a paper's endorsement, because the others
    use nothing.
    """
    if isinstance(asked, Question):
        _, new = expert_questions.ask(asked, officer, deps)
        return {"event_id": asked.event_id, "result": "stored" if new else "duplicate"}
    if isinstance(asked, CaseRecord):
        _, new = record_case.record(asked, officer, deps)
        return {"event_id": asked.event_id, "result": "stored" if new else "duplicate"}
    paper, new = record.record(asked, officer, deps, offline=True, late=late)
    number = number_of(paper.issuer, paper.number, deps.register)
    odd = foreign_records.with_remarks(paper, number, deps).remarks
    word: EventWord = "stored" if new else "duplicate"
    if paper.endorsed is None:
        return {"event_id": asked.event_id, "result": word, "remarks": list(odd)}
    result = paper.endorsed.result
    return {
        "event_id": asked.event_id,
        "result": "conflict" if result == UseResult.CONFLICT else word,
        "remarks": list(odd),
        "receipt": {"result": result},
    }
