"""Request bodies of cases, and answers about cases.

Codes are those of cases/model/case.py, which reports every fault with its field. The counts by month and by post are
here too, as the desk shows them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal, NotRequired, TypedDict

from pydantic import Field, StringConstraints

from chalicelib.applications.schemas import present
from chalicelib.cases.model import case as cases_case
from chalicelib.cases.model.case import (
    LINES_AT_MOST,
    PEOPLE_AT_MOST,
    CaseAgency,
    CaseDirection,
    CaseKind,
    CaseReason,
    CaseState,
    Detection,
    Disposal,
)
from chalicelib.cases.model.table import Refusal
from chalicelib.cases.services.record_case import CaseRecord
from chalicelib.cases.services.wildlife_database import Imported
from chalicelib.endorsement.schemas import PhotoInList, photo_in_list
from chalicelib.http.answers import Anything, Time
from chalicelib.http.requests import Code, CursorQuery, Model, Moment, Reason, Words
from chalicelib.kernel.days import to_text
from chalicelib.kernel.roles import Actor, agencies_of
from chalicelib.kernel.rows import RowData
from chalicelib.people.model import ABROAD, Post, part_abroad, visible_members
from chalicelib.platform.files import Photograph

OWN = frozenset({"event_id", "post", "recorded_at", "occurred_at", "kind", "people", "officer", "version"})


class CaseLine(Model):
    """A line of goods: a scientific or a common name; `term`: a trade term.

    `accepted_name` is present in answers. It is ignored in requests, because the species list gives it anew.
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
    """Countries by ISO code, XX if unknown. `document`: waybill, flight or ticket."""

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
    """The paper that was presented, if any."""

    issuer: Words | None = None
    number: Words | None = None


class CasePerson(Model):
    """A person involved. Only enforcement and the officer who recorded the person ever see it."""

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

    def record(self) -> RowData:
        dumped = self.model_dump(exclude={"goods": {"__all__": {"accepted_name"}}})
        return {name: each for name, each in present(dumped).items() if name not in OWN}

    def persons(self) -> tuple[RowData, ...]:
        return tuple(each for person in self.people or () if (each := present(person.model_dump())))


class CaseBody(CaseContent):
    """A case to open. `occurred_at` is when the goods were found. If left out, it is `recorded_at`."""

    event_id: Code
    post: Code
    recorded_at: Moment
    occurred_at: Moment | None = None

    def case(self) -> CaseRecord:
        at = self.recorded_at if self.occurred_at is None else self.occurred_at
        return CaseRecord(self.event_id, self.post, self.recorded_at, at, self.kind, self.record(), self.persons())


class SyncedCase(CaseBody):
    # `kind` is the kind of the event here, so the case's own kind is `case_kind`.
    kind: Literal["case"]
    case_kind: Code
    officer: Code | None = None

    def record(self) -> RowData:
        return {name: each for name, each in super().record().items() if name != "case_kind"}

    def case(self) -> CaseRecord:
        made = super().case()
        return CaseRecord(
            made.event_id, made.post, made.recorded_at, made.occurred_at, self.case_kind, made.record, made.people
        )


class CaseAmend(CaseContent):
    """The whole content anew, as it was read at `version`."""

    version: int


class Custody(Model):
    """One link of the chain of custody: the goods, the giver and the taker."""

    what: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    giver: Words | None = None
    taker: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    place: Words | None = None
    seal: Words | None = None


class FollowUp(Model):
    """A follow-up. `on`: day on which it happened (YYYY-MM-DD), if not today."""

    kind: Code
    text: Reason
    on: Code | None = None


class CaseExportQuery(CursorQuery):
    """`people=true`: with people, for enforcement alone."""

    people: Literal["true", "false"] | None = None


class MonthCount(TypedDict):
    """`month`: YYYY-MM."""

    month: str
    found: int


class PostCount(TypedDict):
    post: str
    latitude: float | None
    longitude: float | None
    found: int


class CaseSummary(TypedDict):
    """Counts of a year, of the cases that the caller may see. `complete`: nothing was left out."""

    months: list[MonthCount]
    posts: list[PostCount]
    complete: bool


class _Core(TypedDict):
    """The members that every answer about a case has."""

    id: str
    kind: CaseKind
    state: CaseState
    occurred_at: Time
    reason: CaseReason | None
    agency: CaseAgency | None
    goods: list[Anything]
    permit: Anything | None
    database_id: str | None


class CaseInList(_Core):
    post: str
    place: str | None


class _Shared(_Core):
    direction: CaseDirection | None
    route: Anything | None
    value: Anything | None
    detection: Detection | None


class CaseAbroad(_Shared):
    """The part of a case that may go to another country."""

    disposal: Disposal | None


class Case(_Shared):
    """A case, with the members that the caller's agency may see.

    `people`: for enforcement, and for the officer who recorded them.
    """

    post: str
    place: str | None
    concealment: str | None
    foreign_permit: str | None
    scan: str | None
    recorded_at: Time
    origin_of_record: Literal["post", "import"]
    version: int
    earlier: list[int]
    officer: str
    custody: list[Anything]
    photos: list[PhotoInList]
    steps: list[str]
    disposal: NotRequired[Disposal | None]
    law: NotRequired[str | None]
    sanction: NotRequired[str | None]
    vehicle: NotRequired[str | None]
    note: NotRequired[str | None]
    people: NotRequired[list[Anything]]
    followups: NotRequired[list[Anything]]


