"""Posts, deputies of approvers, and the table of what each agency sees of a case and of an alert.

There is only this one table. A part is a group of members of the answer, and an agency sees no member outside its
parts. `abroad` is for other countries, with no person, no vehicle, no officer, and no text that may name somebody. Only
the species, the permit's number and the ministry's id go abroad as they were typed.

A deputy stands in for an approver on named days. Only people who gain nothing by it name and confirm a deputy:

1 the deputy is a preparer and no approver; the person represented is an approver
2 an approver or an admin, who is not the deputy, names the deputy
3 unless an admin named the deputy, another approver or admin confirms, neither the deputy nor the one who named
4 first and last day in the Party's zone, at most 92 days
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Literal, cast

from chalicelib.kernel.days import day
from chalicelib.kernel.errors import FieldError, Invalid, TwoPeople, WrongState
from chalicelib.kernel.roles import Actor
from chalicelib.kernel.rows import RowData

DAYS_AT_MOST = 92

LENT_ROLE = "approver"  # the role that is lent

DEPUTY_ROLE = "preparer"  # a deputy's own role: Management Authority; the Scientific Authority judges separately


@dataclass(frozen=True, slots=True)
class DeputationRequest:
    """A deputy to be named: ids of both people, first and last day (YYYY-MM-DD), and the reason."""

    deputy: str
    represented: str
    first: str
    last: str
    reason: str


TermState = Literal["waiting", "coming", "running", "over", "ended"]


@dataclass(frozen=True, slots=True)
class Deputation:
    """Term of a deputy.

    `first` and `last` are days (YYYY-MM-DD) in the Party's zone, both included. Times are whole seconds.
    """

    id: str
    deputy: str
    deputy_name: str
    represented: str
    represented_name: str
    first: str
    last: str
    reason: str
    at: int
    by: str
    by_name: str
    confirmed_by: str = ""
    confirmed_by_name: str = ""
    ended_at: int | None = None
    ended_by_name: str = ""

    def state(self, today: date) -> TermState:
        """Return ended, over, waiting (for the second person), coming or running."""
        if self.ended_at is not None:
            return "ended"
        if today > date.fromisoformat(self.last):
            return "over"
        if not self.confirmed_by:
            return "waiting"
        return "coming" if today < date.fromisoformat(self.first) else "running"


def check(wanted: DeputationRequest, actor: Actor, roles: dict[str, frozenset[str]], today: date) -> None:
    """Check rules 1, 2 and 4. Raises `Invalid` with each wrong field, `TwoPeople` for a deputy who names themselves.

    `roles`: id -> roles by the register, for the deputy and the person represented.
    """
    if actor.id == wanted.deputy:
        raise TwoPeople("You cannot name yourself as a deputy.")
    faults = []
    if LENT_ROLE not in roles[wanted.represented]:
        faults.append(FieldError("represented", "role", "Must be the id of a person registered as an approver."))
    if DEPUTY_ROLE not in roles[wanted.deputy] or LENT_ROLE in roles[wanted.deputy]:
        faults.append(
            FieldError("deputy", "role", "Must be the id of a person registered as a preparer and not as an approver.")
        )
    begins, ends = day(wanted.first), day(wanted.last)
    for name, value in (("first", begins), ("last", ends)):
        if value is None:
            faults.append(FieldError(name, "date", "Must be a date as YYYY-MM-DD."))
    if begins and begins < today:
        faults.append(FieldError("first", "past", "Must not be before today."))
    if begins and ends and ends < begins:
        faults.append(FieldError("last", "order", "Must not be before the first day."))
    if begins and ends and ends - begins >= timedelta(days=DAYS_AT_MOST):
        faults.append(
            FieldError("last", "too_late", f"At most {DAYS_AT_MOST} days. After that, name the deputy again.")
        )
    if faults:
        raise Invalid(*faults)


def second_person(made: Deputation, actor: Actor, today: date) -> None:
    """Raise `TwoPeople` or `WrongState` unless this person may confirm the deputy (3)."""
    if made.state(today) != "waiting":
        raise WrongState("This deputation is not waiting for confirmation.", state=made.state(today))
    if actor.id in {made.deputy, made.by}:
        raise TwoPeople("Another person must confirm: not the deputy and not the person who named the deputy.")


@dataclass(frozen=True, slots=True)
class Post:
    """A border post. `bodies`: roles that may endorse there."""

    id: str
    name: str
    kind: str
    bodies: frozenset[str] = frozenset()
    links: frozenset[str] = frozenset()
    latitude: float | None = None
    longitude: float | None = None


Posts = Mapping[str, Post]

ABROAD = "abroad"

# Part -> members of a case's or an alert's answer.
PARTS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "what": frozenset(
            {"id", "kind", "state", "occurred_at", "reason", "agency", "direction", "database_id", "charge", "unheard"}
        ),
        "where": frozenset({"post", "place", "recorded_at", "origin_of_record", "version", "earlier", "steps"}),
        "goods": frozenset({"goods", "value"}),
        "route": frozenset({"route"}),
        "method": frozenset({"detection"}),
        "hidden": frozenset({"concealment"}),
        "law": frozenset({"law", "sanction"}),
        "disposal": frozenset({"disposal"}),
        "paper": frozenset({"permit", "codes", "case", "outcome"}),
        "ours": frozenset({"foreign_permit", "scan"}),
        "vehicle": frozenset({"vehicle"}),
        "people": frozenset({"people"}),
        "officer": frozenset({"officer", "brought_by", "acknowledged", "told"}),
        "photos": frozenset({"photos"}),
        "custody": frozenset({"custody"}),
        "followups": frozenset({"followups"}),
        "note": frozenset({"note"}),
        "watch": frozenset({"watch"}),  # the watch-list entry and its reason
    }
)

_AT_THE_POST = frozenset(
    {
        "what",
        "where",
        "goods",
        "route",
        "method",
        "hidden",
        "paper",
        "ours",
        "vehicle",
        "officer",
        "photos",
        "custody",
    }
)

VISIBLE_PARTS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "customs": _AT_THE_POST,
        "border": _AT_THE_POST,
        "ministry": (_AT_THE_POST - {"vehicle"}) | {"law", "disposal", "followups", "note"},
        "police": frozenset(PARTS),
        ABROAD: frozenset({"what", "goods", "route", "method", "disposal", "paper"}),
    }
)

# Inside these members, only the listed fields go abroad.
_WITHIN: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "goods": frozenset({"scientific_name", "accepted_name", "common_name", "term", "quantity", "unit", "appendix"}),
        "route": frozenset({"origin", "departure", "transit", "destination", "transport"}),
        "permit": frozenset({"issuer", "number", "unverified"}),
    }
)

OWN_RECORD_PARTS = frozenset({"people", "note"})  # further parts that officers see of their own records

_PART_OF = {member: part for part, members in PARTS.items() for member in members}


def parts_for(agencies: Iterable[str], *, own: bool = False) -> frozenset[str]:
    seen: frozenset[str] = frozenset().union(*(VISIBLE_PARTS[agency] for agency in agencies))
    return seen | OWN_RECORD_PARTS if own and seen else seen


def visible_members[Whole: Mapping[str, object]](whole: Whole, agencies: Iterable[str], *, own: bool = False) -> Whole:
    """Return the members that these agencies may see. Raises KeyError for a member that is in no part.

    `own`: the reader recorded it and also sees the parts of OWN_RECORD_PARTS.
    """
    parts = parts_for(agencies, own=own)
    return cast(Whole, {name: value for name, value in whole.items() if _PART_OF[name] in parts})


def part_abroad(member: str, value: RowData) -> RowData:
    """Return the fields inside `goods`, `route` or `permit` that may go to another country."""
    return {name: each for name, each in value.items() if name in _WITHIN[member]}
