"""Uses of a permit (`Use`), and the content of an alert about a permit (`Subject`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NotRequired, TypedDict

from chalicelib.kernel.enums import Direction, Recorded, UseResult
from chalicelib.record.permit import Permit


@dataclass(frozen=True, slots=True)
class UsedLine:
    """One line of block 14: its letter, the quantity that really moved, and how many of these were dead on arrival."""

    line: str
    quantity: str
    dead_on_arrival: str | None = None

    @property
    def as_json(self) -> LineOfUse:
        shown: LineOfUse = {"line": self.line, "quantity": self.quantity}
        if self.dead_on_arrival is not None:
            shown["dead_on_arrival"] = self.dead_on_arrival
        return shown


class LineOfUse(TypedDict):
    """`UsedLine` in rows and answers."""

    line: str
    quantity: str
    dead_on_arrival: NotRequired[str]


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Undo of an endorsement. The use stays in the dossier with it, because nothing is erased."""

    event_id: str
    at: int
    officer: str
    reason: str


@dataclass(frozen=True, slots=True)
class Use:
    """One endorsement. `at`: when the officer endorsed. `received_at`: when the register received it."""

    event_id: str
    kind: Direction
    post: str
    at: int
    officer: str
    lines: tuple[UsedLine, ...]
    transport_document: str = ""
    customs_document: str | None = None
    on_behalf_of: str | None = None
    recorded: Recorded = Recorded.LIVE
    result: UseResult = UseResult.ACCEPTED
    offline: bool = False
    late: bool = False  # uploaded outside its time window (L2)
    received_at: int = 0
    brought_by: str | None = None  # user id of another person who uploaded it in the officer's name
    confirmed_by: str | None = None
    number: str | None = None  # the old number, if a replaced permit was endorsed late
    foreign_document: str | None = None  # of an import permit: the foreign document used with it, "KZ 26KZ000007/E"
    withdrawn: Withdrawal | None = None

    @property
    def submitter(self) -> str:
        """The submitter, who is the person who uploaded it in the officer's name, else the officer."""
        return self.brought_by or self.officer

    @property
    def excluded_confirmers(self) -> set[str]:
        """User ids excluded as second person: the officer, and the submitter."""
        return {self.officer, self.submitter}

    @property
    def counts(self) -> bool:
        return self.withdrawn is None and self.result != UseResult.PENDING

    @property
    def is_unconfirmed(self) -> bool:
        """True while a second officer has to confirm it (U9)."""
        return self.withdrawn is None and self.result == UseResult.PENDING


@dataclass(frozen=True, slots=True)
class PermittedAmount:
    """Quantity that one line permits. With `unit` None it is a number of specimens."""

    quantity: str
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class WatchTerms:
    """Search terms for the watch-list: numbers, marks, names and vehicles as they are on paper and goods."""

    numbers: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    vehicles: tuple[str, ...] = ()

    def of(self, kind: str) -> tuple[str, ...]:
        return {"number": self.numbers, "mark": self.marks, "name": self.names, "vehicle": self.vehicles}[kind]


def watch_terms_of(number: str, record: Mapping[str, Any], vehicles: tuple[str, ...] = ()) -> WatchTerms:
    """Return a permit's terms for the watch-list from its record.

    These are the number, each line's marks, the names of both parties in both scripts, and the given `vehicles`.
    """
    parties = [record.get(side, {}) for side in ("exporter", "importer")]
    return WatchTerms(
        numbers=(number,),
        marks=tuple(line["marks"] for line in record.get("lines", ()) if line.get("marks")),
        names=tuple(party[name] for party in parties for name in ("name", "name_local") if party.get(name)),
        vehicles=vehicles,
    )


@dataclass(frozen=True, slots=True)
class Subject:
    """The permit of an alert. `goods`, `people`: for the alert's text. `watch_terms`: compared with the watch-list."""

    issuer: str
    number: str
    goods: tuple[Mapping[str, Any], ...] = field(hash=False)
    people: tuple[str, ...]
    watch_terms: WatchTerms


def alert_subject(issuer: str, number: str, pages: Sequence[Permit], record: Mapping[str, Any]) -> Subject:
    """Make the subject of an alert from the pages that were shown and from the register's record (may be empty).

    The pages alone are not enough for the watch-list. A page has its own lines only, shortened names, and a digest of
    long marks. So names and marks come from both. Goods come from the pages, or from the record if no page was shown.
    """
    held = watch_terms_of(number, record)
    lines = [line for page in pages for line in page.lines]
    signed = (party.name for page in pages for party in (page.exporter, page.importer))
    people = tuple(dict.fromkeys((*signed, *held.names)))
    marks = (*(line.marks for line in lines if isinstance(line.marks, str)), *held.marks)
    goods = [{"scientific_name": x.taxon, "term": x.term, "quantity": x.quantity, "unit": x.unit} for x in lines]
    names = ("scientific_name", "term", "quantity", "unit")
    kept = [{name: line.get(name) for name in names} for line in record.get("lines", ())]
    return Subject(issuer, number, tuple(goods or kept), people, WatchTerms((number,), marks, people))


# `Use.recorded` of a use that is known from a status list only, after a restore (restore/services/missing_data.py)
FROM_LIST = Recorded.LIST
