"""What a request about a case may say. Codes are of core/case_codes.py, which names every fault by its field."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from chalicelib.core.case import LINES_AT_MOST, PEOPLE_AT_MOST
from chalicelib.edges.border_models import Moment
from chalicelib.edges.models import Code, CursorQuery, Reason, Words, _present
from chalicelib.edges.parsing import Model
from chalicelib.services.record_case import CaseRecord

OWN = frozenset({"event_id", "post", "recorded_at", "occurred_at", "kind", "people", "officer", "version"})


class CaseLine(Model):
    """A line of goods: a scientific name, or what people call it; `term` of the trade terms.

    `accepted_name`: as an answer has it; what is sent is not read, the species list says it anew.
    """

    scientific_name: Words | None = None
    accepted_name: Words | None = None
    common_name: Words | None = None
    term: Words | None = None
    quantity: Words | None = None
    unit: Words | None = None
    marks: Words | None = None
    appendix: Words | None = None
    description: Words | None = None


class CaseRoute(Model):
    """Countries by ISO code, XX where it is not known; `document`: waybill, flight or ticket."""

    origin: Words | None = None
    departure: Words | None = None
    transit: Annotated[list[Code], Field(max_length=10)] | None = None
    destination: Words | None = None
    transport: Words | None = None
    document: Words | None = None


class CaseValue(Model):
    amount: Words | None = None
    currency: Words | None = None


class CasePermit(Model):
    """The paper that was shown, if any."""

    issuer: Words | None = None
    number: Words | None = None


class CasePerson(Model):
    """Somebody involved: only enforcement, and the officer who wrote it down, ever see it."""

    role: Words | None = None
    name: Words | None = None
    nationality: Words | None = None
    born: Words | None = None
    document: Words | None = None
    note: Words | None = None


class CaseContent(Model):
    kind: Code
    direction: Words | None = None
    place: Words | None = None
    agency: Words | None = None
    reason: Words | None = None
    goods: Annotated[list[CaseLine], Field(max_length=LINES_AT_MOST)] | None = None
    route: CaseRoute | None = None
    vehicle: Words | None = None
    concealment: Words | None = None
    detection: Words | None = None
    value: CaseValue | None = None
    permit: CasePermit | None = None
    foreign_permit: Code | None = None
    scan: Code | None = None
    law: Words | None = None
    sanction: Words | None = None
    disposal: Words | None = None
    note: Words | None = None
    people: Annotated[list[CasePerson], Field(max_length=PEOPLE_AT_MOST)] | None = None

    def record(self) -> dict[str, Any]:
        dumped = self.model_dump(exclude={"goods": {"__all__": {"accepted_name"}}})
        kept: dict[str, Any] = {name: each for name, each in _present(dumped).items() if name not in OWN}
        return kept

    def persons(self) -> tuple[dict[str, Any], ...]:
        return tuple(each for person in self.people or () if (each := _present(person.model_dump())))


class CaseBody(CaseContent):
    """`occurred_at`: when the goods were found; left out: as it was recorded."""

    event_id: Code
    post: Code
    recorded_at: Moment
    occurred_at: Moment | None = None

    def case(self) -> CaseRecord:
        at = self.recorded_at if self.occurred_at is None else self.occurred_at
        return CaseRecord(
            self.event_id, self.post, self.recorded_at, at, self.kind, self.record(), self.persons()
        )  # fmt: skip


class SyncedCase(CaseBody):
    # A case's own `kind` stands in `case_kind` here: `kind` says what the event is.
    kind: Literal["case"]
    case_kind: Code
    officer: Code | None = None

    def record(self) -> dict[str, Any]:
        return {name: each for name, each in super().record().items() if name != "case_kind"}

    def case(self) -> CaseRecord:
        made = super().case()
        return CaseRecord(
            made.event_id, made.post, made.recorded_at, made.occurred_at, self.case_kind, made.record, made.people
        )  # fmt: skip


class CaseAmend(CaseContent):
    """The whole content anew, as it was read at `version`."""

    version: int


class Custody(Model):
    """One link: what went from whom to whom."""

    what: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    giver: Words | None = None
    taker: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    place: Words | None = None
    seal: Words | None = None


class FollowUp(Model):
    """`on`: the day on which it happened, if another one, as YYYY-MM-DD."""

    kind: Code
    text: Reason
    on: Code | None = None


class CaseExportQuery(CursorQuery):
    """`people=true`: with persons, for enforcement alone."""

    people: Literal["true", "false"] | None = None
