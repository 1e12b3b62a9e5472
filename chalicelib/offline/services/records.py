"""Offline records other than uses of our permits: foreign papers, cases and questions, each stored once."""

from __future__ import annotations

from typing import Any

from chalicelib.cases.services import record_case
from chalicelib.cases.services.record_case import CaseRecord
from chalicelib.expert_questions import services as expert_questions
from chalicelib.expert_questions.services import Question
from chalicelib.foreign_permits.services import record
from chalicelib.foreign_permits.services.record import ForeignRecord
from chalicelib.kernel.roles import Actor
from chalicelib.verification.services import foreign_records
from chalicelib.verification.services.foreign_numbers import number_of
from chalicelib.verification.services.verify import VerifyDeps

OPERATION_OF = {ForeignRecord: "record_foreign", CaseRecord: "open_case", Question: "ask_expert"}

RECORDS = (ForeignRecord, CaseRecord, Question)

Recorded = ForeignRecord | CaseRecord | Question


def keep(asked: Recorded, officer: Actor, deps: VerifyDeps, *, late: bool = False) -> dict[str, Any]:
    """Store a record. Return {"event_id", "result": stored | duplicate | conflict}; raises as recording it online does.

    Another Party's paper has its `remarks` too. An endorsed one has a `receipt` with the use's own `result`; pending
    does not count yet.

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
    odd = foreign_records.other_uses(paper, number, deps).remarks
    answer: dict[str, Any] = {
        "event_id": asked.event_id,
        "result": "stored" if new else "duplicate",
        "remarks": list(odd),
    }
    if paper.endorsed is not None:
        settled = paper.endorsed.result
        answer |= {"receipt": {"result": settled}} | ({"result": settled} if settled == "conflict" else {})
    return answer
