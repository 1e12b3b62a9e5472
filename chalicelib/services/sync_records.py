"""What a device recorded offline that is no use of a permit of ours: kept as it happened, each once."""

from __future__ import annotations

from typing import Any

from chalicelib.core.listing import Listing
from chalicelib.core.roles import Actor
from chalicelib.ports import PermitRegister
from chalicelib.services import ask_expert, foreign_papers, record_case, record_foreign
from chalicelib.services.ask_expert import Question
from chalicelib.services.foreign_numbers import number_of
from chalicelib.services.record_case import CaseRecord
from chalicelib.services.record_foreign import ForeignRecord
from chalicelib.services.verify_permit import Checker

OPERATION_OF = {ForeignRecord: "record_foreign", CaseRecord: "open_case", Question: "ask_expert"}
RECORDS = (ForeignRecord, CaseRecord, Question)
Recorded = ForeignRecord | CaseRecord | Question


def keep(
    asked: Recorded,
    officer: Actor,
    *,
    register: PermitRegister,
    checker: Checker,
    listing: Listing,
    now: int,
    late: bool = False,
) -> dict[str, Any]:
    """{"event_id", "result": stored | duplicate | conflict}; raises what recording it online raises.

    Another Party's paper has `remarks`, what is odd about it; one that was endorsed a `receipt` with the use's own
    `result`: pending does not count yet.

    `late`: it should have come by an earlier sync; what uses nothing cannot be.
    """
    if isinstance(asked, Question):
        _, new = ask_expert.ask(asked, officer, register=register, checker=checker, now=now)
        return {"event_id": asked.event_id, "result": "stored" if new else "duplicate"}
    if isinstance(asked, CaseRecord):
        _, new = record_case.record(asked, officer, register=register, checker=checker, listing=listing, now=now)
        return {"event_id": asked.event_id, "result": "stored" if new else "duplicate"}
    paper, new = record_foreign.record(
        asked, officer, register=register, checker=checker, listing=listing, now=now, offline=True, late=late
    )
    number = number_of(paper.issuer, paper.number, register)
    odd = foreign_papers.told(paper, number, register=register, checker=checker, listing=listing, now=now).remarks
    answer: dict[str, Any] = {
        "event_id": asked.event_id,
        "result": "stored" if new else "duplicate",
        "remarks": list(odd),
    }
    if paper.endorsed is not None:
        settled = paper.endorsed.result
        answer |= {"receipt": {"result": settled}} | ({"result": settled} if settled == "conflict" else {})
    return answer
