"""Uses of a permit: what an endorsement records of it, and what an alert says of the permit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chalicelib.record.permit import Permit


@dataclass(frozen=True, slots=True)
class UsedLine:
    """One line of block 14: its letter, the quantity really moved, and of these dead on arrival."""

    line: str
    quantity: str
    dead_on_arrival: str | None = None


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """An undo: nothing is erased."""

    event_id: str
    at: int
    officer: str
    reason: str


@dataclass(frozen=True, slots=True)
class Use:
    """One endorsement. `at` is when the officer endorsed, `received_at` when the register learnt of it."""

    event_id: str
    kind: str  # export | import | transit | return
    post: str
    at: int
    officer: str
    lines: tuple[UsedLine, ...]
    transport_document: str = ""
    customs_document: str | None = None
    on_behalf_of: str | None = None
    recorded: str = "live"  # live | paper
    result: str = "accepted"  # accepted | conflict | duplicate | pending
    offline: bool = False
    late: bool = False  # came outside its time window (L2)
    received_at: int = 0
    brought_by: str | None = None  # who uploaded it in the officer's name
    confirmed_by: str | None = None
    number: str | None = None  # the old number, when a replaced permit was endorsed late
    foreign_document: str | None = None  # of an import permit: the foreign document it was used with, "KZ 26KZ000007/E"
    withdrawn: Withdrawal | None = None

    @property
    def hand(self) -> str:
        """Who told the register of it: the officer, or who brought it in under that officer's name."""
        return self.brought_by or self.officer

    @property
    def hands(self) -> set[str]:
        """Who may not be the second person: the officer it names, and who brought it in under that name."""
        return {self.officer, self.hand}

    @property
    def counts(self) -> bool:
        return self.withdrawn is None and self.result != "pending"

    @property
    def waits(self) -> bool:
        """Whether a second officer still has to confirm it."""
        return self.withdrawn is None and self.result == "pending"


@dataclass(frozen=True, slots=True)
class PermittedAmount:
    """What one line permits. `unit` None: a number of specimens."""

    quantity: str
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """What an officer has before them, as it stands on paper and goods."""

    numbers: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    vehicles: tuple[str, ...] = ()

    def of(self, kind: str) -> tuple[str, ...]:
        return {"number": self.numbers, "mark": self.marks, "name": self.names, "vehicle": self.vehicles}[kind]


def on_paper(number: str, record: Mapping[str, Any], vehicles: tuple[str, ...] = ()) -> Seen:
    """What stands on a permit, as a record spells it: each line's marks, both parties in either alphabet."""
    parties = [record.get(side, {}) for side in ("exporter", "importer")]
    return Seen(
        numbers=(number,),
        marks=tuple(line["marks"] for line in record.get("lines", ()) if line.get("marks")),
        names=tuple(party[name] for party in parties for name in ("name", "name_local") if party.get(name)),
        vehicles=vehicles,
    )


@dataclass(frozen=True, slots=True)
class Subject:
    """A permit that an alert tells of: `goods` and `people` as it is told, `seen` for the watch-list."""

    issuer: str
    number: str
    goods: tuple[Mapping[str, Any], ...] = field(hash=False)
    people: tuple[str, ...]
    seen: Seen


def subject(issuer: str, number: str, pages: Sequence[Permit], record: Mapping[str, Any]) -> Subject:
    """What the pages say that were shown, and what the register holds beside them (`record`; empty: nothing).

    A code has the lines of its page alone, names that were cut and, of long marks, a digest: what is looked for would
    not be found in it.
    """
    held = on_paper(number, record)
    lines = [line for page in pages for line in page.lines]
    signed = (party.name for page in pages for party in (page.exporter, page.importer))
    people = tuple(dict.fromkeys((*signed, *held.names)))
    marks = (*(line.marks for line in lines if isinstance(line.marks, str)), *held.marks)
    goods = [{"scientific_name": x.taxon, "term": x.term, "quantity": x.quantity, "unit": x.unit} for x in lines]
    names = ("scientific_name", "term", "quantity", "unit")
    kept = [{name: line.get(name) for name in names} for line in record.get("lines", ())]
    return Subject(issuer, number, tuple(goods or kept), people, Seen((number,), marks, people))


# `Use.recorded` of a use that only a status list tells of, after a restore (restore/services/look.py)
FROM_LIST = "list"
