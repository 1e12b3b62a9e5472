"""When somebody stands in for an approver: named with dates, by people who gain nothing by it.

1 the deputy prepares permits and is no approver; the one represented is an approver
2 named by an approver or an admin who is not the deputy
3 if not by an admin: confirmed by a second person, an approver or admin, neither the deputy nor the one who named
4 first and last day in the Party's zone, at most 92 days
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from chalicelib.core.errors import FieldError, Invalid, TwoPeople, WrongState
from chalicelib.core.roles import Actor
from chalicelib.core.validity import day

DAYS_AT_MOST = 92
LENDS = "approver"  # the role that is lent
BORROWS = "preparer"  # who may be a deputy: the Management Authority's own; the Scientific Authority judges apart


@dataclass(frozen=True, slots=True)
class Deputation:
    """`first`, `last`: days (YYYY-MM-DD) in the Party's zone, both included; times are whole seconds."""

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

    def state(self, today: date) -> str:
        """ended, over, waiting (for the second person), coming or running."""
        if self.ended_at is not None:
            return "ended"
        if today > date.fromisoformat(self.last):
            return "over"
        if not self.confirmed_by:
            return "waiting"
        return "coming" if today < date.fromisoformat(self.first) else "running"


def check(
    deputy: str, represented: str, first: str, last: str, actor: Actor, roles: dict[str, frozenset[str]], today: date
) -> None:
    """Raise `Invalid` naming each field that is wrong, `TwoPeople` for a deputy who names themselves (1, 2, 4).

    `roles`: what the register gives the two by id.
    """
    if actor.id == deputy:
        raise TwoPeople("Nobody names themselves a deputy.")
    faults = []
    if LENDS not in roles[represented]:
        faults.append(FieldError("represented", "role", "The register knows no approver by this id."))
    if BORROWS not in roles[deputy] or LENDS in roles[deputy]:
        faults.append(FieldError("deputy", "role", "A deputy is a preparer by the register, and no approver."))
    begins, ends = day(first), day(last)
    for field, value in (("first", begins), ("last", ends)):
        if value is None:
            faults.append(FieldError(field, "date", "A day as YYYY-MM-DD."))
    if begins and begins < today:
        faults.append(FieldError("first", "past", "Not before today."))
    if begins and ends and ends < begins:
        faults.append(FieldError("last", "order", "Not before the first day."))
    if begins and ends and ends - begins >= timedelta(days=DAYS_AT_MOST):
        faults.append(FieldError("last", "too_late", f"At most {DAYS_AT_MOST} days; name a deputy anew after that."))
    if faults:
        raise Invalid(*faults)


def second_person(made: Deputation, actor: Actor, today: date) -> None:
    """Raise `TwoPeople` or `WrongState` unless this person may confirm it (3)."""
    if made.state(today) != "waiting":
        raise WrongState("It does not wait for a second person.", state=made.state(today))
    if actor.id in {made.deputy, made.by}:
        raise TwoPeople("Neither the deputy nor who named them confirms it.")
