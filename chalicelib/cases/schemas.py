"""Request bodies of cases, and JSON Schemas of answers about cases, foreign permits, questions, alerts, watch-list.

Codes are those of cases/model/case.py, which reports every fault with its field. The counts by month and by post are
here too, as the desk shows them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from chalicelib.alerts.schemas import _ADDRESSES, _ALERT, _ALERT_ABROAD, _DESK, _WATCHED
from chalicelib.applications.schemas import present
from chalicelib.cases.model import case as cases_case
from chalicelib.cases.model.case import LINES_AT_MOST, PEOPLE_AT_MOST
from chalicelib.cases.services.record_case import CaseRecord
from chalicelib.endorsement.schemas import _PHOTO
from chalicelib.foreign_permits.schemas import _AMOUNTS, _FOREIGN
from chalicelib.http.requests import Code, CursorQuery, Model, Moment, Reason, Words
from chalicelib.http.schema_parts import ANYTHING, DAY, FLAG, NUMBER, TEXT, TIME, Schema, listed, maybe, members, one_of
from chalicelib.people.model import Post
from chalicelib.verification.model.foreign_permit import ANSWERS as RESULTS

OWN = frozenset({"event_id", "post", "recorded_at", "occurred_at", "kind", "people", "officer", "version"})


class CaseLine(Model):
    """A line of goods: a scientific or a common name; `term`: a trade term.

    `accepted_name`: present in answers; ignored in requests, because the species list gives it anew.
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

    def record(self) -> dict[str, Any]:
        dumped = self.model_dump(exclude={"goods": {"__all__": {"accepted_name"}}})
        kept: dict[str, Any] = {name: each for name, each in present(dumped).items() if name not in OWN}
        return kept

    def persons(self) -> tuple[dict[str, Any], ...]:
        return tuple(each for person in self.people or () if (each := present(person.model_dump())))


class CaseBody(CaseContent):
    """A case to open. `occurred_at`: when the goods were found; if left out, `recorded_at`."""

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

    def record(self) -> dict[str, Any]:
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


_DEGREES = maybe({"type": "number"})

MONTHS: Schema = listed(members({"month": TEXT, "found": NUMBER}))

POSTS: Schema = listed(members({"post": TEXT, "found": NUMBER, "latitude": _DEGREES, "longitude": _DEGREES}))


def by_month(found: Mapping[str, int]) -> list[dict[str, Any]]:
    return [{"month": month, "found": count} for month, count in sorted(found.items())]


def by_post(posts: Iterable[Post], found: Mapping[str, int]) -> list[dict[str, Any]]:
    """Counts of these posts, then of other places: posts that no longer exist, or none."""
    shown = {post.id: {"post": post.id, "latitude": post.latitude, "longitude": post.longitude} for post in posts}
    others = {name: {"post": name, "latitude": None, "longitude": None} for name in sorted(found.keys() - shown.keys())}
    return [{**each, "found": found.get(name, 0)} for name, each in (shown | others).items()]


_CASE_ENTRY = {
    "id": TEXT,
    "kind": one_of(cases_case.KINDS),
    "state": one_of(("open", "closed")),
    "post": TEXT,
    "place": maybe(TEXT),
    "occurred_at": TIME,
    "reason": maybe(one_of(cases_case.REASONS)),
    "agency": maybe(one_of(cases_case.AGENCIES)),
    "goods": listed(ANYTHING),
    "permit": maybe(ANYTHING),
    "database_id": maybe(TEXT),
}

_CASE_ABROAD = {
    **{name: each for name, each in _CASE_ENTRY.items() if name not in {"post", "place"}},
    "direction": maybe(one_of(cases_case.DIRECTIONS)),
    "route": maybe(ANYTHING),
    "value": maybe(ANYTHING),
    "detection": maybe(one_of(cases_case.DETECTION)),
}

_DISPOSAL = {"disposal": maybe(one_of(cases_case.DISPOSAL))}