class Cases(TypedDict):
    items: list[CaseInList]
    cursor: str | None


class RefusedRow(TypedDict):
    """A refused cell or row. `row`: of the file, 1 for the header. `ref`: the case's id there."""

    row: int
    ref: str
    column: str
    code: str
    detail: str


class TakenIn(TypedDict):
    """Result of an import. `noted` refuses nothing."""

    stored: int
    linked: int
    updated: int
    unchanged: int
    refused: list[RefusedRow]
    noted: list[RefusedRow]


ANSWERS: Mapping[str, Any] = {
    "Case": Case,
    "CaseAbroad": CaseAbroad,
    "Cases": Cases,
    "CaseSummary": CaseSummary,
    "TakenIn": TakenIn,
}


def by_month(found: Mapping[str, int]) -> list[MonthCount]:
    return [{"month": month, "found": count} for month, count in sorted(found.items())]


def by_post(posts: Iterable[Post], found: Mapping[str, int]) -> list[PostCount]:
    """Counts of these posts, then of other places: posts that no longer exist, or none."""
    known = {post.id: (post.latitude, post.longitude) for post in posts}
    others = dict.fromkeys(sorted(found.keys() - known.keys()), (None, None))
    return [
        {"post": name, "latitude": latitude, "longitude": longitude, "found": found.get(name, 0)}
        for name, (latitude, longitude) in (known | others).items()
    ]


def case_json(case: cases_case.Case, actor: Actor, photos: Iterable[Photograph], steps: list[str]) -> Case:
    """The members of a case that the actor's agencies may see."""
    record = case.record
    made: Case = {
        "id": case.id,
        "kind": CaseKind(case.kind),
        "state": _state(case),
        "post": case.post,
        "occurred_at": to_text(case.occurred_at),
        "recorded_at": to_text(case.recorded_at),
        "database_id": case.database_id,
        "origin_of_record": "import" if case.origin_of_record == "import" else "post",
        "version": case.version,
        "earlier": list(case.earlier),
        "officer": case.officer_name,
        "direction": record.get("direction"),
        "agency": record.get("agency"),
        "reason": record.get("reason"),
        "detection": record.get("detection"),
        "place": record.get("place"),
        "concealment": record.get("concealment"),
        "goods": list(record.get("goods") or ()),
        "route": record.get("route"),
        "value": record.get("value"),
        "permit": record.get("permit"),
        "foreign_permit": record.get("foreign_permit"),
        "scan": record.get("scan"),
        "custody": [_of_chain(each) for each in case.custody],
        "photos": [photo_in_list(each) for each in photos],
        "steps": steps,
        "disposal": record.get("disposal"),
        "law": record.get("law"),
        "sanction": record.get("sanction"),
        "vehicle": record.get("vehicle"),
        "note": record.get("note"),
        "people": [dict(each) for each in case.people],
        "followups": [_of_chain(each) for each in case.followups],
    }
    return visible_members(made, agencies_of(actor), own=case.officer == actor.id)


def case_in_list(case: cases_case.Case, actor: Actor) -> CaseInList:
    record = case.record
    made: CaseInList = {
        "id": case.id,
        "kind": CaseKind(case.kind),
        "state": _state(case),
        "post": case.post,
        "place": record.get("place"),
        "occurred_at": to_text(case.occurred_at),
        "reason": record.get("reason"),
        "agency": record.get("agency"),
        "goods": list(record.get("goods") or ()),
        "permit": record.get("permit"),
        "database_id": case.database_id,
    }
    return visible_members(made, agencies_of(actor))


def case_abroad(case: cases_case.Case) -> CaseAbroad:
    """No person, vehicle, officer, post, or text that may name one."""
    record = case.record
    made: CaseAbroad = {
        "id": case.id,
        "kind": CaseKind(case.kind),
        "state": _state(case),
        "occurred_at": to_text(case.occurred_at),
        "database_id": case.database_id,
        "direction": record.get("direction"),
        "agency": record.get("agency"),
        "reason": record.get("reason"),
        "detection": record.get("detection"),
        "disposal": record.get("disposal"),
        "goods": [part_abroad("goods", line) for line in record.get("goods") or ()],
        "route": part_abroad("route", record["route"]) if record.get("route") else None,
        "value": record.get("value"),
        "permit": part_abroad("permit", record["permit"]) if record.get("permit") else None,
    }
    return visible_members(made, {ABROAD})


def taken_in_json(made: Imported) -> TakenIn:
    return {
        "stored": made.stored,
        "linked": made.linked,
        "updated": made.updated,
        "unchanged": made.unchanged,
        "refused": [_refused(each) for each in made.refused],
        "noted": [_refused(each) for each in made.noted],
    }


def _state(case: cases_case.Case) -> CaseState:
    return CaseState.CLOSED if case.state == CaseState.CLOSED else CaseState.OPEN


def _of_chain(entry: RowData) -> RowData:
    """A link of the custody or a follow-up, without the person's id."""
    return {**{name: each for name, each in entry.items() if name != "by"}, "at": to_text(entry["at"])}


def _refused(each: Refusal) -> RefusedRow:
    return {"row": each.row, "ref": each.ref, "column": each.column, "code": each.code, "detail": each.detail}