ENFORCEMENT_ANSWERS: Mapping[str, Schema] = {
    "ForeignPermit": members(
        {
            **_FOREIGN,
            "issued_on": maybe(DAY),
            "sealed": FLAG,
            "note": TEXT,
            "version": NUMBER,
            "permit": ANYTHING,
            "endorsed": maybe(
                members(
                    {
                        "at": TIME,
                        "post": TEXT,
                        "officer": TEXT,
                        "brought_by": maybe(TEXT),
                        "received_at": TIME,
                        "result": one_of(("accepted", "conflict", "duplicate", "pending")),
                        "lines": _AMOUNTS,
                        "transport_document": TEXT,
                        "retained": FLAG,
                        "entered_at": maybe(TIME),
                        "confirmed_by": maybe(TEXT),
                        "withdrawn": maybe(ANYTHING),
                    }
                )
            ),
            "import_permit_use": maybe(
                members(
                    {
                        "number": TEXT,
                        "result": one_of(("accepted", "conflict", "duplicate", "pending")),
                        "lines": _AMOUNTS,
                    }
                )
            ),
            "used": listed(members({"id": TEXT, "post": TEXT, "at": TIME, "paper": FLAG})),
            "enquiries": listed(
                members({"at": TIME, "by_name": TEXT, "channel": one_of(("letter", "exchange")), "letter": TEXT})
            ),
            "answers": listed(
                members({"at": TIME, "by_name": TEXT, "result": one_of(RESULTS), "text": TEXT}, {"received_on": DAY})
            ),
            "photos": listed(_PHOTO),
            "steps": listed(TEXT),
        },
        words="What a person read off a paper: nothing of it is verified.",
    ),
    "Case": members(
        {
            **_CASE_ENTRY,
            **_CASE_ABROAD,
            "concealment": maybe(TEXT),
            "foreign_permit": maybe(TEXT),
            "scan": maybe(TEXT),
            "recorded_at": TIME,
            "origin_of_record": one_of(("post", "import")),
            "version": NUMBER,
            "earlier": listed(NUMBER),
            "officer": TEXT,
            "custody": listed(ANYTHING),
            "photos": listed(_PHOTO),
            "steps": listed(TEXT),
        },
        {
            **_DISPOSAL,
            "law": maybe(TEXT),
            "sanction": maybe(TEXT),
            "vehicle": maybe(TEXT),
            "note": maybe(TEXT),
            "people": listed(ANYTHING),
            "followups": listed(ANYTHING),
        },
        "Of each member what the caller's agency may see; people for enforcement and whoever wrote them down.",
    ),
    "CaseAbroad": members({**_CASE_ABROAD, **_DISPOSAL}),
    "Cases": members({"items": listed(members(_CASE_ENTRY)), "cursor": maybe(TEXT)}),
    "CaseSummary": members(
        {"months": MONTHS, "posts": POSTS, "complete": FLAG},
        words="Of a year, of what the caller may see; `complete`: nothing was left out.",
    ),
    "Alert": _ALERT,
    "AlertAbroad": members(_ALERT_ABROAD),
    "Alerts": members({"items": listed(_ALERT), "cursor": maybe(TEXT)}),
    "WatchEntry": _WATCHED,
    "WatchList": members({"items": listed(_WATCHED), "cursor": maybe(TEXT)}),
    "DutyDesk": _DESK,
    "DutyDesks": members({"items": listed(_DESK), "cursor": maybe(TEXT)}),
    "DutyDeskHistory": members(
        {
            "items": listed(
                members(
                    {
                        "at": TIME,
                        "by": TEXT,
                        "by_name": TEXT,
                        "action": one_of(("add", "propose", "keep", "confirm")),
                        "was": _ADDRESSES,
                        "addresses": _ADDRESSES,
                    },
                    {"proposed_by": TEXT, "proposed_by_name": TEXT, "proposed_at": TIME},
                )
            ),
            "cursor": maybe(TEXT),
        }
    ),
    "TakenIn": members(
        {
            "stored": NUMBER,
            "linked": NUMBER,
            "updated": NUMBER,
            "unchanged": NUMBER,
            **{
                name: listed(members({"row": NUMBER, "ref": TEXT, "column": TEXT, "code": TEXT, "detail": TEXT}))
                for name in ("refused", "noted")
            },
        }
    ),
    "ForeignPermits": members({"items": listed(members(_FOREIGN)), "cursor": maybe(TEXT)}),
    "ForeignNumber": members(
        {
            "number": TEXT,
            "form": one_of(("known", "recommended", "unusual", "other_country", "unknown")),
            "example": maybe(TEXT),
            "used": listed(members({"post": TEXT, "at": TIME})),
            "unconfirmed": listed(members({"post": TEXT, "at": TIME})),
        }
    ),
    "ImportPermitLines": members(
        {
            "number": maybe(TEXT),
            "state": TEXT,
            "lines": listed(
                members(
                    {"line": TEXT, "quantity": TEXT, "left": TEXT},
                    {"scientific_name": TEXT, "term": TEXT, "unit": TEXT},
                )
            ),
            "used": maybe(members({"post": TEXT, "at": TIME, "transport_document": TEXT})),
        },
        words="An import permit of ours that a foreign document names; `left`: what is not used of a line yet; `state` "
        "is `unknown` where there is none with this number.",
    ),
    "ForeignHistory": members(
        {
            "items": listed(
                members(
                    {"version": NUMBER, "at": TIME, "by": TEXT, "by_name": TEXT, "action": TEXT, "detail": ANYTHING}
                )
            ),
            "cursor": maybe(TEXT),
        }
    ),
}
